import { ar } from "../../editor/src/lib/i18n/ar.ts";
import { type Catalogue, en } from "../../editor/src/lib/i18n/en.ts";
import type { Language } from "../../nodes/index.ts";

export type { Key } from "../../editor/src/lib/i18n/en.ts";

/** The interface's sentences, as ICU MessageFormat. */
export const CATALOGUES: Record<Language, Catalogue> = { en, ar };

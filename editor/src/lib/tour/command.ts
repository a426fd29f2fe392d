import Footprints from "@lucide/svelte/icons/footprints";
import { t } from "../i18n/index.svelte.ts";
import { tour } from "./tour.svelte.ts";

/** What every command menu offers, the canvas's too. */
export const commonCommands = () => [
  { id: "tour", label: t("tour.start"), icon: Footprints, run: () => tour.start() },
];

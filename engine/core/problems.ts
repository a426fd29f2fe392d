import type { Label, Language } from "../../nodes/index.ts";

export type Severity = "error" | "warning";

/** Something wrong in a flow, told so that whoever drew it understands and finds it. */
export interface Problem {
  /** An error keeps a flow from being published; a warning doesn't. */
  severity: Severity;
  /** Stable kebab-case word for programs. */
  code: string;
  /** Id of the node it is about; null for settings, edges and the document itself. */
  node: string | null;
  /** JSON Pointer (RFC 6901) in the document; "" is the document itself. */
  pointer: string;
  /** A whole sentence that names the place. */
  message: Label;
}

/** One entry of the catalogue: what is wrong, not yet where. The sentences begin in the middle and end with a full stop. */
export interface Finding extends Label {
  severity: Severity;
  code: string;
}

export const error = (code: string, en: string, ar: string): Finding => ({
  severity: "error",
  code,
  en,
  ar,
});
export const warning = (code: string, en: string, ar: string): Finding => ({
  severity: "warning",
  code,
  en,
  ar,
});

/** A part of the document that sentences are about: a node, an edge, a setting. */
export interface Place {
  node: string | null;
  /** JSON Pointer of the part. */
  pointer: string;
  /** Names the part, and what lies at `path` (a pointer relative to it), e.g. `"Wait" (node w1), For`. */
  name(path: string): Label;
}

/** Puts a finding in its place; `path` is a pointer relative to the place. */
export function problemAt(place: Place, path: string, finding: Finding): Problem {
  const name = place.name(path);
  return {
    severity: finding.severity,
    code: finding.code,
    node: place.node,
    pointer: place.pointer + path,
    message: { en: `${name.en}: ${finding.en}`, ar: `${name.ar}: ${finding.ar}` },
  };
}

/** A place with a fixed name. */
export const namedPlace = (name: Label, pointer = "", node: string | null = null): Place => ({
  node,
  pointer,
  name: () => name,
});

/** The document as a whole. */
export const wholeFlow = namedPlace({ en: "The flow", ar: "خطة المتابعة" });

/** The problem's sentence in the reader's language. */
export const sayProblem = (problem: Problem, language: Language): string =>
  problem.message[language];

/** Whether something must be put right before the flow can be published. */
export const hasErrors = (problems: readonly Problem[]): boolean =>
  problems.some((p) => p.severity === "error");

/** One part of a JSON Pointer, escaped (RFC 6901, section 3). */
export const part = (key: string | number): string =>
  `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;

/** The parts of a JSON Pointer, unescaped. */
export const parts = (pointer: string): string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((p) => p.replaceAll("~1", "/").replaceAll("~0", "~"));

const EXCERPT = 40;

/** A value as a sentence quotes it: short, on one line. */
export function excerpt(value: unknown): string {
  const text = typeof value === "string" ? value : (briefly(value) ?? String(value));
  // Direction marks and controls would turn the sentence around them.
  const line = text
    .slice(0, 4 * EXCERPT)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim();
  return line.length > EXCERPT ? `${line.slice(0, EXCERPT - 1)}…` : line;
}

const briefly = (value: unknown): string | undefined => {
  if (Array.isArray(value)) return value.length === 0 ? "[]" : "[…]";
  return typeof value === "object" && value !== null ? "{…}" : JSON.stringify(value);
};

/** Whether a value is a JSON object. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

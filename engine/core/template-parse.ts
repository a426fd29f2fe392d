import Handlebars from "handlebars";
import type { Label } from "../../nodes/node.ts";
import { Bounded } from "./bounded.ts";
import { TemplateReader } from "./template-reader.ts";

/** What stands for a value. `written` is the path as the author wrote it. */
export type Expr =
  | { kind: "literal"; value: unknown }
  | { kind: "path"; written: string; parts: string[]; up: number; data: boolean; own: boolean }
  | { kind: "call"; helper: string; args: Expr[]; named: [string, Expr][]; line: number };

/** A piece of a template, in order. */
export type Piece =
  | { kind: "text"; text: string }
  | { kind: "print"; value: Expr; raw: boolean }
  | {
      kind: "block";
      block: "if" | "unless" | "each" | "with" | "section";
      of: Expr;
      body: Piece[];
      otherwise: Piece[] | null;
      /** Names after `as |…|`. */
      names: string[];
      includeZero: boolean;
    };

/** A mistake in a template. A `tolerable` one renders empty; any other one can't be rendered. */
export interface TemplateProblem {
  message: Label;
  tolerable: boolean;
  /** It is about secrets, which some texts may use. */
  secret?: boolean;
}

export interface ReadTemplate {
  pieces: Piece[];
  problems: TemplateProblem[];
}

export interface ParsedTemplate extends ReadTemplate {
  /** The texts among the pieces, each once: what the template says to everybody. */
  fixed: readonly string[];
}

function fixedOf(pieces: readonly Piece[], found = new Set<string>()): string[] {
  for (const piece of pieces) {
    if (piece.kind === "text") found.add(piece.text);
    else if (piece.kind === "block") fixedOf([...piece.body, ...(piece.otherwise ?? [])], found);
  }
  return [...found];
}

const MAX_SOURCE = 1_048_576;
const MAX_TAGS = 5_000;
const MAX_TAG = 4_000;
const MAX_LEVELS = 200;
const parsed = new Bounded<ParsedTemplate>(5_000, 32 * MAX_SOURCE);

/** Reads a template once; the result is kept and shared. */
export const parseTemplate = (source: string): ParsedTemplate =>
  parsed.get(source, () => {
    const read = readTemplate(source);
    return { ...read, fixed: fixedOf(read.pieces) };
  });

const failed = (en: string, ar: string): ReadTemplate => ({
  pieces: [],
  problems: [{ message: { en, ar }, tolerable: false }],
});

function readTemplate(source: string): ReadTemplate {
  if (typeof source !== "string") return failed("A template is a text.", "القالب نص.");
  if (source.length > MAX_SOURCE) {
    return failed("The text is longer than 1 MB.", "النص أطول من 1 ميغابايت.");
  }
  if (!source.includes("{{")) return { pieces: [{ kind: "text", text: source }], problems: [] };
  const excess = excessOf(source);
  if (excess) return failed(excess.en, excess.ar);
  let program: hbs.AST.Program;
  try {
    program = Handlebars.parse(source);
  } catch (error) {
    return syntaxProblem(error, source);
  }
  return new TemplateReader().read(program);
}

/**
 * What would make the parser slow, whose time grows with the square of some of these: looked for before
 * it is asked. Null when there is nothing of the kind.
 */
function excessOf(source: string): Label | null {
  const tags = source.split("{{").slice(1);
  if (tags.length > MAX_TAGS) {
    return {
      en: `The text has more than ${MAX_TAGS} tags {{…}}.`,
      ar: `في النص أكثر من ${MAX_TAGS} وسم {{…}}.`,
    };
  }
  // One number a block that is open: how many levels it and its {{else if}} take.
  const open: number[] = [];
  let levels = 0;
  for (const tag of tags) {
    const end = tag.indexOf("}}");
    if (!tag.startsWith("!") && end > MAX_TAG) {
      return {
        en: `The tag “{{${tag.slice(0, 40)}…” is longer than ${MAX_TAG} characters.`,
        ar: `الوسم «{{${tag.slice(0, 40)}…» أطول من ${MAX_TAG} حرف.`,
      };
    }
    const kind = /^~?\s*([#/]|\^(?!\s*~?\}\})|else\s+[^~}])/.exec(tag)?.[1];
    if (kind === undefined) continue;
    if (kind === "/") {
      levels -= open.pop() ?? 0;
      continue;
    }
    const top = open.length - 1;
    if (kind.startsWith("else") && top >= 0) open[top] = (open[top] ?? 0) + 1;
    else open.push(1);
    levels += 1;
    if (levels > MAX_LEVELS) {
      return { en: "The blocks are nested too deep.", ar: "الكتل متداخلة أكثر مما ينبغي." };
    }
  }
  return null;
}

function syntaxProblem(error: unknown, source: string): ReadTemplate {
  if (error instanceof RangeError) {
    return failed("The blocks are nested too deep.", "الكتل متداخلة أكثر مما ينبغي.");
  }
  if (!(error instanceof Error)) throw error;
  const place = /on line (\d+)/.exec(error.message) ?? / - (\d+):\d+$/.exec(error.message);
  const line = Number(place?.[1] ?? 1);
  const near = (source.split("\n")[line - 1] ?? "").trim().slice(0, 60);
  const closes = /^(\S+) doesn't match (\S+) - /.exec(error.message);
  const got = /got '(\w+)'$/.exec(error.message)?.[1];
  if (closes) {
    return failed(
      `Line ${line}: {{#${closes[1]}}} is closed by {{/${closes[2]}}}.`,
      `السطر ${line}: الكتلة {{#${closes[1]}}} أُغلقت بالوسم {{/${closes[2]}}}.`,
    );
  }
  if (got === "EOF") {
    return failed(
      `Line ${line}: a block {{#…}} is opened and never closed.`,
      `السطر ${line}: فُتحت كتلة {{#…}} ولم تُغلق.`,
    );
  }
  if (got === "OPEN_ENDBLOCK" || got === "INVERSE" || got === "OPEN_INVERSE_CHAIN") {
    return failed(
      `Line ${line}: near “${near}” a closing tag or {{else}} has no block.`,
      `السطر ${line}: قرب «${near}» وسم إغلاق أو {{else}} بلا كتلة.`,
    );
  }
  return failed(
    `Line ${line}: the tag near “${near}” isn't written or closed properly.`,
    `السطر ${line}: الوسم قرب «${near}» غير مكتوب أو غير مغلق كما ينبغي.`,
  );
}

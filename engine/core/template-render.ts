import type { Label } from "../../nodes/node.ts";
import { HELPERS, type HelperEnv, writeList } from "./helpers.ts";
import { HelperError, TemplateError } from "./template-error.ts";
import type { Expr, Piece } from "./template-parse.ts";
import { ROOTS } from "./template-reader.ts";

// The core reads no clock, so a render's time is bounded by its work: these come to well under 50 ms.
const MAX_OUTPUT = 1_048_576;
const MAX_ROUNDS = 10_000;
const MAX_WORK = 200_000;
const HELPER_WORK = 30;
/** Characters of a long value that weigh as one unit of work. */
const TEXT_PER_WORK = 256;

interface Loop {
  index: number;
  key: string | number;
  first: boolean;
  last: boolean;
  above: Loop | null;
}

/** What names mean at a place: `this`, what lies above, the nearest loop and the names given by `as |…|`. */
interface Frame {
  value: unknown;
  above: Frame | null;
  loop: Loop | null;
  names: ReadonlyMap<string, unknown> | null;
}

const roots: ReadonlySet<string> = new Set(ROOTS);
const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#x27;",
  "`": "&#x60;",
  "=": "&#x3D;",
};
const escapeHtml = (text: string): string =>
  text.replace(/[&<>"'`=]/g, (character) => ESCAPES[character] ?? character);

/** Plain JSON data only: what a value itself holds, never what it inherits, and nothing that can be called. */
function own(value: unknown, key: string): unknown {
  if (typeof value === "string") return key === "length" ? value.length : undefined;
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  const found = (value as Record<string, unknown>)[key];
  return typeof found === "function" ? undefined : found;
}

/** As Handlebars decides in `{{#if}}`: empty lists and texts, 0, false and what is missing are no. */
const holds = (value: unknown, includeZero: boolean): boolean =>
  value === 0 ? includeZero : Array.isArray(value) ? value.length > 0 : Boolean(value);

/** One rendering of a template for one contact; used once. */
export class Rendering {
  /** Paths that had no value. */
  missing: Set<string> | null = null;
  readonly parts: string[] = [];
  #out = "";
  #rounds = 0;
  #work = 0;
  readonly #top: Frame;

  constructor(
    private readonly source: string,
    private readonly html: boolean,
    scope: object,
    private readonly env: HelperEnv,
  ) {
    this.#top = { value: scope, above: null, loop: null, names: null };
  }

  run(pieces: readonly Piece[]): string {
    this.#pieces(pieces, this.#top);
    return this.#out;
  }

  #fail(label: Label): never {
    throw new TemplateError(label, this.source);
  }

  #charge(work: number): void {
    this.#work += work;
    if (this.#work > MAX_WORK) {
      this.#fail({
        en: "The template takes too long to render",
        ar: "يستغرق عرض القالب وقتًا أطول مما ينبغي",
      });
    }
  }

  #write(text: string): void {
    this.#out += text;
    this.parts.push(text);
    if (this.#out.length > MAX_OUTPUT) {
      this.#fail({
        en: "The rendered text is longer than 1 MB",
        ar: "النص الناتج أطول من 1 ميغابايت",
      });
    }
  }

  #pieces(pieces: readonly Piece[], frame: Frame): void {
    for (const piece of pieces) {
      this.#charge(1);
      if (piece.kind === "text") this.#write(piece.text);
      else if (piece.kind === "print") this.#print(piece, frame);
      else this.#block(piece, frame);
    }
  }

  #print({ value, raw }: Extract<Piece, { kind: "print" }>, frame: Frame): void {
    const text = this.#text(this.#value(value, frame, false));
    this.#charge(text.length / TEXT_PER_WORK);
    this.#write(this.html && !raw ? escapeHtml(text) : text);
  }

  #text(value: unknown): string {
    if (value === undefined || value === null) return "";
    if (typeof value === "string") return value;
    if (Array.isArray(value)) {
      this.#charge(HELPER_WORK + value.length);
      return writeList(
        value.map((item) => this.#text(item)),
        this.env.locale,
      );
    }
    if (typeof value !== "object") return String(value);
    const text = JSON.stringify(value);
    this.#charge(text.length / 8);
    return text;
  }

  /** A missing path is noted unless `quiet`. */
  #value(expr: Expr, frame: Frame, quiet: boolean): unknown {
    this.#charge(1);
    if (expr.kind === "literal") return expr.value;
    if (expr.kind === "call") return this.#call(expr, frame, quiet);
    const value = this.#path(expr, frame);
    if ((value === undefined || value === null) && !quiet) this.#miss(expr.written);
    return value;
  }

  #miss(path: string): void {
    this.missing ??= new Set();
    this.missing.add(path);
  }

  #path(path: Extract<Expr, { kind: "path" }>, frame: Frame): unknown {
    const { parts, up, data } = path;
    const first = parts[0];
    if (data) {
      let loop = frame.loop;
      for (let i = 0; i < up; i++) loop = loop?.above ?? null;
      return own(loop, first ?? "");
    }
    let base: Frame | null = frame;
    for (let i = 0; i < up; i++) base = base?.above ?? null;
    if (!base) return undefined;
    if (first === undefined) return base.value;
    let value = path.own ? own(base.value, first) : this.#named(base, first);
    for (let i = 1; i < parts.length; i++) value = own(value, parts[i] ?? "");
    return value;
  }

  /** A block's name, else what `this` holds, else a root: within a loop `contact` still means the contact. */
  #named(frame: Frame, name: string): unknown {
    if (frame.names?.has(name)) return frame.names.get(name);
    const value = own(frame.value, name);
    return value === undefined && roots.has(name) ? own(this.#top.value, name) : value;
  }

  #call(call: Extract<Expr, { kind: "call" }>, frame: Frame, quiet: boolean): unknown {
    const helper = HELPERS.get(call.helper);
    if (!helper) return undefined;
    const silent = quiet || helper.quiet === true;
    const args = call.args.map((arg) => this.#value(arg, frame, silent));
    const named = Object.fromEntries(
      call.named.map(([key, value]) => [key, this.#value(value, frame, silent)]),
    );
    for (const arg of args) this.#charge(typeof arg === "string" ? arg.length / TEXT_PER_WORK : 0);
    this.#charge(HELPER_WORK);
    if (!helper.quiet && args.some((arg) => arg === undefined || arg === null)) return undefined;
    try {
      const result = helper.call(args, named, this.env);
      const [subject] = call.args;
      if (result === undefined && !silent && subject?.kind === "path") {
        this.#miss(subject.written);
      }
      return result;
    } catch (error) {
      if (!(error instanceof HelperError)) throw error;
      const { en, ar } = error.label;
      return this.#fail({ en: `Line ${call.line}: ${en}`, ar: `السطر ${call.line}: ${ar}` });
    }
  }

  #block(block: Extract<Piece, { kind: "block" }>, frame: Frame): void {
    const quiet = block.block === "if" || block.block === "unless" || block.block === "section";
    const value = this.#value(block.of, frame, quiet || block.otherwise !== null);
    if (block.block === "each" || (block.block === "section" && Array.isArray(value))) {
      this.#each(block, value, frame);
      return;
    }
    const inside = this.#entered(block, value, frame);
    this.#pieces(inside ? block.body : (block.otherwise ?? []), inside ?? frame);
  }

  /** The frame in which the body is rendered; null: the other branch is. */
  #entered(
    { block, names, includeZero }: Extract<Piece, { kind: "block" }>,
    value: unknown,
    frame: Frame,
  ): Frame | null {
    switch (block) {
      case "if":
        return holds(value, includeZero) ? frame : null;
      case "unless":
        return holds(value, includeZero) ? null : frame;
      case "with":
        return holds(value, true) ? this.#inside(names, [value], value, frame) : null;
      default:
        if (value === true) return frame;
        if (value === undefined || value === null || value === false) return null;
        return this.#inside(names, [value], value, frame);
    }
  }

  #each(block: Extract<Piece, { kind: "block" }>, list: unknown, frame: Frame): void {
    const keys =
      typeof list === "object" && list !== null && !Array.isArray(list) ? Object.keys(list) : null;
    const count = keys ? keys.length : Array.isArray(list) ? list.length : 0;
    if (count === 0) this.#pieces(block.otherwise ?? [], frame);
    for (let index = 0; index < count; index++) {
      this.#rounds += 1;
      if (this.#rounds > MAX_ROUNDS) {
        this.#fail({
          en: `The template goes through more than ${MAX_ROUNDS} items`,
          ar: `يمر القالب على أكثر من ${MAX_ROUNDS} عنصر`,
        });
      }
      const key = keys?.[index] ?? index;
      const item = own(list, String(key));
      const loop = { index, key, first: index === 0, last: index === count - 1, above: frame.loop };
      this.#pieces(block.body, { ...this.#inside(block.names, [item, key], item, frame), loop });
    }
  }

  /** As in Handlebars, a block that keeps `this` adds no level for `../`. */
  #inside(names: string[], values: unknown[], value: unknown, frame: Frame): Frame {
    const local =
      names.length === 0
        ? frame.names
        : new Map([...(frame.names ?? []), ...names.map((name, i) => [name, values[i]] as const)]);
    const same = value === frame.value;
    return { value, above: same ? frame.above : frame, loop: frame.loop, names: local };
  }
}

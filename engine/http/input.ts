import type { Static, TObject, TSchema } from "typebox";
import type { Label, Rule } from "../../nodes/index.ts";
import { checkRule } from "../core/check.ts";
import { shapeProblems } from "../core/check-shape.ts";
import { jsonFault } from "../core/json-text.ts";
import {
  excerpt,
  hasErrors,
  isObject,
  type Place,
  type Problem,
  part,
  parts,
} from "../core/problems.ts";
import { contactByKey } from "../intake.ts";
import type { FlowRecord, Store } from "../store/store.ts";
import type { Ctx } from "./context.ts";
import { HttpProblem, noContact, noFlow } from "./problem.ts";

/** Bodies may have this many bytes: a flow of 5 MiB fits. */
export const MAX_BODY = 6 * 1024 * 1024;
const MAX_DEPTH = 64;

/** Names the value that a pointer leads to; what isn't there, or isn't known, is named by the object that it lies in. */
const placeIn = (whole: Label, schema: TSchema, value: unknown): Place => ({
  node: null,
  pointer: "",
  name(path) {
    const found = knownParts(parts(path), schema, value).join(".");
    if (found === "") return whole;
    return { en: `${whole.en}, “${found}”`, ar: `${whole.ar}، «${found}»` };
  },
});

function knownParts(path: string[], schema: unknown, value: unknown): string[] {
  const [first, ...rest] = path;
  if (first === undefined || !isObject(schema) || typeof value !== "object" || value === null)
    return [];
  const inner = isObject(schema.properties)
    ? schema.properties[first]
    : (schema.items ?? schema.additionalProperties ?? {});
  if (inner === undefined || !Object.hasOwn(value, first)) return [];
  return [first, ...knownParts(rest, inner, (value as Record<string, unknown>)[first])];
}

const THE_BODY = { en: "The body", ar: "محتوى الطلب" };
const THE_QUERY = { en: "The query", ar: "معاملات العنوان" };

/** Refuses a body that isn't said to be what the route takes. JSON is asked for by name, which the form of a foreign page can't say. */
export function checkType(c: Ctx, files?: readonly string[]): void {
  const given = c.req.header("content-type") ?? "";
  const type = (given.split(";")[0] ?? "").trim().toLowerCase();
  if (files) {
    if (type === "multipart/form-data" || files.includes(type)) return;
    const list = [...files, "multipart/form-data"].join(", ");
    throw new HttpProblem("not-a-file", {
      en: `The body must be a file, with one of these as the header Content-Type: ${list}.`,
      ar: `يجب أن يكون محتوى الطلب ملفًا مع إحدى قيم الترويسة Content-Type هذه: ${list}.`,
    });
  }
  const isEmpty = given === "" && !(Number(c.req.header("content-length") ?? 0) > 0);
  if (isEmpty || type === "application/json") return;
  throw new HttpProblem("not-json", {
    en: "The body must be JSON, with the header Content-Type: application/json.",
    ar: "يجب أن يكون محتوى الطلب JSON مع الترويسة Content-Type: application/json.",
  });
}

/** The body's JSON; an empty body is an empty object. Throws `HttpProblem`. */
export async function jsonOf(c: Ctx): Promise<unknown> {
  const text = await c.req.text();
  if (text.trim() === "") return {};
  const fault = jsonFault(text, MAX_DEPTH);
  if (fault === null) return JSON.parse(text);
  const { message, line, column } = fault;
  throw new HttpProblem("bad-json", {
    en: `Line ${line}, column ${column}: ${message.en}`,
    ar: `السطر ${line}، العمود ${column}: ${message.ar}`,
  });
}

/** The body as its schema says; every problem at once. Throws `HttpProblem`. */
export async function bodyOf<T extends TSchema>(c: Ctx, schema: T): Promise<Static<T>> {
  const value = await jsonOf(c);
  const problems = shapeProblems(schema, value, placeIn(THE_BODY, schema, value));
  if (problems.length > 0) throw invalid(problems);
  return value as Static<T>;
}

/** Asked for by `languageOf`, whatever the route. */
const EVERYWHERE = new Set(["lang"]);

/** The address's query, with what a form says beside it, as its schema says: numbers and yes/no are read, an empty value is none. Throws `HttpProblem`. */
export function queryOf<T extends TObject>(
  c: Ctx,
  schema: T,
  beside: Record<string, string> = {},
): Static<T> {
  const value: Record<string, unknown> = Object.create(null);
  const twice: Problem[] = [];
  const given: Record<string, string[]> = { ...c.req.queries() };
  for (const [name, text] of Object.entries(beside)) given[name] = [...(given[name] ?? []), text];
  for (const [name, [text = "", second]] of Object.entries(given)) {
    if (second !== undefined) twice.push(givenTwice(name));
    else if (text !== "" && !(EVERYWHERE.has(name) && !Object.hasOwn(schema.properties, name)))
      value[name] = scalarOf(text, schema.properties[name]);
  }
  const problems = shapeProblems(schema, value, placeIn(THE_QUERY, schema, value));
  if (problems.length + twice.length > 0) throw invalid([...twice, ...problems]);
  return value as Static<T>;
}

function scalarOf(text: string, schema: unknown): unknown {
  const type = isObject(schema) ? schema.type : "string";
  if ((type === "integer" || type === "number") && /^-?\d{1,15}(\.\d{1,15})?$/.test(text))
    return Number(text);
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}

const givenTwice = (name: string): Problem => ({
  severity: "error",
  code: "given-twice",
  node: null,
  pointer: part(name),
  message: {
    en: `The query: “${excerpt(name)}” is given twice, and only one can count.`,
    ar: `معاملات العنوان: «${excerpt(name)}» مذكور مرتين، ولا يُعتدّ إلا بواحد.`,
  },
});

export function invalid(problems: readonly Problem[]): HttpProblem {
  const [first] = problems;
  const detail = first?.message ?? { en: "The input is not valid.", ar: "المدخلات غير صالحة." };
  return new HttpProblem("invalid-input", detail, problems);
}

/** One thing wrong with one value of the body or the address. */
export const wrong = (pointer: string, en: string, ar: string): HttpProblem =>
  invalid([{ severity: "error", code: "invalid", node: null, pointer, message: { en, ar } }]);

/** The page that a query asks for; a cursor that no list gave is refused by its `form`. */
export function pageOf(
  query: { limit?: number; cursor?: string },
  form: RegExp,
): { limit: number; after?: string } {
  const { limit = 50, cursor } = query;
  if (cursor === undefined) return { limit };
  if (form.test(cursor)) return { limit, after: cursor };
  throw noCursor();
}

export const noCursor = (): HttpProblem =>
  wrong("/cursor", "There is no such cursor.", "لا يوجد مؤشر بهذه القيمة.");

/** Cursors of lists that are ordered by a number. */
export const NUMBER = /^\d{1,15}$/;

/** A page of a list: `next` is the cursor of the following one, null at the end. */
export const listOf = <T>(
  items: T[],
  limit: number,
  cursor: (last: T) => string,
): { items: T[]; next: string | null } => {
  const last = items.at(-1);
  return { items, next: items.length < limit || last === undefined ? null : cursor(last) };
};

/** A page of a list that is always whole in memory and short; its cursor is the last id of the page before. */
export function pageOfAll<T>(
  all: readonly T[],
  query: { limit?: number; cursor?: string },
  idOf: (item: T) => string,
): { items: T[]; next: string | null } {
  const { limit = 50, cursor } = query;
  const from = cursor === undefined ? 0 : all.findIndex((item) => idOf(item) === cursor) + 1;
  if (cursor !== undefined && from === 0) throw noCursor();
  const items = all.slice(from, from + limit);
  const last = items.at(-1);
  return { items, next: last && from + limit < all.length ? idOf(last) : null };
}

/** A rule checked as a segment's is. */
export async function checkedRule(store: Store, rule: unknown): Promise<Rule> {
  const { segments } = await store.workspace();
  const problems = checkRule(rule, { inFlow: false, segments: Object.keys(segments) });
  if (hasErrors(problems)) throw invalid(problems);
  return rule as Rule;
}

/** The id of the contact of an address's part or a body's field. */
export async function contactOf(store: Store, key: string): Promise<string> {
  const id = await contactByKey(store, key);
  if (id === null) throw noContact(key);
  return id;
}

/** A flow by its id. Throws `HttpProblem`. */
export async function flowOf(store: Store, id: string): Promise<FlowRecord> {
  const found = await store.flow(id);
  if (!found) throw noFlow(id);
  return found;
}

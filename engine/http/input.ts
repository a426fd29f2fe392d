import { type Static, type TSchema, Type } from "typebox";
import type { Rule } from "../../nodes/index.ts";
import { checkRule } from "../core/check.ts";
import { shapeProblems } from "../core/check-shape.ts";
import { jsonFault } from "../core/json-text.ts";
import { hasErrors, namedPlace, type Problem } from "../core/problems.ts";
import { contactByKey } from "../intake.ts";
import type { Store } from "../store/store.ts";
import type { Ctx } from "./context.ts";
import { HttpProblem, noContact } from "./problem.ts";

/** Bodies may have this many bytes: a flow of 5 MiB fits. */
export const MAX_BODY = 6 * 1024 * 1024;
const MAX_DEPTH = 64;

const theInput = namedPlace({ en: "The input", ar: "المدخلات" });

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
  const problems = shapeProblems(schema, value, theInput);
  if (problems.length > 0) throw invalid(problems);
  return value as Static<T>;
}

export function invalid(problems: readonly Problem[]): HttpProblem {
  const [first] = problems;
  const detail = first?.message ?? { en: "The input is not valid.", ar: "المدخلات غير صالحة." };
  return new HttpProblem("invalid-input", detail, problems);
}

/** One thing wrong with one value of the body or the address. */
export const wrong = (pointer: string, en: string, ar: string): HttpProblem =>
  invalid([{ severity: "error", code: "invalid", node: null, pointer, message: { en, ar } }]);

const MOST = 500;

/** `limit` and `cursor` of a list. */
export function pageOf(c: Ctx): { limit: number; after?: string } {
  const limit = Number(c.req.query("limit") ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST) {
    throw wrong(
      "/limit",
      `The limit must be a whole number from 1 to ${MOST}.`,
      `يجب أن يكون الحد عددًا صحيحًا من 1 إلى ${MOST}.`,
    );
  }
  const after = c.req.query("cursor");
  return after === undefined || after === "" ? { limit } : { limit, after };
}

/** A page of a list: `next` is the cursor of the following one, null at the end. */
export const listOf = <T>(
  items: T[],
  limit: number,
  cursor: (last: T) => string,
): { items: T[]; next: string | null } => {
  const last = items.at(-1);
  return { items, next: items.length < limit || last === undefined ? null : cursor(last) };
};

/** Refuses a cursor that no list gave. */
export function numeric(after: string | undefined): string | undefined {
  if (after === undefined || /^\d{1,15}$/.test(after)) return after;
  throw wrong("/cursor", "There is no such cursor.", "لا يوجد مؤشر بهذه القيمة.");
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

export const closed = { additionalProperties: false } as const;
/** Data of an event or a run. */
export const DataSchema = Type.Unsafe<Record<string, unknown>>({ type: "object" });
export const KeySchema = Type.String({ minLength: 1, maxLength: 320 });

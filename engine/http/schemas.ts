import { type TProperties, type TSchema, Type } from "typebox";
import type { Rule } from "../../nodes/index.ts";
import { type FlowDoc, FlowSchema } from "../core/document.ts";
import type { Value } from "../core/state.ts";

/** Schemas that several resources share. One with a `component` is named so in the OpenAPI document. */

export const closed = { additionalProperties: false } as const;

export const OrNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
/** One of several words. */
export const OneOf = <const T extends readonly string[]>(words: T, description?: string) =>
  Type.Unsafe<T[number]>({
    type: "string",
    enum: [...words],
    ...(description === undefined ? {} : { description }),
  });

/** A moment as the API writes it. */
export const Time = Type.String({
  format: "date-time",
  description: "UTC, to the millisecond",
  examples: ["2026-03-02T09:00:00.000Z"],
});
/** A moment as a caller gives it. */
export const GivenTime = Type.String({
  maxLength: 40,
  description: "A moment with its offset from UTC",
  examples: ["2026-01-05T09:00:00Z"],
});
export const Count = Type.Integer({ minimum: 0 });
/** Free data of an event, a run or a contact. */
export const Data = Type.Unsafe<Record<string, unknown>>({ type: "object" });
export const Fields = Type.Unsafe<Record<string, Value>>({
  type: "object",
  description: "Field → value",
});
/** A text, or language → text. */
export const Text = Type.Unsafe<string | Record<string, string>>({
  anyOf: [{ type: "string" }, { type: "object", additionalProperties: { type: "string" } }],
  description: "A text, or language → text",
});
export const RuleSchema = Type.Unsafe<Rule>({
  component: "Rule",
  description:
    'A condition as data: one object of one of the kinds of rules, for example {"tag": "vip"}',
  type: "object",
});
/** A rule in the address. */
export const RuleText = Type.String({
  maxLength: 100_000,
  contentMediaType: "application/json",
  description: "A rule as JSON",
  examples: ['{"tag": "vip"}'],
});

export const FlowDocument = Type.Unsafe<FlowDoc>({ ...FlowSchema, component: "FlowDocument" });

/** One thing wrong with a document or an input. */
export const ProblemItem = Type.Object(
  {
    severity: OneOf(["error", "warning"]),
    code: Type.String({ description: "A stable word for programs" }),
    node: Type.Union([Type.String(), Type.Null()], {
      description: "The node of a flow that it is about",
    }),
    pointer: Type.String({ description: "JSON Pointer (RFC 6901) to the place" }),
    message: Type.String({ description: "A sentence in the caller's language" }),
  },
  { ...closed, component: "ProblemItem" },
);

/** A refusal (RFC 9457). */
export const ProblemDocument = Type.Object(
  {
    type: Type.String({ format: "uri", description: "Stays the same in every language" }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: "A sentence in the caller's language" }),
    problems: Type.Optional(
      Type.Array(ProblemItem, { description: "Everything that is wrong, each in its place" }),
    ),
  },
  { ...closed, component: "Problem" },
);

export const ContactKey = Type.String({
  minLength: 1,
  maxLength: 320,
  description: "A contact's id, e-mail address or phone number",
});
export const FlowId = Type.String({ description: "The flow's id", examples: ["new-lead"] });

/** The most that a page of a list holds. */
export const MOST = 500;

/** The query of a list: what narrows it, and `limit` and `cursor`. */
export const PageQuery = <P extends TProperties = Record<never, never>>(more?: P) =>
  Type.Object(
    {
      ...(more as P),
      limit: Type.Optional(
        Type.Integer({ minimum: 1, maximum: MOST, default: 50, description: "Items of a page" }),
      ),
      cursor: Type.Optional(
        Type.String({ maxLength: 500, description: "`next` of the page before" }),
      ),
    },
    closed,
  );

/** A page of a list, as a schema: `next` is the cursor of the following page, null at the end. */
export const Listed = <T extends TSchema>(item: T) =>
  Type.Object(
    {
      items: Type.Array(item),
      next: Type.Union([Type.String(), Type.Null()], {
        description: "The cursor of the next page; null at the end",
      }),
    },
    closed,
  );

/** Values of a flow's parameters by name. */
export const Texts = Type.Unsafe<Record<string, string>>({
  type: "object",
  additionalProperties: { type: "string", maxLength: 10_000 },
});

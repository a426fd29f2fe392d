import { type TSchema, Type } from "typebox";
import type { Day, Label } from "./node.ts";
import { OPS, type Rule, type Where } from "./rule.ts";

/**
 * Builders for the data of node types. Each says which control the editor shows (`control`), under
 * which name (`label`), and the checker reads the same: a value under `control: "rule"` is checked as a
 * rule, one under `"template"` as a Handlebars text, one under `"duration"` as ISO 8601.
 */
export type Control =
  | "text"
  | "template"
  | "localized"
  | "composer"
  | "number"
  | "toggle"
  | "choice"
  | "duration"
  | "window"
  | "days"
  | "time"
  | "date"
  | "rule"
  | "where"
  | "tag"
  | "segment"
  | "field"
  | "flow"
  | "node"
  | "person"
  | "cron"
  | "zone"
  | "channel"
  /** A duration, or `manual`: until a person says so. */
  | "resume"
  | "keywords"
  | "variants"
  | "cases"
  | "secret"
  | "url"
  | "map"
  /** A text in one or several languages that is shown as it stands: no Handlebars. */
  | "label"
  /** Several of the same. */
  | "list"
  /** Several values under one name. */
  | "group"
  /** A template that a provider approved: its name, language and parameters, shown as it will stand. */
  | "approved";

interface Say {
  label: Label;
  help?: Label;
}
const closed = { additionalProperties: false } as const;
export const TIME = "^([01][0-9]|2[0-3]):[0-5][0-9]$";
const LANGUAGE = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$";
export const ID = "^[A-Za-z0-9_-]{1,64}$";

/** One line without templates: a name. */
export const Name = (say: Say, control: Control = "text") =>
  Type.String({ minLength: 1, maxLength: 200, control, ...say });
/** A text in one or several languages that may hold Handlebars: a string, or language → string. */
export const Localized = (say: Say, control: "localized" | "composer" = "localized") =>
  Type.Unsafe<string | Record<string, string>>({
    anyOf: [
      { type: "string", minLength: 1, maxLength: 1_000_000 },
      {
        type: "object",
        minProperties: 1,
        propertyNames: { pattern: LANGUAGE },
        additionalProperties: { type: "string", maxLength: 1_000_000 },
      },
    ],
    control,
    ...say,
  });
export const DurationOf = (say: Say, signed = false) =>
  Type.String({ control: "duration", signed, minLength: 2, maxLength: 64, ...say });
export const Time = (say: Say) => Type.String({ pattern: TIME, control: "time", ...say });
export const Days = (say: Say) =>
  Type.Unsafe<Day[]>({
    type: "array",
    items: { type: "string", enum: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] },
    minItems: 1,
    maxItems: 7,
    uniqueItems: true,
    control: "days",
    ...say,
  });
export const WindowOf = (say: Say) =>
  Type.Object(
    {
      days: Type.Optional(Days({ label: { en: "Days", ar: "الأيام" } })),
      from: Type.Optional(Time({ label: { en: "From", ar: "من" } })),
      to: Type.Optional(Time({ label: { en: "To", ar: "إلى" } })),
    },
    { ...closed, minProperties: 1, control: "window", ...say },
  );
/** `fromHere`: what happened counts from the run's own beginning, or the node's, if the rule doesn't say since when. */
export const RuleOf = (say: Say, { fromHere = false } = {}) =>
  Type.Unsafe<Rule>({
    $ref: "rule",
    control: "rule",
    ...(fromHere ? { fromHere } : {}),
    ...say,
  } as TSchema);
export const Choice = <const T extends readonly string[]>(
  options: T,
  labels: Record<T[number], Label>,
  say: Say,
) =>
  Type.Unsafe<T[number]>({
    type: "string",
    enum: [...options],
    control: "choice",
    options: options.map((value) => ({ value, label: labels[value as T[number]] })),
    ...say,
  });
export const Toggle = (say: Say) => Type.Boolean({ control: "toggle", ...say });
export const Amount = (say: Say, limits: { minimum?: number; maximum?: number } = {}) =>
  Type.Number({ control: "number", ...limits, ...say });
export const Whole = (say: Say, limits: { minimum?: number; maximum?: number } = {}) =>
  Type.Integer({ control: "number", ...limits, ...say });
/** A text for the team in one or several languages, without templates. */
export const Words = (say: Say) =>
  Type.Unsafe<string | Record<string, string>>({
    anyOf: [
      { type: "string", maxLength: 200 },
      {
        type: "object",
        propertyNames: { pattern: LANGUAGE },
        additionalProperties: { type: "string", maxLength: 200 },
      },
    ],
    control: "label",
    ...say,
  });
/** A day or moment, `2026-03-01` or `2026-03-01T09:00`, local unless it has an offset. */
export const Moment = (say: Say) =>
  Type.String({ minLength: 8, maxLength: 64, control: "date", ...say });
/** Several of the same, in order. */
export const ListOf = <T extends TSchema>(
  item: T,
  limits: { minItems?: number; maxItems: number; uniqueItems?: boolean },
  say: Say,
  control: Control = "list",
) => Type.Array(item, { ...limits, control, ...say });
/** Comparisons on an event's data, all of which must hold. */
export const WhereOf = (say: Say) =>
  Type.Unsafe<Where[]>({
    type: "array",
    maxItems: 20,
    items: {
      type: "object",
      properties: {
        data: { type: "string", minLength: 1, maxLength: 200 },
        op: { type: "string", enum: [...OPS] },
        value: {},
      },
      required: ["data", "op"],
      ...closed,
    },
    control: "where",
    ...say,
  });
/** Any JSON value; a text in it may be a template, and one that is a single `{{path}}` keeps the value's type. */
export const Value = (say: Say) => Type.Unsafe<unknown>({ control: "template", ...say });
/** A name → value table whose values may be templates; `values` narrows what they are. */
export const MapOf = <V = unknown>(say: Say, values: Record<string, unknown> = {}) =>
  Type.Unsafe<Record<string, V>>({
    type: "object",
    maxProperties: 200,
    propertyNames: { minLength: 1, maxLength: 200 },
    additionalProperties: { control: "template", ...values },
    control: "map",
    ...say,
  });
/** A value of several parts, whose unknown keys are refused. */
export const Part = <T extends Record<string, TSchema>>(
  properties: T,
  say?: Say,
  control: Control = "group",
) => Type.Object(properties, { ...closed, ...(say ? { control, ...say } : {}) });
/** A node's data: unknown keys are refused; each node may carry a name and a note of its own. */
export const Data = <T extends Record<string, TSchema>>(properties: T) =>
  Type.Object(
    {
      ...properties,
      label: Type.Optional(
        Words({
          label: { en: "Name", ar: "الاسم" },
          help: { en: "Shown on the canvas.", ar: "يظهر على لوحة التصميم." },
        }),
      ),
      note: Type.Optional(
        Type.String({
          maxLength: 10_000,
          control: "text",
          label: { en: "Note", ar: "ملاحظة" },
          help: { en: "For the team; no contact sees it.", ar: "للفريق؛ لا تراها جهات الاتصال." },
        }),
      ),
    },
    closed,
  );
export const Optional = Type.Optional;

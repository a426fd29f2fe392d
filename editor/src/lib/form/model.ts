import type { TSchema } from "typebox";
import type { Label, NodeType } from "../../../../nodes/index.ts";
import type { Control } from "../../../../nodes/schema.ts";

/** What a form reads of a schema; a schema holds more than it needs. */
interface Marks {
  type?: string;
  control?: string;
  signed?: boolean;
  fromHere?: boolean;
  label?: Label;
  help?: Label;
  options?: { value: string; label: Label }[];
  enum?: unknown[];
  properties?: Record<string, TSchema>;
  required?: string[];
  items?: TSchema;
  additionalProperties?: unknown;
  anyOf?: TSchema[];
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  exclusiveMaximum?: number;
  maxLength?: number;
  maxItems?: number;
}

/** One value of a form. */
export interface FormField {
  key: string;
  /** What shows and edits it; `json` where no control knows the shape. */
  control: Control | "json";
  label: Label;
  help: Label | null;
  required: boolean;
  schema: TSchema;
  /** Of a choice. */
  options: { value: string; label: Label }[];
  /** Of a group: its members. */
  fields: FormField[];
  /** Of a list: what each of it is. */
  item: FormField | null;
  signed: boolean;
  /** Of a rule: its events count from the run's own beginning. */
  fromHere: boolean;
  /** Of a map: a list without names is taken too. */
  ordered: boolean;
  minimum: number | null;
  maximum: number | null;
  whole: boolean;
}

const CONTROLS: ReadonlySet<string> = new Set<Control>([
  ...([
    "text",
    "template",
    "localized",
    "composer",
    "label",
    "number",
    "toggle",
    "choice",
  ] as const),
  ...(["duration", "window", "days", "time", "date", "rule", "where", "tag", "segment"] as const),
  ...([
    "field",
    "flow",
    "node",
    "person",
    "cron",
    "zone",
    "channel",
    "resume",
    "keywords",
  ] as const),
  ...(["variants", "cases", "secret", "url", "map", "list", "group", "approved"] as const),
]);

const isControl = (name: string | undefined): name is Control =>
  name !== undefined && CONTROLS.has(name);

/** The control that a schema asks for, else the one its shape fits. */
function controlOf(marks: Marks): Control | "json" {
  if (isControl(marks.control)) return marks.control;
  if (marks.enum?.every((value) => typeof value === "string")) return "choice";
  switch (marks.type) {
    case "string":
      return "text";
    case "number":
    case "integer":
      return "number";
    case "boolean":
      return "toggle";
    case "array":
      return marks.items ? "list" : "json";
    case "object":
      if (marks.properties) return "group";
      return typeof marks.additionalProperties === "object" ? "map" : "json";
    default:
      return "json";
  }
}

/** A schema as a field of a form. */
export function fieldOf(key: string, schema: TSchema, required: boolean): FormField {
  const marks: Marks = schema;
  const values = (marks.enum ?? []).map(String);
  return {
    key,
    control: controlOf(marks),
    label: marks.label ?? { en: key, ar: key },
    help: marks.help ?? null,
    required,
    schema,
    options: marks.options ?? values.map((value) => ({ value, label: { en: value, ar: value } })),
    fields: fieldsOf(schema),
    item: marks.items ? fieldOf("", marks.items, true) : null,
    signed: marks.signed === true,
    fromHere: marks.fromHere === true,
    ordered: (marks.anyOf ?? []).some((one) => (one as Marks).type === "array"),
    minimum: marks.minimum ?? marks.exclusiveMinimum ?? null,
    maximum: marks.maximum ?? marks.exclusiveMaximum ?? null,
    whole: marks.type === "integer",
  };
}

/** The fields of an object's schema, in its order. */
export function fieldsOf(schema: TSchema): FormField[] {
  const { properties, required = [] }: Marks = schema;
  return Object.entries(properties ?? {}).map(([key, inner]) =>
    fieldOf(key, inner, required.includes(key)),
  );
}

/** Every node may have these two; the inspector shows them apart from the rest. */
const OWN_PLACE = new Set(["label", "note"]);

/** The form of a node type's data, without name and note. */
export const nodeFields = (type: NodeType): FormField[] =>
  fieldsOf(type.data).filter((field) => !OWN_PLACE.has(field.key));

/** A first value for a field that a person adds; what a schema asks for at least, and nothing invented. */
export function blankOf(field: FormField): unknown {
  switch (field.control) {
    case "number":
      return Math.max(field.minimum ?? 0, field.minimum === 0 || field.whole ? 1 : 0);
    case "toggle":
      return true;
    case "choice":
      return field.options[0]?.value ?? "";
    case "duration":
      return "P1D";
    case "time":
      return "09:00";
    case "days":
      return ["mon", "tue", "wed", "thu", "fri"];
    case "window":
      return { from: "09:00", to: "18:00" };
    case "rule":
      return { all: [] };
    case "where":
    case "keywords":
    case "list":
    case "cases":
    case "variants":
      return [];
    case "map":
      return {};
    case "resume":
      return "manual";
    case "group":
    case "approved":
      return Object.fromEntries(
        field.fields.filter((f) => f.required).map((f) => [f.key, blankOf(f)]),
      );
    case "json":
      return null;
    default:
      return "";
  }
}

/** Shown without being asked for: what must be given, what is given, and switches, which are small. */
export const isShown = (field: FormField, data: Readonly<Record<string, unknown>>): boolean =>
  field.required || data[field.key] !== undefined || field.control === "toggle";

/** Data with one member set; undefined removes it. */
export function withMember(
  data: Readonly<Record<string, unknown>>,
  key: string,
  value: unknown,
): Record<string, unknown> {
  const { [key]: _before, ...rest } = data;
  if (value === undefined) return rest;
  return Object.hasOwn(data, key) ? { ...data, [key]: value } : { ...rest, [key]: value };
}

/**
 * Adds a member that was left out. Where the node type refuses it beside another one (a wait has one
 * way of waiting), the other goes: which one is found by asking the type itself.
 */
export function addMember(
  type: NodeType | null,
  fields: readonly FormField[],
  data: Readonly<Record<string, unknown>>,
  key: string,
): Record<string, unknown> {
  const field = fields.find((f) => f.key === key);
  if (!field) return { ...data };
  const example = (type?.example as Record<string, unknown> | undefined)?.[key];
  const value = example === undefined ? blankOf(field) : structuredClone(example);
  const added = withMember(data, key, value);
  const refused = problemCount(type, added);
  if (refused <= problemCount(type, data) && refused === 0) return added;
  const others = fields.filter((f) => !f.required && f.key !== key && data[f.key] !== undefined);
  const other = others.find(
    (f) => problemCount(type, withMember(added, f.key, undefined)) < refused,
  );
  return other ? withMember(added, other.key, undefined) : added;
}

/** The channel on which a node of this type reaches a contact; null for one that doesn't. */
export function channelOf(
  type: NodeType | null,
  data: Readonly<Record<string, unknown>>,
): string | null {
  try {
    return type?.reaches?.(data).channel ?? null;
  } catch (error) {
    // A draft's data may be half filled in.
    if (error instanceof Error) return null;
    throw error;
  }
}

function problemCount(type: NodeType | null, data: Readonly<Record<string, unknown>>): number {
  if (!type?.check) return 0;
  try {
    return type.check(data).length;
  } catch (error) {
    // The check expects whole data; a form may be half filled in.
    if (error instanceof Error) return 0;
    throw error;
  }
}

/** A problem of the document as the form shows it: beside the field that `pointer` names. */
export interface FieldProblem {
  severity: "error" | "warning";
  /** JSON Pointer relative to the form's data. */
  pointer: string;
  /** In the reader's language. */
  message: string;
}

/** The problems at a pointer; with `inside`, those of its parts too. */
export const problemsAt = (
  problems: readonly FieldProblem[],
  pointer: string,
  inside = false,
): FieldProblem[] =>
  problems.filter((p) => p.pointer === pointer || (inside && p.pointer.startsWith(`${pointer}/`)));

/** A JSON Pointer's next part (RFC 6901). */
export const child = (pointer: string, key: string | number): string =>
  `${pointer}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;

import { type Day, nodeType, type Rule, type Window } from "../../../../nodes/index.ts";
import { Words } from "../../../../nodes/schema.ts";
import { SettingsSchema } from "../../../../nodes/settings.ts";
import type { FlowChanges, ValueChange } from "../api/index.ts";
import type { FlowDocument, FlowNode } from "../flow/shape.ts";
import { type FormField, fieldOf, fieldsOf } from "../form/model.ts";
import { format, i18n, label, t } from "../i18n/index.svelte.ts";

/** One value that differs, as people read it. An empty side: it wasn't there. */
export interface Difference {
  /** Which value, for example `Subject · Arabic`. */
  place: string;
  before: string;
  after: string;
  /** Both sides are texts whose words are worth comparing. */
  words: boolean;
}

/** One node that differs. */
export interface NodeDifference {
  id: string;
  before: FlowNode | null;
  after: FlowNode | null;
  differences: Difference[];
}

const TEXTS: ReadonlySet<string> = new Set(["text", "template", "localized", "composer", "label"]);
const BY_LANGUAGE: ReadonlySet<string> = new Set(["localized", "composer", "label"]);

const partsOf = (pointer: string): string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const hasParts = (value: unknown): boolean => typeof value === "object" && value !== null;

const inside = (value: unknown, key: string): unknown => {
  if (Array.isArray(value)) return value[Number(key)];
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
};

export const languageName = (language: string): string =>
  new Intl.DisplayNames(i18n.locale, { type: "language", fallback: "code" }).of(language) ??
  language;

/** A value in words, by what its form would edit it with. */
function inWords(field: FormField | null, value: unknown): string {
  if (value === undefined || value === "") return "";
  const { say } = i18n;
  const some = field?.options.find((option) => option.value === value);
  if (some) return label(some.label);
  if (typeof value === "number") return format.number(value);
  if (typeof value === "boolean") return t(value ? "changes.yes" : "changes.no");
  switch (field?.control) {
    case "rule":
      return say.rule(value as Rule);
    case "window":
      return say.window(value as Window);
    case "days":
      return say.days(value as Day[]);
    case "duration":
      return say.duration(String(value));
    case "resume":
      return value === "manual" ? t("flow.resume.manual") : say.duration(String(value));
    default:
      return structured(field, value);
  }
}

/** A text, a list, or several values under one name. */
function structured(field: FormField | null, value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) {
    const simple = value.every((one) => !isObject(one) && !Array.isArray(one));
    return value.map((one) => inWords(field?.item ?? null, one)).join(simple ? ", " : "\n");
  }
  if (!isObject(value)) return String(value);
  const byLanguage = BY_LANGUAGE.has(field?.control ?? "");
  return Object.entries(value)
    .map(([key, inner]) => {
      const member = field?.fields.find((one) => one.key === key) ?? null;
      const name = byLanguage ? languageName(key) : member ? label(member.label) : key;
      return `${name}: ${inWords(member, inner)}`;
    })
    .join(byLanguage ? "\n" : ", ");
}

/** What a part of a value is in its form; null: the form edits the value as a whole. */
function partOf(field: FormField, part: string): FormField | null {
  if (BY_LANGUAGE.has(field.control))
    return named({ ...field, control: "text" }, languageName(part));
  if (field.control === "list" && field.item)
    return named(field.item, format.number(Number(part) + 1));
  if (field.control !== "group") return null;
  return field.fields.find((one) => one.key === part) ?? fieldOf(part, {}, false);
}

const named = (field: FormField, name: string): FormField => ({
  ...field,
  label: { en: name, ar: name },
});

/** Goes along a pointer as far as the form tells values apart and both sides have them. */
function difference(
  root: FormField,
  pointer: string,
  before: unknown,
  after: unknown,
): Difference & { at: string } {
  const walked: FormField[] = [];
  const keys: string[] = [];
  let [a, b, field] = [before, after, root];
  for (const part of partsOf(pointer)) {
    const next = partOf(field, part);
    if (next === null || !hasParts(a) || !hasParts(b)) break;
    [a, b, field] = [inside(a, part), inside(b, part), next];
    walked.push(next);
    keys.push(part);
  }
  const [was, is] = [inWords(field, a), inWords(field, b)];
  return {
    at: keys.join("/"),
    place: walked.map((one) => label(one.label)).join(" · "),
    before: was,
    after: is,
    words: TEXTS.has(field.control) && was !== "" && is !== "",
  };
}

/** Several values under one name, of which no schema tells. */
const group = (key: string, name: string, fields: FormField[]): FormField => ({
  ...fieldOf(key, {}, false),
  control: "group",
  label: { en: name, ar: name },
  fields,
});

/** The values that differ, each once: what lies deeper than a form shows is told with what it belongs to. */
function differences(
  fields: readonly FormField[],
  changes: readonly ValueChange[],
  before: unknown,
  after: unknown,
): Difference[] {
  const found = new Map<string, Difference>();
  const root = group("", "", [...fields]);
  for (const { pointer } of changes) {
    const { at, ...told } = difference(root, pointer, before, after);
    if (!found.has(at)) found.set(at, told);
  }
  return [...found.values()];
}

const byId = (doc: FlowDocument | null) =>
  new Map((doc?.nodes ?? []).map((node) => [node.id, node]));

/** The nodes that both documents have and that differ, in the order of the second. */
export function changedNodes(
  changes: FlowChanges,
  before: FlowDocument | null,
  after: FlowDocument,
): NodeDifference[] {
  const [was, is] = [byId(before), byId(after)];
  return changes.nodes.changed.map(({ id, type, changes: values }) => {
    const [a, b] = [was.get(id) ?? null, is.get(id) ?? null];
    const schema = b && nodeType(b.type)?.data;
    const retyped = type
      ? [
          {
            place: t("changes.type"),
            before: typeName(type.from),
            after: typeName(type.to),
            words: false,
          },
        ]
      : [];
    const fields = schema ? fieldsOf(schema) : [];
    // Values of another type say little beside each other.
    const own = type
      ? []
      : differences(
          fields,
          values.map((v) => ({ ...v, pointer: v.pointer.slice("/data".length) })),
          a?.data,
          b?.data,
        );
    return { id, before: a, after: b, differences: [...retyped, ...own] };
  });
}

const typeName = (type: string): string => {
  const known = nodeType(type);
  return known ? label(known.label) : type;
};

function headFields(before: FlowDocument | null, after: FlowDocument): FormField[] {
  const parameters = Object.entries({ ...before?.parameters, ...after.parameters });
  return [
    fieldOf("name", Words({ label: { en: "Name", ar: "الاسم" } }), true),
    fieldOf("description", Words({ label: { en: "Description", ar: "الوصف" } }), false),
    group("settings", t("changes.settings"), fieldsOf(SettingsSchema)),
    group(
      "parameters",
      t("flow.parameters"),
      parameters.map(([name, { title }]) =>
        group(name, i18n.say.text(title) || name, [
          fieldOf("title", Words({ label: { en: "Title", ar: "العنوان" } }), false),
          fieldOf("default", { label: { en: "Value", ar: "القيمة" }, control: "text" }, false),
        ]),
      ),
    ),
  ];
}

/** What differs of the flow as a whole: name, description, settings, parameters. */
export function wholeDifferences(
  changes: FlowChanges,
  before: FlowDocument | null,
  after: FlowDocument,
): Difference[] {
  const values = [...changes.texts, ...changes.settings, ...changes.parameters];
  return differences(headFields(before, after), values, before ?? {}, after);
}

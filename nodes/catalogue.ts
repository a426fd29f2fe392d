import type { TSchema } from "typebox";
import { type Group, type Label, NODE_TYPES, type NodeType } from "./index.ts";

/** What of a schema the catalogue shows. */
interface Shown {
  type?: string;
  control?: string;
  signed?: boolean;
  label?: Label;
  help?: Label;
  options?: { value: string }[];
  properties?: Record<string, Shown>;
  required?: string[];
  items?: Shown;
  minimum?: number;
  maximum?: number;
  multipleOf?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  maxProperties?: number;
}

const GROUPS: Record<Group, Label> = {
  trigger: { en: "Triggers", ar: "المشغِّلات" },
  time: { en: "Time", ar: "الوقت" },
  message: { en: "Messages", ar: "الرسائل" },
  logic: { en: "Logic", ar: "المنطق" },
  contact: { en: "Contact", ar: "جهة الاتصال" },
  work: { en: "Work", ar: "العمل" },
};

const KINDS: Record<string, string> = {
  text: "text",
  template: "text or value, may hold templates",
  localized: "text by language, may hold templates",
  composer: "text by language, may hold templates",
  label: "text by language",
  number: "number",
  toggle: "yes/no",
  duration: "duration (ISO 8601)",
  window: "window `{days, from, to}`",
  days: "days `mon` … `sun`",
  time: "time (HH:MM)",
  date: "date or moment",
  rule: "rule",
  where: "comparisons `[{data, op, value}]`",
  tag: "tag",
  segment: "segment",
  field: "field",
  flow: "flow id",
  person: "person of the team, may hold templates",
  cron: "cron pattern",
  zone: "time zone",
  keywords: "list of texts",
  variants: "list",
  cases: "list",
  list: "list",
  group: "object",
  secret: "name of a secret",
  url: "web address",
  map: "names and values",
};

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/** "1 to 8", "at most 200", "at least 1"; nothing where there is no limit. */
function between(least: number | undefined, most: number | undefined): string {
  const [low, high] = [least, most].map((limit) => limit?.toLocaleString("en"));
  if (high === undefined) return low === undefined ? "" : `at least ${low}`;
  return low === undefined ? `at most ${high}` : `${low} to ${high}`;
}

function limitsOf(schema: Shown): string {
  const size = (limits: string, of: string) => (limits === "" ? "" : `${limits} ${of}`);
  return [
    between(schema.minimum, schema.maximum),
    schema.multipleOf === undefined ? "" : `in steps of ${schema.multipleOf}`,
    size(between(schema.minLength || undefined, schema.maxLength), "characters"),
    size(between(schema.minItems || undefined, schema.maxItems), "entries"),
    size(between(undefined, schema.maxProperties), "entries"),
  ]
    .filter((limit) => limit !== "")
    .map((limit) => `, ${limit}`)
    .join("");
}

function kindOf(schema: Shown): string {
  if (schema.options) return schema.options.map((o) => `\`${o.value}\``).join(", ");
  const kind = KINDS[schema.control ?? ""] ?? schema.type ?? "any";
  return `${schema.signed ? "signed " : ""}${kind}${limitsOf(schema)}`;
}

/** A line for each value, those inside a group or list after it as `until.time` or `cases[].id`. */
function rows(schema: Shown, prefix = ""): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    if (prefix === "" && (key === "label" || key === "note")) return [];
    const name = prefix + key;
    const words = [value.label?.en, value.help?.en].filter((w) => w !== undefined);
    const required = schema.required?.includes(key) ? "yes" : "";
    const line = `| \`${name}\` | ${cell(kindOf(value))} | ${required} | ${cell(words.join(". "))} |`;
    const inside = value.control === "window" ? [] : rows(value, `${name}.`);
    return [line, ...inside, ...rows(value.items ?? {}, `${name}[].`)];
  });
}

function entry(type: NodeType): string {
  const lines = rows(type.data as TSchema & Shown);
  const outputs = type
    .outputs(type.example)
    .map((o) => `- \`${o.id}\`: ${o.label.en} · ${o.label.ar}`);
  return [
    `### \`${type.type}\`: ${type.label.en} · ${type.label.ar}`,
    "",
    type.about.en,
    "",
    type.about.ar,
    "",
    ...(lines.length
      ? ["| data | kind | required | meaning |", "| --- | --- | --- | --- |", ...lines, ""]
      : ["No data.", ""]),
    ...(outputs.length
      ? ["Outputs of the example:", "", ...outputs, ""]
      : ["No outputs: the flow ends here for the contact.", ""]),
    "```json",
    JSON.stringify({ type: type.type, data: type.example }, null, 2),
    "```",
    "",
  ].join("\n");
}

/** The catalogue of all node types as Markdown; `CATALOGUE.md` holds it. */
export function catalogue(): string {
  const parts = [
    "# Node types",
    "",
    "Made from the declarations in this folder by `bun nodes/catalogue.ts`; don't edit it by hand.",
    "",
    "The data of every node may also hold `label` (its name on the canvas) and `note` (for the team).",
    "",
  ];
  for (const [group, label] of Object.entries(GROUPS)) {
    parts.push(`## ${label.en} · ${label.ar}`, "");
    parts.push(...NODE_TYPES.filter((n) => n.group === group).map(entry));
  }
  return `${parts.join("\n").trimEnd()}\n`;
}

if (import.meta.main) {
  await Bun.write(new URL("CATALOGUE.md", import.meta.url), catalogue());
}

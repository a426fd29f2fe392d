import { type Static, Type } from "typebox";
import { type NodeType, nodeType } from "../../nodes/index.ts";
import { Optional, Part, Words } from "../../nodes/schema.ts";
import { type Settings, SettingsSchema } from "../../nodes/settings.ts";
import { isObject } from "./problems.ts";

/** The format that this program reads and writes. */
export const FORMAT = 1;
/** Limits of a document: bytes of UTF-8, nesting, nodes. */
export const MAX_BYTES = 5 * 1024 * 1024;
export const MAX_DEPTH = 64;
export const MAX_NODES = 2000;

const say = (en: string, ar: string) => ({ label: { en, ar } });

const Id = Type.String({
  pattern: "^[a-z0-9][a-z0-9-]{0,63}$",
  hint: {
    en: "use up to 64 small Latin letters, digits and hyphens, such as “new-lead”",
    ar: "استخدم حتى 64 من الأحرف اللاتينية الصغيرة والأرقام والشرطات، مثل «new-lead»",
  },
});
const NodeId = Type.String({
  pattern: "^[A-Za-z0-9_-]{1,64}$",
  hint: {
    en: "a node's id has up to 64 Latin letters, digits, “_” and “-”",
    ar: "معرّف الخطوة مكوّن من 64 حرفًا لاتينيًّا أو رقمًا أو «_» أو «-» على الأكثر",
  },
});

export { type Settings, SettingsSchema };

const Parameter = Part({
  title: Optional(Words(say("Title", "العنوان"))),
  default: Optional(
    Type.Union(
      [Type.String({ maxLength: 10_000 }), Type.Number(), Type.Boolean()],
      say("Default", "القيمة الافتراضية"),
    ),
  ),
});

const NodeSchema = Part({
  id: NodeId,
  type: Type.String({ minLength: 1, maxLength: 100 }),
  position: Part({ x: Type.Number(), y: Type.Number() }),
  data: Type.Unsafe<Record<string, unknown>>({ type: "object" }),
});
/** A step of the flow; `data` is as its type's schema says. */
export type FlowNode = Static<typeof NodeSchema>;

const EdgeSchema = Part({
  id: Type.String({ minLength: 1, maxLength: 300 }),
  source: Type.String({ minLength: 1, maxLength: 64 }),
  // Left out: `next`, the one output of most nodes.
  sourceHandle: Optional(Type.String({ minLength: 1, maxLength: 200 })),
  target: Type.String({ minLength: 1, maxLength: 64 }),
});
/** The way from one output of a node to the next node. */
export type FlowEdge = Static<typeof EdgeSchema>;

/** Format 1 of the flow document. Rules and node data are checked apart, each by its own schema. */
export const FlowSchema = Part({
  format: Type.Unsafe<1>({}),
  id: Id,
  name: Words(say("Name", "الاسم")),
  description: Optional(
    Type.Unsafe<string | Record<string, string>>({
      ...Words(say("Description", "الوصف")),
      anyOf: longText(),
    }),
  ),
  parameters: Optional(
    Type.Unsafe<Record<string, Static<typeof Parameter>>>({
      type: "object",
      maxProperties: 200,
      propertyNames: {
        pattern: "^[A-Za-z_][A-Za-z0-9_]{0,63}$",
        hint: {
          en: "a parameter's name has Latin letters, digits and “_”, such as “brand”",
          ar: "اسم المعامل مكوّن من أحرف لاتينية وأرقام و«_»، مثل «brand»",
        },
      },
      additionalProperties: Parameter,
    }),
  ),
  settings: Optional(SettingsSchema),
  nodes: Type.Array(NodeSchema),
  edges: Type.Array(EdgeSchema),
  // Where the canvas was looked at; Svelte Flow's `toObject()` adds it.
  viewport: Optional(Part({ x: Type.Number(), y: Type.Number(), zoom: Type.Number() })),
});
/** A flow as the canvas saves it and the engine interprets it. */
export type FlowDoc = Static<typeof FlowSchema>;

/** A description may be longer than a name. */
function longText() {
  const text = { type: "string", maxLength: 10_000 };
  const languages = { pattern: "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$" };
  return [text, { type: "object", propertyNames: languages, additionalProperties: text }];
}

/** Whether a trigger fires again and again for one contact: schedule, date (year or month), message, idle. */
export function recurs(type: NodeType, data: unknown): boolean {
  const starts = type.starts?.(isObject(data) ? data : {});
  if (!starts) return false;
  if (starts.on === "date") return starts.every !== "once";
  return starts.on === "schedule" || starts.on === "message" || starts.on === "idle";
}

/** The re-entry mode of a flow that names none: `after-exit` where every trigger recurs, else `once`. */
export function defaultReentry(doc: Pick<FlowDoc, "nodes">): "once" | "after-exit" {
  const triggers = doc.nodes.flatMap((n) => {
    const type = nodeType(n.type);
    return type?.starts ? [recurs(type, n.data)] : [];
  });
  return triggers.length > 0 && triggers.every(Boolean) ? "after-exit" : "once";
}

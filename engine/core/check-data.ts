import type { TSchema } from "typebox";
import { NODE_TYPES, type NodeType, nodeType } from "../../nodes/index.ts";
import { ruleProblems, whereProblems } from "./check-rules.ts";
import { propertyLabel, shapeProblems } from "./check-shape.ts";
import {
  cronProblems,
  dateProblems,
  durationProblems,
  flowProblems,
  type Known,
  pathProblems,
  segmentProblems,
  templatesIn,
  windowProblems,
  zoneProblems,
} from "./check-values.ts";
import { closest } from "./closest.ts";
import { isObject, type Place, type Problem, part, parts, problemAt } from "./problems.ts";
import * as say from "./problems-flow.ts";

/** A node of a document that may be broken: what of it could be read. */
export interface LooseNode {
  index: number;
  /** Null when it has none that is a text. */
  id: string | null;
  type: NodeType | null;
  typeName: unknown;
  data: Record<string, unknown>;
  /** The data fits its schema, so that the type's own functions may be asked. */
  sound: boolean;
  place: Place;
}

/** Reads one entry of `nodes`; null when it is no object. */
export function looseNode(value: unknown, index: number): LooseNode | null {
  if (!isObject(value)) return null;
  const id = typeof value.id === "string" ? value.id : null;
  const type = typeof value.type === "string" ? (nodeType(value.type) ?? null) : null;
  const data = isObject(value.data) ? value.data : {};
  const place = nodePlace(index, id, type, data, value.type);
  return { index, id, type, typeName: value.type, data, sound: false, place };
}

function nodePlace(
  index: number,
  id: string | null,
  type: NodeType | null,
  data: Record<string, unknown>,
  typeName: unknown,
): Place {
  const base = `/nodes/${index}`;
  const name = (language: "en" | "ar"): string =>
    inLanguage(data.label, language) ??
    type?.label[language] ??
    String(typeName ?? `#${index + 1}`);
  return {
    node: id,
    pointer: base,
    name(path) {
      const field = fieldName(type, path);
      const en = id === null ? `number ${index + 1}` : `node ${id}`;
      const ar = id === null ? `الخطوة رقم ${index + 1}` : `الخطوة ${id}`;
      return {
        en: `"${name("en")}" (${en})${field ? `, ${field.en}` : ""}`,
        ar: `«${name("ar")}» (${ar})${field ? `، ${field.ar}` : ""}`,
      };
    },
  };
}

/** What the editor calls the part of the data that lies at `path` (which begins with `/data`). */
function fieldName(type: NodeType | null, path: string) {
  const [data, key, item] = parts(path);
  if (data !== "data" || key === undefined) return null;
  const label = propertyLabel(type?.data, key);
  if (!label) return null;
  const number = item !== undefined && /^\d+$/.test(item) ? ` ${Number(item) + 1}` : "";
  return { en: label.en + number, ar: label.ar + number };
}

function inLanguage(text: unknown, language: "en" | "ar"): string | null {
  if (typeof text === "string") return text.trim() || null;
  if (!isObject(text)) return null;
  const first = text[language] ?? Object.values(text)[0];
  return typeof first === "string" ? first.trim() || null : null;
}

/** Every problem of one node's type and data. Marks the node as sound when its data fits. */
export function nodeProblems(node: LooseNode, known: Known): Problem[] {
  const { type, data, place } = node;
  if (type === null) {
    if (typeof node.typeName !== "string") return [];
    const near = closest(
      node.typeName,
      NODE_TYPES.map((t) => t.type),
    );
    return [problemAt(place, "/type", say.unknownType(node.typeName, near))];
  }
  const shape = shapeProblems(type.data, data, place, "/data");
  node.sound = shape.length === 0;
  const values = controlled(
    type.data,
    data,
    { known, place, secrets: type.type === "webhook" },
    "/data",
  );
  const problems = [...shape, ...values, ...selfNamed(node)];
  const own = node.sound ? (type.check?.(data) ?? []) : [];
  for (const { pointer, message } of own) {
    const at = `/data${pointer}`;
    // The checks of values say the same of windows, zones and dates, in other words.
    if (problems.some((p) => nested(p.pointer, place.pointer + at))) continue;
    problems.push(problemAt(place, at, say.nodeData(message.en, message.ar)));
  }
  return problems;
}

const nested = (a: string, b: string): boolean =>
  a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);

/** A name that plain objects already have can't be a key of the stored answers. */
function selfNamed({ data, place }: LooseNode): Problem[] {
  return typeof data.saveAs === "string" && data.saveAs in Object.prototype
    ? [problemAt(place, "/data/saveAs", say.reservedName(data.saveAs))]
    : [];
}

interface Surroundings {
  known: Known;
  place: Place;
  /** A webhook: secrets may be named in its headers and body. */
  secrets: boolean;
}

/** Follows the schema's `control` annotations through a value, and checks each by its kind. */
export function controlled(
  schema: TSchema,
  value: unknown,
  around: Surroundings,
  path: string,
): Problem[] {
  if (value === undefined) return [];
  const { known, place } = around;
  const marks: { control?: unknown; signed?: unknown } = schema;
  switch (marks.control) {
    case "rule":
      return ruleProblems(value, known, place, path);
    case "where":
      return whereProblems(value, known, place, path);
    case "duration":
      return durationProblems(value, marks.signed === true, place, path);
    case "template":
    case "person":
    case "url":
    case "localized":
    case "composer":
      return templatesIn(value, known, around.secrets && maySecret(path), place, path);
    case "zone":
      return zoneProblems(value, place, path);
    case "cron":
      return cronProblems(value, place, path);
    case "date":
      return dateProblems(value, place, path);
    case "segment":
      return segmentProblems(value, known, place, path);
    case "flow":
      return flowProblems(value, known, place, path);
    case "field":
      return pathProblems(value, known, place, path);
    case "window":
      return windowProblems(value, place, path);
    default:
      return inside(schema, value, around, path);
  }
}

const maySecret = (path: string): boolean => /^\/data\/(headers|body)(\/|$)/.test(path);

function inside(schema: TSchema, value: unknown, around: Surroundings, path: string): Problem[] {
  const s: {
    properties?: unknown;
    items?: unknown;
    additionalProperties?: unknown;
    anyOf?: unknown;
  } = schema;
  if (Array.isArray(value)) {
    const { items } = s;
    if (isObject(items)) {
      return value.flatMap((v, i) => controlled(items, v, around, path + part(i)));
    }
  } else if (isObject(value)) {
    const properties = isObject(s.properties) ? s.properties : {};
    const rest = isObject(s.additionalProperties) ? s.additionalProperties : null;
    if (s.properties !== undefined || rest !== null) {
      return Object.entries(value).flatMap(([key, v]) => {
        const inner = Object.hasOwn(properties, key) ? properties[key] : rest;
        return isObject(inner) ? controlled(inner, v, around, path + part(key)) : [];
      });
    }
  }
  const branches = Array.isArray(s.anyOf) ? s.anyOf.filter(isObject) : [];
  const fitting = branches.filter((b) => b.type === undefined || b.type === typeOf(value));
  return fitting.flatMap((b) => controlled(b, value, around, path));
}

const typeOf = (value: unknown): string => (Array.isArray(value) ? "array" : typeof value);

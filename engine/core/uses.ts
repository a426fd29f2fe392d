import type { FlowDoc } from "./document.ts";
import { isObject } from "./problems.ts";

/** What a flow or a segment may name: it can't go while something does. */
export interface Named {
  kind: "tag" | "segment" | "field";
  name: string;
}

/** JSON Pointers to the places of a document (a flow's, or a rule) that name a tag, a segment or a custom field. */
export function placesOf(doc: unknown, named: Named): string[] {
  const places: string[] = [];
  const reads = named.kind === "field" ? templateOf(named.name) : null;
  const look = (value: unknown, pointer: string, key: string): void => {
    if (typeof value === "string") {
      if (reads?.test(value)) places.push(pointer);
    } else if (Array.isArray(value)) {
      value.forEach((each, i) => {
        if (each === named.name && isListOf(named.kind, key)) places.push(`${pointer}/${i}`);
        else look(each, `${pointer}/${i}`, key);
      });
    } else if (isObject(value)) {
      for (const [name, inner] of Object.entries(value)) {
        const at = `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
        if (isNamedBy(named, name, inner, key)) places.push(at);
        else look(inner, at, name);
      }
    }
  };
  look(doc, "", "");
  return places;
}

/** The places of a flow's nodes and settings. */
export const placesInFlow = ({ nodes, settings }: FlowDoc, named: Named): string[] =>
  placesOf({ settings: settings ?? {}, nodes }, named);

/** `remove` of a tag node and `clear` of a field node are lists of names. */
const isListOf = (kind: Named["kind"], key: string): boolean =>
  (kind === "tag" && key === "remove") || (kind === "field" && key === "clear");

function isNamedBy({ kind, name }: Named, key: string, value: unknown, parent: string): boolean {
  if (kind !== "field") return key === kind && value === name;
  // A wait's `field` is an object with a name; `set` has fields as keys; a goal's value may be a field.
  if (key === "field" || (parent === "field" && key === "name")) return value === name;
  if (parent === "set") return key === name;
  return parent === "goal" && key === "value" && value === name;
}

const templateOf = (field: string): RegExp =>
  new RegExp(
    `\\{\\{[^}]*\\bcontact\\.${field.replace(/[^\p{L}\p{N}_]/gu, "\\$&")}(?![\\p{L}\\p{N}_])`,
    "u",
  );

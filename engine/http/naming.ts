import { Type } from "typebox";
import { type Named, placesInFlow, placesOf } from "../core/uses.ts";
import type { Store } from "../store/store.ts";
import { HttpProblem } from "./problem.ts";
import { closed, OneOf } from "./schemas.ts";

/** What names a tag, a segment or a field. */
export const Use = Type.Object(
  {
    in: OneOf(["flow", "segment"]),
    id: Type.String({ description: "The flow's id, or the segment's name" }),
    places: Type.Array(Type.String(), { description: "JSON Pointers into its document or rule" }),
  },
  { ...closed, component: "Use" },
);

interface Used {
  in: "flow" | "segment";
  id: string;
  places: string[];
}

/** Drafts, versions in which somebody may still be, and segments that name it. */
export async function usesOf(store: Store, named: Named): Promise<Used[]> {
  const [flows, versions, { segments }] = await Promise.all([
    store.flows(),
    store.liveVersions(),
    store.workspace(),
  ]);
  const docs = [...flows.map(({ id, draft }) => ({ id, doc: draft })), ...versions];
  const inFlows = new Map<string, Set<string>>();
  for (const { id, doc } of docs) {
    const places = inFlows.get(id) ?? new Set();
    for (const place of placesInFlow(doc, named)) places.add(place);
    inFlows.set(id, places);
  }
  const inSegments = Object.entries(segments).map(
    ([id, rule]): Used => ({ in: "segment", id, places: placesOf(rule, named) }),
  );
  return [
    ...[...inFlows].map(([id, places]): Used => ({ in: "flow", id, places: [...places] })),
    ...inSegments,
  ].filter(({ places }) => places.length > 0);
}

const WORDS = {
  tag: { en: "tag", ar: "العلامة" },
  segment: { en: "segment", ar: "الشريحة" },
  field: { en: "field", ar: "خانة الحقل" },
};

/** Refuses to take away what something names. Throws `HttpProblem`. */
export async function mustBeUnused(store: Store, named: Named): Promise<void> {
  const uses = await usesOf(store, named);
  if (uses.length === 0) return;
  const shown = uses.slice(0, 10).map(({ id }) => id);
  const more = uses.length - shown.length;
  const { en, ar } = WORDS[named.kind];
  throw new HttpProblem("conflict", {
    en: `The ${en} “${named.name}” is used by ${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}; change these first.`,
    ar: `${ar} «${named.name}» مستخدمة في ${shown.join("، ")}${more > 0 ? ` و${more} غيرها` : ""}؛ غيّرها أولًا.`,
  });
}

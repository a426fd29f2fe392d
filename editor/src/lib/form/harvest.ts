import type { FlowDocument } from "../flow/shape.ts";

/** Names that a flow uses: what was typed once needn't be typed again. */
export interface Used {
  tags: string[];
  segments: string[];
  fields: string[];
  events: string[];
  topics: string[];
  /** Paths in the data of events. */
  eventData: string[];
}

const PLAIN = /^[^{}]{1,200}$/;
const KEYS: Record<string, keyof Used> = {
  tag: "tags",
  segment: "segments",
  field: "fields",
  event: "events",
  topic: "topics",
};

/** All names in the document's rules and data, each once, in order of appearance. */
export function harvest(doc: FlowDocument | null): Used {
  const found: Record<keyof Used, Set<string>> = {
    tags: new Set(),
    segments: new Set(),
    fields: new Set(),
    events: new Set(),
    topics: new Set(),
    eventData: new Set(),
  };
  const visit = (value: unknown): void => {
    if (typeof value === "string") {
      for (const [, path] of value.matchAll(/\bevent\.([A-Za-z_][\w.]*)/g)) {
        if (path) found.eventData.add(path);
      }
    }
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      const kind = KEYS[key];
      if (kind && typeof inner === "string" && PLAIN.test(inner)) found[kind].add(inner);
      visit(inner);
    }
  };
  visit(doc?.nodes);
  visit(doc?.settings);
  return {
    tags: [...found.tags],
    segments: [...found.segments],
    fields: [...found.fields],
    events: [...found.events],
    topics: [...found.topics],
    eventData: [...found.eventData],
  };
}

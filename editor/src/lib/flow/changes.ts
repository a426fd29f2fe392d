import { type FlowDocument, type FlowNode, handleOf } from "./shape.ts";

/** What a publication would change. */
export interface Changes {
  added: FlowNode[];
  changed: FlowNode[];
  removed: FlowNode[];
  /** Connections that lead elsewhere, are new or gone. */
  edges: number;
  /** Name, description, parameters or settings differ. */
  settings: boolean;
}

const text = (value: unknown): string => JSON.stringify(value ?? null);

/** The difference between the published document (null before the first) and the draft. Where a card stands is no difference. */
export function changesBetween(before: FlowDocument | null, after: FlowDocument): Changes {
  const old = new Map((before?.nodes ?? []).map((node) => [node.id, node]));
  const now = new Set(after.nodes.map((node) => node.id));
  const ways = (doc: FlowDocument | null) =>
    new Set((doc?.edges ?? []).map((e) => `${e.source}/${handleOf(e)}>${e.target}`));
  const [was, is] = [ways(before), ways(after)];
  const head = (doc: FlowDocument | null) =>
    text([doc?.name, doc?.description, doc?.parameters, doc?.settings]);
  return {
    added: after.nodes.filter((node) => !old.has(node.id)),
    changed: after.nodes.filter((node) => {
      const same = old.get(node.id);
      return same && (same.type !== node.type || text(same.data) !== text(node.data));
    }),
    removed: (before?.nodes ?? []).filter((node) => !now.has(node.id)),
    edges:
      [...is].filter((way) => !was.has(way)).length + [...was].filter((way) => !is.has(way)).length,
    settings: before !== null && head(before) !== head(after),
  };
}

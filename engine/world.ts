import { compileFlow, type Flow } from "./core/flow.ts";
import type { World } from "./core/turn.ts";
import type { Links } from "./links.ts";
import type { FlowVersion, Need, Store } from "./store/store.ts";

/** What a tick depends on beside the contacts, read from the store and kept until something of it changes. */
export interface LiveWorld {
  world: World;
  need: Need;
}

/** Keeps the world; reads it anew only when the store's revision moved. */
export class WorldCache {
  readonly #store: Store;
  readonly #links: Links;
  #revision = -1;
  #live: LiveWorld | null = null;
  readonly #flows = new Map<string, Flow>();

  constructor(store: Store, links: Links) {
    this.#store = store;
    this.#links = links;
  }

  async get(): Promise<LiveWorld> {
    const revision = await this.#store.revision();
    if (this.#live && revision === this.#revision) return this.#live;
    const [workspace, versions, splits, listening] = await Promise.all([
      this.#store.workspace(),
      this.#store.liveVersions(),
      this.#store.splits(),
      this.#store.listening(),
    ]);
    const compiled = versions.map((version) => this.#compile(version));
    const current = versions.flatMap((v, i) => (v.current && compiled[i] ? [compiled[i]] : []));
    const world: World = {
      workspace,
      flows: new Map(current.map((flow) => [flow.id, flow])),
      versions: new Map(compiled.map((flow) => [`${flow.id}@${flow.version}`, flow])),
      decisions: new Map(
        splits.flatMap((s) => (s.decided === null ? [] : [[`${s.flow}/${s.node}`, s.decided]])),
      ),
      listening,
      link: (kind, contact, message, channel) => this.#links.link(kind, contact, message, channel),
      deliver: null,
      answer: null,
      from: null,
    };
    this.#live = { world, need: needOf(versions, workspace.segments) };
    this.#revision = revision;
    return this.#live;
  }

  /** A version never changes, so it is compiled once; only whether its flow is paused does. */
  #compile(version: FlowVersion): Flow {
    const key = `${version.id}@${version.version}@${version.paused}`;
    const known = this.#flows.get(key);
    if (known) return known;
    const { firstPublished, paused, params } = version;
    const flow = compileFlow(version.doc, {
      version: version.version,
      firstPublished,
      paused,
      params,
    });
    this.#flows.set(key, flow);
    return flow;
  }
}

/**
 * Which facts the rules of these flows and segments may read. Looks at every object of the documents, so it may
 * name more than is read, never less.
 */
export function needOf(versions: readonly Pick<FlowVersion, "doc">[], segments: unknown): Need {
  const events = new Set<string>();
  let messages = false;
  let tasks = false;
  const open: unknown[] = [
    segments,
    ...versions.flatMap((v) => [v.doc.settings, ...v.doc.nodes.map((n) => n.data)]),
  ];
  for (let at = open.pop(); open.length > 0 || at !== undefined; at = open.pop()) {
    if (typeof at !== "object" || at === null) continue;
    if (Array.isArray(at)) {
      open.push(...at);
      continue;
    }
    const record = at as Record<string, unknown>;
    if (typeof record.event === "string") events.add(record.event);
    if ("message" in record || "touches" in record || "winner" in record) messages = true;
    if ("task" in record || "touches" in record) tasks = true;
    if ("frequencyCap" in record || "best" in record) messages = true;
    open.push(...Object.values(record));
  }
  return { events: [...events], messages, tasks };
}

import {
  type Instant,
  type NodeType,
  nodeType,
  type Rule,
  type Starts,
  type Window,
} from "../../nodes/index.ts";
import { defaultReentry, type FlowDoc } from "./document.ts";
import type { Channel } from "./state.ts";

/** A node of a flow with its type and its place in the document. */
export interface PlacedNode {
  id: string;
  /** `flow/node`: how what was drawn, fired or decided there is kept. */
  place: string;
  index: number;
  type: NodeType;
  data: Record<string, unknown>;
  /** Output → target, as in the flow's `edges`. */
  targets: Map<string, string>;
}

export interface Cap {
  channel: Channel;
  max: number;
  per: string;
  over: "delay" | "skip";
}

/** A flow version made ready for the interpreter: everything is looked up once, nothing is parsed twice. */
export interface Flow {
  id: string;
  version: number;
  doc: FlowDoc;
  /** When this flow was first published: a date trigger's moments before it don't fire. */
  firstPublished: Instant;
  /** Contacts in a paused flow stay where they are. */
  paused: boolean;
  nodes: ReadonlyMap<string, PlacedNode>;
  /** `node/handle` → target. */
  edges: ReadonlyMap<string, string>;
  triggers: readonly { node: string; starts: Starts }[];
  /** Where someone enrolled by hand begins. */
  entry: string | null;
  reentry: {
    mode: "once" | "after-exit" | "per-key" | "always";
    key: string | null;
    cooldown: string | null;
  };
  exitWhen: Rule | null;
  goal: { when: Rule; within: string | null; value: string | null; exit: boolean } | null;
  timezone: string;
  sendWindow: Window | null;
  hours: "observe" | "ignore";
  holidays: "observe" | "ignore";
  caps: readonly Cap[];
  /** The caps of each channel, by what they do to a message too many. */
  capsOf: ReadonlyMap<Channel, { skip: readonly Cap[]; delay: readonly Cap[] }>;
  onReply: { do: "continue" | "pause" | "exit"; resume: string | null };
  late: { after: string; do: "send" | "skip" | "window" } | null;
  params: Record<string, unknown>;
  /** All ways in which the flow reaches out, for the withdrawal of consent. */
  reaches: readonly { channel: Channel; topic: string; transactional: boolean }[];
}

/** What a document doesn't say of itself. `params` are what a team filled in; defaults else. */
export interface CompileOptions {
  version: number;
  firstPublished: Instant;
  paused: boolean;
  params?: Record<string, unknown>;
}

/** Makes a checked document ready. Unknown node types throw: a document with problems is never published. */
export function compileFlow(doc: FlowDoc, version: CompileOptions): Flow {
  const nodes = new Map<string, PlacedNode>();
  const triggers: { node: string; starts: Starts }[] = [];
  const reaches: { channel: Channel; topic: string; transactional: boolean }[] = [];
  doc.nodes.forEach((node, index) => {
    const type = nodeType(node.type);
    if (!type)
      throw new Error(`flow ${doc.id}: unknown node type “${node.type}” (node ${node.id})`);
    const data = (node.data ?? {}) as Record<string, unknown>;
    const place = `${doc.id}/${node.id}`;
    nodes.set(node.id, { id: node.id, place, index, type, data, targets: new Map() });
    if (type.starts) triggers.push({ node: node.id, starts: type.starts(data) });
    const reach = type.reaches?.(data);
    if (reach) reaches.push({ ...reach, topic: typeof data.topic === "string" ? data.topic : "" });
  });
  const edges = new Map(
    doc.edges.map((edge) => [`${edge.source}/${edge.sourceHandle ?? "next"}`, edge.target]),
  );
  for (const { source, sourceHandle, target } of doc.edges) {
    nodes.get(source)?.targets.set(sourceHandle ?? "next", target);
  }
  const settings = doc.settings ?? {};
  const { reentry, goal, onReply, late } = settings;
  const caps = (settings.frequencyCap ?? []).map((cap): Cap => {
    return { ...cap, over: cap.over ?? "delay" };
  });
  return {
    id: doc.id,
    version: version.version,
    doc,
    firstPublished: version.firstPublished,
    paused: version.paused,
    nodes,
    edges,
    triggers,
    entry: entryOf(doc, triggers),
    reentry: {
      mode: reentry?.mode ?? defaultReentry(doc),
      key: reentry?.key ?? null,
      cooldown: reentry?.cooldown ?? null,
    },
    exitWhen: settings.exitWhen ?? null,
    goal: goal
      ? {
          when: goal.when,
          within: goal.within ?? null,
          value: goal.value ?? null,
          exit: goal.exit ?? false,
        }
      : null,
    timezone: settings.timezone ?? "contact",
    sendWindow: settings.sendWindow ?? null,
    hours: settings.hours ?? "ignore",
    holidays: settings.holidays ?? "observe",
    caps,
    capsOf: new Map(
      caps.map(({ channel }) => {
        const own = caps.filter((cap) => cap.channel === channel);
        const of = (over: Cap["over"]) => own.filter((cap) => cap.over === over);
        return [channel, { skip: of("skip"), delay: of("delay") }];
      }),
    ),
    onReply: { do: onReply?.do ?? "continue", resume: onReply?.resume ?? null },
    late: late ? { after: late.after, do: late.do ?? "send" } : null,
    params: paramsOf(doc, version.params),
    reaches,
  };
}

/** The trigger by hand, else the first trigger, else the first node that no edge leads to. */
function entryOf(doc: FlowDoc, triggers: { node: string; starts: Starts }[]): string | null {
  const manual = triggers.find((t) => t.starts.on === "manual") ?? triggers[0];
  if (manual) return manual.node;
  const targets = new Set(doc.edges.map((e) => e.target));
  return (doc.nodes.find((n) => !targets.has(n.id)) ?? doc.nodes[0])?.id ?? null;
}

function paramsOf(
  doc: FlowDoc,
  given: Record<string, unknown> | undefined,
): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(doc.parameters ?? {})) {
    params[name] = given?.[name] ?? parameter.default ?? "";
  }
  return params;
}

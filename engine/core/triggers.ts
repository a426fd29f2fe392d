import type { Instant, Rule, Starts, Where, Window } from "../../nodes/index.ts";
import { dig } from "./compare.ts";
import { enroll, type Start } from "./enroll.ts";
import type { Flow } from "./flow.ts";
import { holidayOn } from "./holidays.ts";
import { holidaysOf } from "./hours.ts";
import { dataHolds, triggerHolds } from "./scope.ts";
import type { ContactState } from "./state.ts";
import { keywordMatches } from "./text.ts";
import { inWindow } from "./time.ts";
import { type Change, type Turn, turnOf, type World } from "./turn.ts";

/** Starts every flow whose trigger listens to the change. */
export function startFlows(turn: Turn, change: Change): void {
  const { kind } = change.what;
  if ((kind === "other" || kind === "consent") && !isListenedTo(turn, change)) return;
  for (const flow of turn.world.flows.values()) {
    for (const { node, starts } of flow.triggers) {
      const start = matches(turn, flow, node, starts, change);
      if (start) enroll(turn, flow, { trigger: node, depth: change.depth, ...start });
    }
  }
}

const listened = new WeakMap<World["flows"], ReadonlySet<string>>();

/** Whether some flow begins when a field changes that the engine itself keeps: the last touch, the last reply. */
function isListenedTo({ world: { flows } }: Turn, { keys }: Change): boolean {
  let fields = listened.get(flows);
  if (!fields) {
    const starts = [...flows.values()].flatMap((flow) => flow.triggers.map((t) => t.starts));
    fields = new Set(starts.flatMap((s) => (s.on === "field" ? [`field:${s.field}`] : [])));
    listened.set(flows, fields);
  }
  for (const key of keys) if (fields.has(key)) return true;
  return false;
}

type Match = Pick<Start, "event" | "dueMoment" | "admitted">;

function matches(
  turn: Turn,
  flow: Flow,
  node: string,
  starts: Starts,
  change: Change,
): Match | null {
  const { what } = change;
  if (starts.on === "field") return matchesField(turn, flow, node, starts, change);
  switch (what.kind) {
    case "created":
      if (starts.on !== "created") return null;
      return admitted(turn, flow, node, { where: starts.where }, {});
    case "event":
      return matchesEvent(turn, flow, node, starts, what);
    case "tag":
      return starts.on === "tag" && starts.tag === what.tag && starts.change === what.change
        ? plain({ tag: what.tag })
        : null;
    case "segment":
      return starts.on === "segment" &&
        starts.segment === what.segment &&
        starts.change === what.change
        ? {
            ...plain({ segment: what.segment }),
            admitted: { rule: pointer(flow, node, "segment"), facts: what.facts },
          }
        : null;
    case "inbound":
      return matchesMessage(turn, flow, starts, change.at, what);
    case "fire": {
      if (what.flow !== flow.id || what.node !== node) return null;
      const rule = starts.on === "schedule" ? { audience: starts.audience } : {};
      const match = admitted(turn, flow, node, rule, {});
      return match && { ...match, dueMoment: what.moment };
    }
    default:
      return null;
  }
}

const plain = (data: Record<string, unknown>, id: string | null = null): Match => ({
  event: { id, data },
});

/** Starts the flow when the trigger's rule (under its key in the node's data) holds, if it has one. */
function admitted(
  turn: Turn,
  flow: Flow,
  node: string,
  rules: { where?: Rule | undefined; audience?: Rule },
  data: Record<string, unknown>,
): Match | null {
  const [key, rule] = Object.entries(rules)[0] ?? [];
  if (key === undefined || rule === undefined) return plain(data);
  const facts: Record<string, unknown> = {};
  if (!triggerHolds(turn, flow, rule, data, facts)) return null;
  return { ...plain(data), admitted: { rule: pointer(flow, node, key), facts } };
}

const pointer = (flow: Flow, node: string, key: string): string =>
  `/nodes/${flow.nodes.get(node)?.index ?? 0}/data/${key}`;

function matchesField(
  turn: Turn,
  flow: Flow,
  node: string,
  { field, where }: Starts & { on: "field" },
  change: Change,
): Match | null {
  if (!change.keys.includes(`field:${field}`)) return null;
  const value = turn.state.contact.fields[field] ?? null;
  return admitted(turn, flow, node, { where }, { field, value });
}

function matchesEvent(
  turn: Turn,
  flow: Flow,
  node: string,
  starts: Starts,
  what: Extract<Change["what"], { kind: "event" }>,
): Match | null {
  const match = plain({ ...what.data }, what.id);
  if (starts.on === "webhook") {
    return what.webhook?.flow === flow.id && what.webhook.node === node ? match : null;
  }
  if (starts.on !== "event" || starts.event !== what.name) return null;
  const where = starts.where as Where[] | undefined;
  if (!where || where.length === 0) return match;
  if (!dataHolds(turn, flow, where, what.data)) return null;
  const facts = Object.fromEntries(
    where.map((w) => [`event.${w.data}`, dig(what.data, w.data) ?? null]),
  );
  return { ...match, admitted: { rule: pointer(flow, node, "where"), facts } };
}

/** Keywords, and office hours in the workspace's zone, none on a holiday. An opt-out word starts nothing. */
function matchesMessage(
  turn: Turn,
  flow: Flow,
  starts: Starts,
  at: Instant,
  what: Extract<Change["what"], { kind: "inbound" }>,
): Match | null {
  if (starts.on !== "message" || what.opt === "stop" || starts.channel !== what.channel)
    return null;
  const { workspace } = turn.world;
  const isOpen = (window: Window) =>
    inWindow(window, at, workspace.timezone) &&
    holidayOn(holidaysOf(workspace, flow), at, workspace.timezone) === null;
  if (starts.within && !isOpen(starts.within)) return null;
  if (starts.outside && isOpen(starts.outside)) return null;
  if (!keywordMatches(what.text, starts.keywords, starts.match)) return null;
  return plain({ ...what.data, channel: what.channel, text: what.text }, what.id);
}

/** Whether a schedule would start the flow for the contact at this moment; facts that change now are not seen. */
export const audienceHolds = (
  world: World,
  state: ContactState,
  flow: Flow,
  starts: Starts & { on: "schedule" },
  now: Instant,
): boolean => triggerHolds(turnOf(world, state, now), flow, starts.audience, {}, {});

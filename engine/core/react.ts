import type { Instant, Rule, Starts, Where } from "../../nodes/index.ts";
import { enroll, MOST_DEPTH, type Start } from "./enroll.ts";
import type { Flow } from "./flow.ts";
import { compare, dig, evaluate, readsOf } from "./rules.ts";
import { endRun, pause, wake } from "./runs.ts";
import { contactRule, runRule, waitedRule, zoneOf } from "./scope.ts";
import type { ContactState, Run } from "./state.ts";
import { keywordMatches } from "./text.ts";
import { addDuration, inWindow } from "./time.ts";
import { type Change, concerns, flowOf, line, note, type Turn, type World } from "./turn.ts";

/** After the facts, goals and exits of a change: replies, waits, segments, triggers, in this order. */
export function react(turn: Turn, change: Change): void {
  reply(turn, change);
  wakeWaits(turn, change);
  segments(turn, change);
  startFlows(turn, change);
}

/** `onReply`: an inbound message or a handled call stops the contact's runs for a person. */
function reply(turn: Turn, change: Change): void {
  const { what } = change;
  const isReply =
    (what.kind === "inbound" && what.opt !== "stop" && what.opt !== "help") ||
    (what.kind === "handled" && what.spoken);
  if (!isReply) return;
  for (const run of [...turn.state.runs]) {
    if (run.state !== "active" && run.state !== "paused") continue;
    if (what.kind === "inbound" && run.startedBy === what.id) continue;
    if (what.kind === "handled" && run.flow === what.flow && run.n === what.n) continue;
    const flow = flowOf(turn, run);
    if (!flow || flow.onReply.do === "continue") continue;
    if (flow.onReply.do === "exit") {
      endRun(turn, run, { state: "exited", reason: "reply" });
      continue;
    }
    const zone = zoneOf(turn.world, turn.state, flow.timezone);
    const { resume } = flow.onReply;
    const byHand = resume === null || resume === "manual";
    pause(turn, run, byHand ? null : addDuration(turn.now, resume, zone), {
      reply: what.kind === "inbound" ? what.channel : "call",
    });
  }
}

/** Runs whose `wait-for` reads what changed, or whose rule time alone has flipped. */
function wakeWaits(turn: Turn, change: Change): void {
  if (change.depth > MOST_DEPTH) return;
  for (const run of turn.state.runs) {
    if (run.waiting !== "rule" || (run.state !== "active" && run.state !== "paused")) continue;
    // What happened after the deadline doesn't count: the run leaves by timeout.
    if (run.kept !== null || (run.until !== null && change.at > run.until)) continue;
    const flow = flowOf(turn, run);
    const rule = flow && waitedRule(flow, run);
    if (!flow || !rule) continue;
    const isFlipped = change.keys.includes(`flip:${run.flow}/${run.n}`);
    if (!isFlipped && !concerns(change, readsOf(rule, turn.world.workspace.segments))) continue;
    if (!runRule(turn, run, flow, rule, "wait").holds) continue;
    run.depth = change.depth;
    wake(turn, run, { by: "rule" });
  }
}

/** Every segment that some trigger listens to. */
export function watchedSegments(turn: Pick<Turn, "world">): Set<string> {
  const names = new Set<string>();
  for (const flow of turn.world.flows.values()) {
    for (const { starts } of flow.triggers) if (starts.on === "segment") names.add(starts.segment);
  }
  return names;
}

/** Who is in a segment when listening begins is the baseline, and triggers nothing. */
export function baseline(world: World, state: ContactState, now: Instant): void {
  for (const name of watchedSegments({ world })) {
    const rule = world.workspace.segments[name];
    const zone = world.workspace.timezone;
    const scope = { state, now, workspace: world.workspace, zone, run: null, since: "ever" as const };
    if (rule && evaluate(rule, scope).holds) state.members[name] = true;
  }
}

function segments(turn: Turn, change: Change): void {
  for (const name of watchedSegments(turn)) {
    const rule = turn.world.workspace.segments[name];
    if (!rule) continue;
    const isOwn = change.keys.includes(`segment:${name}`);
    const isNew = change.what.kind === "created";
    if (isNew || isOwn || concerns(change, readsOf(rule, turn.world.workspace.segments))) {
      lookAtSegment(turn, name, rule, change.depth);
    }
  }
}

function lookAtSegment(turn: Turn, name: string, rule: Rule, depth: number): void {
  const { holds } = contactRule(turn, rule, turn.world.workspace.timezone);
  const was = Object.hasOwn(turn.state.members, name);
  if (holds === was) return;
  if (holds) turn.state.members[name] = true;
  else delete turn.state.members[name];
  turn.changes.contact = true;
  note(turn, {
    keys: [],
    at: turn.now,
    depth,
    what: { kind: "segment", segment: name, change: holds ? "entered" : "left" },
  });
}

/** Starts every flow whose trigger listens to the change. */
function startFlows(turn: Turn, change: Change): void {
  if (change.what.kind === "other" || change.what.kind === "consent") return;
  for (const flow of turn.world.flows.values()) {
    for (const { node, starts } of flow.triggers) {
      const start = matches(turn, flow, node, starts, change);
      if (start) enroll(turn, flow, { trigger: node, depth: change.depth, ...start });
    }
  }
}

type Match = Pick<Start, "event" | "dueMoment">;
const plain: Match = { event: { id: null, data: {} } };

function matches(turn: Turn, flow: Flow, node: string, starts: Starts, change: Change): Match | null {
  const { what } = change;
  switch (what.kind) {
    case "created": {
      if (starts.on !== "created") return null;
      return !starts.where || holds(turn, flow, starts.where) ? plain : null;
    }
    case "event": {
      if (starts.on === "webhook") {
        const isHooked = what.webhook?.flow === flow.id && what.webhook.node === node;
        return isHooked ? { event: { id: what.id, data: { ...what.data } } } : null;
      }
      if (starts.on !== "event" || starts.event !== what.name) return null;
      const fits = (starts.where as Where[] | undefined)?.every((w) =>
        compare(dig(what.data, w.data), w.op, w.value),
      );
      return fits === false ? null : { event: { id: what.id, data: { name: what.name, ...what.data } } };
    }
    case "tag":
      return starts.on === "tag" && starts.tag === what.tag && starts.change === what.change
        ? { event: { id: null, data: { tag: what.tag } } }
        : null;
    case "segment":
      return starts.on === "segment" && starts.segment === what.segment && starts.change === what.change
        ? { event: { id: null, data: { segment: what.segment } } }
        : null;
    case "field":
      if (starts.on !== "field" || !what.fields.includes(starts.field)) return null;
      if (starts.where && !holds(turn, flow, starts.where)) return null;
      return {
        event: {
          id: null,
          data: { field: starts.field, value: turn.state.contact.fields[starts.field] ?? null },
        },
      };
    case "inbound":
      return matchesMessage(turn, starts, what);
    case "fire":
      if (what.flow !== flow.id || what.node !== node) return null;
      if (starts.on === "schedule" && !holds(turn, flow, starts.audience)) return null;
      return { event: { id: null, data: {} }, dueMoment: what.moment };
    default:
      return null;
  }
}

const holds = (turn: Turn, flow: Flow, rule: Rule): boolean =>
  contactRule(turn, rule, zoneOf(turn.world, turn.state, flow.timezone)).holds;

/** Keywords, and office hours in the workspace's zone. An opt-out word starts nothing. */
function matchesMessage(
  turn: Turn,
  starts: Starts,
  what: Extract<Change["what"], { kind: "inbound" }>,
): Match | null {
  if (starts.on !== "message" || what.opt === "stop" || starts.channel !== what.channel) return null;
  const zone = turn.world.workspace.timezone;
  if (starts.within && !inWindow(starts.within, turn.now, zone)) return null;
  if (starts.outside && inWindow(starts.outside, turn.now, zone)) return null;
  if (!keywordMatches(what.text, starts.keywords, starts.match)) return null;
  return { event: { id: what.id, data: { ...what.data, channel: what.channel, text: what.text } } };
}

/** Lets a run that failed go on from its node, by hand. */
export function retry(turn: Turn, run: Run): void {
  if (run.state !== "failed" || run.node === null) return;
  run.state = "active";
  run.reason = null;
  run.ended = null;
  run.held = true;
  run.until = turn.now;
  line(turn, run, "resumed", {});
}

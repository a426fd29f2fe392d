import type { Effect, Instant } from "../../nodes/index.ts";
import { enroll } from "./enroll.ts";
import type { Flow, PlacedNode } from "./flow.ts";
import { keyOf } from "./gate.ts";
import { dueInHours } from "./hours.ts";
import { request, sendToTeam } from "./outgoing.ts";
import { wake } from "./runs.ts";
import { zoneOf } from "./scope.ts";
import type { Run, Value } from "./state.ts";
import { line, note, type Turn } from "./turn.ts";

/** Applies what a node does beside moving the contact. Throws `TemplateError`. */
export function applyEffect(
  turn: Turn,
  run: Run,
  flow: Flow,
  node: PlacedNode,
  effect: Effect,
): void {
  const depth = run.depth + 1;
  switch (effect.do) {
    case "tag":
      for (const tag of effect.remove) removeTag(turn, tag, depth, run);
      for (const { tag, expires } of effect.add) addTag(turn, tag, expires, depth, run);
      return;
    case "set":
      setFields(turn, effect.fields as Record<string, Value>, depth, run);
      return;
    case "score": {
      const before = Number(turn.state.contact.fields.score ?? 0);
      const score = (Number.isFinite(before) ? before : 0) + effect.add;
      setFields(turn, { score }, depth, run);
      return;
    }
    case "stage":
      setFields(
        turn,
        { stage: effect.to },
        depth,
        run,
        effect.pipeline ? { pipeline: effect.pipeline } : {},
      );
      return;
    case "emit": {
      const id = `emit.${keyOf(run, node.id, run.visit)}`;
      const fact = { id, name: effect.event, at: turn.now, data: effect.data };
      turn.state.events.push(fact);
      turn.changes.events.push(fact);
      note(turn, {
        keys: [`event:${effect.event}`],
        at: turn.now,
        depth,
        what: { kind: "event", id, name: effect.event, data: effect.data },
      });
      return;
    }
    case "task":
      openTask(turn, run, flow, node, effect);
      return;
    case "start":
      startFlow(turn, run, effect, depth);
      return;
    case "goal":
      line(turn, run, "goal", {
        name: effect.name,
        ...(effect.value === undefined ? {} : { value: effect.value }),
      });
      return;
    case "request":
      request(turn, run, flow, node, effect);
      return;
    case "notify":
    case "letter":
      sendToTeam(turn, run, flow, node, effect);
      return;
    case "store":
      run.steps[effect.as] = effect.value;
      note(turn, { keys: ["data"], at: turn.now, depth, what: { kind: "other" } });
      return;
    case "drawn":
      turn.state.drawn[node.place] = effect.variant;
      turn.changes.marks = true;
      return;
  }
}

/** Sets a tag; only a new one is a change, a known one gets its new expiry. */
export function addTag(
  turn: Turn,
  tag: string,
  expires: number | null,
  depth: number,
  run: Run | null,
): void {
  const { tags } = turn.state.contact;
  const known = Object.hasOwn(tags, tag) ? tags[tag] : undefined;
  tags[tag] = { since: known?.since ?? turn.now, expires };
  turn.changes.tags = true;
  if (run && (!known || known.expires !== expires)) {
    line(turn, run, "changed", { tag, to: true, ...(expires === null ? {} : { expires }) });
  }
  if (known) return;
  note(turn, {
    keys: [`tag:${tag}`],
    at: turn.now,
    depth,
    what: { kind: "tag", tag, change: "added" },
  });
}

/** Takes a tag off; one that isn't there changes nothing. */
export function removeTag(turn: Turn, tag: string, depth: number, run: Run | null): void {
  if (!Object.hasOwn(turn.state.contact.tags, tag)) return;
  delete turn.state.contact.tags[tag];
  turn.changes.tags = true;
  if (run) line(turn, run, "changed", { tag, to: false });
  note(turn, {
    keys: [`tag:${tag}`],
    at: turn.now,
    depth,
    what: { kind: "tag", tag, change: "removed" },
  });
}

const isSame = (a: unknown, b: unknown): boolean =>
  a === b || JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** Sets fields (null or "" clears); what stays the same is no change. `more` goes on the lines. */
export function setFields(
  turn: Turn,
  fields: Record<string, Value>,
  depth: number,
  run: Run | null,
  more: Record<string, unknown> = {},
): void {
  const { contact } = turn.state;
  const changed: string[] = [];
  for (const [name, given] of Object.entries(fields)) {
    const value = given === "" ? null : given;
    const before = Object.hasOwn(contact.fields, name) ? contact.fields[name] : null;
    if (isSame(before, value)) continue;
    if (value === null || value === undefined) delete contact.fields[name];
    else contact.fields[name] = value;
    contact.fieldsSet[name] = turn.now;
    changed.push(name);
    if (run)
      line(turn, run, "changed", { field: name, from: before ?? null, to: value ?? null, ...more });
  }
  if (changed.length === 0) return;
  turn.changes.contact = true;
  note(turn, {
    keys: changed.map((name) => `field:${name}`),
    at: turn.now,
    depth,
    what: { kind: "field" },
  });
}

/** When the work is due: while the team works, a call also when the contact wants to be reached. */
function dueOf(
  { world, state }: Turn,
  flow: Flow,
  { kind, due }: Extract<Effect, { do: "task" }>,
): Instant | null {
  if (due === null) return null;
  const zone = zoneOf(world, state, flow.timezone);
  return dueInHours(world.workspace, state, flow, { kind, due }, zone);
}

function openTask(
  turn: Turn,
  run: Run,
  flow: Flow,
  node: PlacedNode,
  effect: Extract<Effect, { do: "task" }>,
): void {
  const key = keyOf(run, node.id, run.visit);
  const task = {
    key,
    kind: effect.kind,
    flow: run.flow,
    version: run.version,
    n: run.n,
    node: node.id,
    visit: run.visit,
    title: effect.title,
    notes: effect.notes ?? "",
    assignee: effect.assignee ?? null,
    opened: turn.now,
    due: dueOf(turn, flow, effect),
    closed: null,
    outcome: null,
  };
  turn.state.tasks.push(task);
  turn.changes.tasks.add(task);
  line(turn, run, "task", {
    task: task.kind,
    state: "open",
    title: task.title,
    ...(task.assignee ? { assignee: task.assignee } : {}),
    due: task.due,
  });
}

function startFlow(
  turn: Turn,
  run: Run,
  effect: Extract<Effect, { do: "start" }>,
  depth: number,
): void {
  const target = turn.world.flows.get(effect.flow);
  const started = target
    ? enroll(turn, target, {
        trigger: target.entry,
        depth,
        event: { id: run.startedBy, data: run.event },
        ...(effect.wait ? { parent: { flow: run.flow, n: run.n } } : {}),
      })
    : null;
  if (!target)
    turn.changes.warnings.push(
      `flow ${run.flow}: there is no published flow “${effect.flow}” to start`,
    );
  if (started === null && effect.wait) wake(turn, run, { by: "ended" });
}

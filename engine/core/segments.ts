import type { Instant, Rule } from "../../nodes/index.ts";
import { evaluate } from "./rules.ts";
import { readsOf } from "./rules-reads.ts";
import { segmentHolds } from "./scope.ts";
import type { ContactState } from "./state.ts";
import { type Change, concerns, note, type Turn, type World } from "./turn.ts";

const watched = new WeakMap<object, ReadonlySet<string>>();

/** Every segment that some trigger listens to. */
export function watchedSegments({ world: { flows } }: Pick<Turn, "world">): ReadonlySet<string> {
  const known = watched.get(flows);
  if (known) return known;
  const names = new Set<string>();
  for (const flow of flows.values()) {
    for (const { starts } of flow.triggers) if (starts.on === "segment") names.add(starts.segment);
  }
  watched.set(flows, names);
  return names;
}

/** Who is in a segment when listening begins is the baseline, and triggers nothing. */
export function baseline(world: World, state: ContactState, now: Instant): void {
  for (const name of watchedSegments({ world })) {
    const rule = world.workspace.segments[name];
    const zone = world.workspace.timezone;
    const scope = {
      state,
      now,
      workspace: world.workspace,
      zone,
      run: null,
      since: "ever" as const,
    };
    if (rule && evaluate(rule, scope).holds) state.members[name] = true;
  }
}

/** Entries into segments and leavings that a change may have brought. */
export function segments(turn: Turn, change: Change): void {
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
  const { holds } = segmentHolds(turn, rule);
  const was = Object.hasOwn(turn.state.members, name);
  if (holds === was) return;
  if (holds) turn.state.members[name] = true;
  else delete turn.state.members[name];
  turn.changes.marks = true;
  note(turn, {
    keys: [],
    at: turn.now,
    depth,
    what: { kind: "segment", segment: name, change: holds ? "entered" : "left" },
  });
}

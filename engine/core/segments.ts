import type { Instant, Rule } from "../../nodes/index.ts";
import { evaluate } from "./rules.ts";
import { readsOf } from "./rules-reads.ts";
import { segmentHolds } from "./scope.ts";
import type { ContactState, Listening, Stamp } from "./state.ts";
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

/** Where the stamp stands among the memberships: no segment has an empty name. */
const STAMP = "";

/** The stamp of a contact that comes to be: one that came silently is looked at as it was then. */
export const stamped = (stamp: Stamp): ContactState["members"] => ({ [STAMP]: stamp });

/** The segments of which the contact is known to be a member. */
export const membersOf = (state: ContactState): string[] =>
  Object.keys(state.members).filter((name) => name !== STAMP);

/** Who is in a segment when listening begins is the baseline, and triggers nothing. */
export function baseline(world: World, state: ContactState, now: Instant): void {
  for (const name of watchedSegments({ world })) setMember(world, state, name, now);
}

/** Whether the contact is in the segment at a moment, noted without anybody having entered it. */
function setMember(world: World, state: ContactState, name: string, now: Instant): void {
  const { workspace } = world;
  const rule = workspace.segments[name];
  const zone = workspace.timezone;
  const scope = { state, now, workspace, zone, run: null, since: "ever" as const };
  if (rule && evaluate(rule, scope).holds) state.members[name] = true;
  else delete state.members[name];
}

/**
 * Before anything happens to the contact, what it was a member of when listening began. It is the same now as then:
 * whatever had changed it since would have been a turn. So publishing looks at nobody.
 */
export function catchUp(turn: Turn): void {
  const { world, state } = turn;
  const { listening } = world;
  if (!listening || listening.size === 0 || state.contact.erased) return;
  const stamp = (state.members[STAMP] as Stamp | undefined) ?? { n: 0 };
  const newest = newestOf(listening);
  if (stamp.n >= newest) return;
  for (const name of watchedSegments(turn)) {
    const began = listening.get(name);
    if (!began || began.n <= stamp.n) continue;
    setMember(world, state, name, Math.max(began.at, stamp.at ?? began.at));
  }
  state.members[STAMP] = { n: newest };
  turn.changes.marks = true;
}

const newests = new WeakMap<object, number>();

function newestOf(listening: ReadonlyMap<string, Listening>): number {
  const known = newests.get(listening);
  if (known !== undefined) return known;
  const newest = Math.max(...[...listening.values()].map(({ n }) => n));
  newests.set(listening, newest);
  return newest;
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
  const facts: Record<string, unknown> = { [`segment:${name}`]: holds };
  segmentHolds(turn, rule, facts);
  note(turn, {
    keys: [],
    at: turn.now,
    depth,
    what: { kind: "segment", segment: name, change: holds ? "entered" : "left", facts },
  });
}

import type { Instant } from "../../nodes/index.ts";
import type { ContactRow } from "../contacts/types.ts";
import { bareState } from "../core/changes.ts";
import type { Contact, ContactState, Input } from "../core/state.ts";
import type { ScriptedEvent } from "./events.ts";

/** One simulated contact: its state, and what will happen to it. */
export interface Actor {
  state: ContactState;
  script: ScriptedEvent[];
  next: number;
  /** Inputs of this moment that don't come from the script. */
  inputs: Input[];
  /** When it must be looked at. */
  due: Instant | null;
  exists: boolean;
  begins: Instant;
  /** Comes to be by an event, not by the file. */
  born: boolean;
  erases: boolean;
  /** What the next calls of a webhook node are answered. */
  answers: Map<string, { status: number; body: unknown }[]>;
}

/** A contact that comes to be at `begins`; `id` is its own, its key unless somebody had that before. */
export const actorOf = (
  row: ContactRow,
  id: string,
  { created, begins, born }: { created: Instant; begins: Instant; born: boolean },
): Actor => withState(freshState(row, id, created), { begins, born });

/** Somebody who is there already, with all that is known of them; they have no runs yet. */
export const actorIn = (state: ContactState, when: { begins: Instant; born: boolean }): Actor => {
  state.runs = [];
  // An open call belongs to a run that is not gone on with.
  state.tasks = state.tasks.filter((task) => task.closed !== null);
  state.members = {};
  return withState(state, when);
};

const withState = (
  state: ContactState,
  { begins, born }: { begins: Instant; born: boolean },
): Actor => ({
  state,
  script: [],
  next: 0,
  inputs: [],
  due: null,
  exists: false,
  begins,
  born,
  erases: false,
  answers: new Map(),
});

/** Something that will happen to the contact after `now`, in order of time among all that will. */
export function add(
  actor: Actor,
  { at, input }: { at: Instant; input: Input },
  now: Instant,
): void {
  const moment = Math.max(at, now + 1);
  let place = actor.script.length;
  while (place > actor.next && (actor.script[place - 1]?.at ?? 0) > moment) place--;
  actor.script.splice(place, 0, {
    at: moment,
    line: 0,
    contact: actor.state.contact.id,
    what: { kind: "input", input: { ...input, at: moment } },
  });
}

/** What the next call of a webhook node is answered, after those already prepared. */
export function prepare(
  actor: Actor,
  { node, status, body }: { node: string; status: number; body: unknown },
): void {
  const queue = actor.answers.get(node) ?? [];
  queue.push({ status, body });
  actor.answers.set(node, queue);
}

/** A contact that nothing has happened to. What splits are drawn from is its key. */
function freshState(row: ContactRow, id: string, created: Instant): ContactState {
  const contact: Contact = {
    id,
    seed: row.key,
    created,
    fields: { ...row.fields },
    fieldsSet: {},
    tags: Object.fromEntries(row.tags.map((tag) => [tag, { since: created, expires: null }])),
    // The file doesn't say since when, so what history tells of consent is newer.
    consents: consentsOf(row.consent, 0),
    stopped: [],
    suppressed: {},
    erased: false,
  };
  return bareState(contact);
}

const CHANNELS = ["email", "sms", "whatsapp", "call", "letter"];

/** A list of channels says yes to them and no to the others; no list leaves it to the workspace. */
function consentsOf(granted: string[] | null, at: Instant): Contact["consents"] {
  if (granted === null) return [];
  return [...new Set([...CHANNELS, ...granted])].map((channel) => ({
    channel,
    topic: "",
    granted: granted.includes(channel),
    at,
    source: "import",
  }));
}

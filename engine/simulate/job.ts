import type { Instant } from "../../nodes/index.ts";
import type { ContactRow } from "../contacts/types.ts";
import type { Changes } from "../core/changes.ts";
import type { Flow } from "../core/flow.ts";
import type { JournalLine } from "../core/journal.ts";
import type { ContactState, Input, Workspace } from "../core/state.ts";
import type { ScriptedEvent } from "./events.ts";

/** What is simulated: a flow, its people, what happens to them, and for how long. */
export interface Simulation {
  /** The flow that is simulated; its `trigger.manual` enrolls every contact. */
  flow: Flow;
  /** Flows that `start-flow`, tags and events may reach. */
  others: Flow[];
  contacts: ContactRow[];
  /** More people, each as they are: the state is taken over and changed. Their runs are not gone on with. */
  states?: ContactState[];
  /** False: nobody enters by `trigger.manual` unless a scripted `enroll` says so. */
  enroll?: boolean;
  events: ScriptedEvent[];
  /** The span is [from, until). */
  from: Instant;
  until: Instant;
  workspace: Workspace;
  /** Gets every line, in the journal's order. */
  write?: (line: JournalLine) => void;
  /** Called now and then with how far the virtual clock has come; false ends the span there. */
  progress?: (at: Instant) => boolean | undefined;
  /** Sees what a turn did to a contact, and says what this contact does about it later. */
  watch?: (changes: Changes, at: Instant) => Later[];
  /** Messages keep what they say; else only their lines do, and a year of many people fits into memory. */
  keepTexts?: boolean;
  /** What was decided of splits with a winner when more people ran; this run's own numbers then decide nothing. */
  decided?: readonly Decided[];
}

/** Something that will happen to the contact whose turn it is. */
export interface Later {
  at: Instant;
  input: Input;
}

/** A split whose winner is known. */
export interface Decided {
  at: Instant;
  flow: string;
  node: string;
  winner: string;
  by: string;
  numbers: unknown;
}

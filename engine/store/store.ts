import type { Instant, Rule } from "../../nodes/index.ts";
import type { Changes } from "../core/changes.ts";
import type { FlowDoc } from "../core/document.ts";
import type {
  ContactState,
  Input,
  Line,
  Listening,
  Message,
  MessageState,
  Task,
  Value,
  Workspace,
} from "../core/state.ts";
import type { Claim, SendDone, Sending, Worked } from "./sends.ts";

export type { Claim, SendDone, Sending, Worked } from "./sends.ts";

import type { EnrollmentRow, FlowCounts, StandingRow, StandingState } from "./figures.ts";
import type { JobStore } from "./jobs.ts";
import type { RequestStore } from "./requests.ts";
import type { WorkerStore } from "./workers.ts";

export type { EnrollmentRow, FlowCounts, StandingRow, StandingState } from "./figures.ts";

import type { AccountStore, Seal, Sealed } from "./accounts.ts";

/**
 * The store: whole units of work in the words of the domain, never a transaction handed out.
 * Two implementations pass one contract suite (`tests/store/contract.ts`). Every method is one
 * transaction: after a crash at any instant everything is either as before it or after it.
 */
export interface Store extends RequestStore, JobStore, WorkerStore {
  close(): Promise<void>;

  // ── workspace ─────────────────────────────────────────────────────────────────────────────
  /** Made at first start and never changed: part of every provider's idempotency key. */
  installation(): Promise<string>;
  workspace(): Promise<Workspace>;
  /** Changes what is given; see `saveSegment` for segments that by this mean something else at `at`. */
  setWorkspace(workspace: Partial<Workspace>, at: Instant): Promise<void>;
  /** Moves whenever flows, versions, segments, fields, settings or decisions change, whichever process does it. */
  revision(): Promise<number>;
  /** Where a trigger listens to it, whoever is in it by the new rule at `at` is its baseline: nobody has entered or left. */
  saveSegment(name: string, rule: Rule, at: Instant): Promise<void>;
  /** Whoever refers to it has to be looked at before. False: there was none. */
  deleteSegment(name: string, at: Instant): Promise<boolean>;
  /** Adds a custom field or gives it another type; contacts' values stay. */
  saveField(name: string, type: string): Promise<void>;
  /** Contacts' values stay. False: there was none. */
  deleteField(name: string): Promise<boolean>;
  /** Since when triggers listen to each segment, or since when it means what it means now. */
  listening(): Promise<ReadonlyMap<string, Listening>>;
  setting(name: string): Promise<string | null>;
  setSetting(name: string, value: string | null): Promise<void>;

  // ── flows ─────────────────────────────────────────────────────────────────────────────────
  /** Adds the flow or replaces its draft; versions stay. */
  saveDraft(doc: FlowDoc, at: Instant): Promise<void>;
  /** Deletes a flow that was never published; false: it was, or there is none. */
  deleteDraft(id: string): Promise<boolean>;
  flows(): Promise<FlowRecord[]>;
  flow(id: string): Promise<FlowRecord | null>;
  /**
   * Makes the next immutable version, the one that triggers start from now on. `wake` has every contact looked at
   * once (timers of new triggers are computed then), and segments that it begins to listen to have those looked at
   * whom time may move: both by `sweep`, so that publishing takes no longer for many contacts.
   */
  publish(id: string, doc: FlowDoc, at: Instant, options: PublishOptions): Promise<FlowVersion>;
  /** Every version that is current or has open runs: what the engine must know to go on. */
  liveVersions(): Promise<FlowVersion[]>;
  version(id: string, version: number): Promise<FlowVersion | null>;
  pauseFlow(id: string, at: Instant): Promise<void>;
  /** `shift` moves every due moment of its runs by the length of the pause; else the overdue go on. */
  resumeFlow(id: string, at: Instant, shift: boolean): Promise<void>;

  // ── contacts ──────────────────────────────────────────────────────────────────────────────
  /** By id (of a contact merged into another too), e-mail or phone (normalised by the caller). */
  findContact(key: string): Promise<string | null>;
  loadContact(id: string): Promise<ContactState | null>;
  /** Ids by normalised e-mail and phone, for a batch of rows. Keys `email:…` and `phone:…`. */
  findMany(keys: string[]): Promise<Map<string, ContactKnown>>;
  /**
   * Creates and updates contacts as an import decided, in one transaction; `created` inputs are added when `fire`.
   * Returns their ids, in the order of the rows. Who is new by a silent one is looked at only if timers or the passing
   * of time may have something for them; nobody has entered a segment by it.
   */
  writeContacts(rows: ContactWrite[], at: Instant, fire: boolean): Promise<string[]>;
  /** Contacts that a rule holds for (null: all), by id after `after`. */
  contacts(
    rule: Rule | null,
    now: Instant,
    page: { after?: string; limit: number },
  ): Promise<ContactRow[]>;
  /** Whole states of contacts that a rule holds for (null: all), by id after `after`; of their facts those of `need`. */
  states(
    rule: Rule | null,
    now: Instant,
    page: { after?: string; limit: number },
    need: Need,
  ): Promise<ContactState[]>;
  countContacts(rule: Rule | null, now: Instant): Promise<number>;
  /** Tags that somebody has now, with how many do; the most used first. At most 1,000. */
  tagCounts(now: Instant): Promise<{ tag: string; contacts: number }[]>;

  /**
   * Silently gives everybody who has a tag another one in its place, or none (null): of the two the earlier beginning and
   * the later end count, and no trigger hears of it. Set by set, and so no single transaction: cut short, it is to be
   * called again. Returns how many had it.
   */
  moveTag(tag: string, to: string | null, at: Instant): Promise<number>;

  // ── what happens ──────────────────────────────────────────────────────────────────────────
  /** Keeps inputs durably and marks their contacts due. An id that this contact already had counts once: returns how many were new. */
  addInputs(inputs: { contact: string; input: Input }[]): Promise<number>;
  /**
   * One input for every contact that a rule holds for, set by set, and so no single transaction: cut short, it is to be
   * called again, and whoever has the input already doesn't get it twice. Returns how many got it.
   */
  addInputForAll(rule: Rule | null, input: Input, now: Instant): Promise<number>;

  // ── the engine's work ─────────────────────────────────────────────────────────────────────
  /**
   * Claims up to `limit` contacts that are due at `now` (by due, id), loads what `need` says, hands them
   * to `work` in pieces, which is pure and synchronous, and writes what it returns: all in one transaction.
   * With `claim` the messages that it queues for these channels are claimed in the same transaction, as
   * `claimSends` would the next moment, and handed back.
   */
  workDue(
    now: Instant,
    limit: number,
    need: Need,
    work: (batch: Loaded[]) => Changes[],
    claim?: Claim,
  ): Promise<Worked>;
  /**
   * Works a piece of what `publish` and `saveSegment` left to do for all contacts: marks those due who must be looked
   * at. False: there is nothing left.
   */
  sweep(): Promise<boolean>;
  schedules(): Promise<Schedule[]>;
  /** Sets the next moment of a schedule trigger; replaces what is there unless the version is the same. */
  setSchedule(schedule: Schedule): Promise<void>;
  dropSchedules(flow: string): Promise<void>;
  /**
   * Fires one moment of a schedule exactly once: if its next moment is still `moment`, adds a `fire` input for each
   * contact of the audience, and for those of whom something is due now that may bring them into it (null: for
   * nobody, the moment is left out), set by set, and moves it to `next`. Cut short, it is fired again and nobody gets
   * it twice. Returns how many, or null when another was first.
   */
  fireSchedule(
    schedule: Schedule,
    moment: Instant,
    next: Instant | null,
    audience: Rule | null,
    now: Instant,
  ): Promise<number | null>;
  /** Splits with a winner: first arrivals and what was decided. */
  splits(): Promise<SplitRecord[]>;
  /** Writes the decision once, with its `decided` line, and wakes those who wait at the split. False: it was decided already. */
  decideSplit(
    flow: string,
    node: string,
    winner: string,
    numbers: Record<string, unknown>,
    line: Line,
  ): Promise<boolean>;
  /** For each variant: contacts that took it, and of those how many the event happened to (see engine.md, Splits). */
  splitNumbers(
    flow: string,
    node: string,
    nodes: string[],
    by: "clicked" | "replied" | "goal" | "opened",
  ): Promise<{ variant: string; contacts: number; hits: number }[]>;
  /** The earliest moment at which something is to be done (contact due, send due, schedule, a split to be decided); null: nothing waits. */
  nextDue(): Promise<Instant | null>;

  // ── outbox ────────────────────────────────────────────────────────────────────────────────
  /**
   * Claims up to `limit` queued sends that are due, marks them `sending` by `worker` (durably, before
   * anything leaves), and returns them with what must be checked at the instant of sending.
   */
  claimSends(now: Instant, limit: number, worker: string, except: string[]): Promise<Sending[]>;
  /**
   * Writes how attempts ended, with their journal lines; each counts only from the same worker and attempt.
   * A message counts as sent from when it was queued: of one that doesn't go its contact hears by a `receipt` input.
   */
  finishSends(done: SendDone[], worker: string): Promise<void>;
  /** Sendings that dead workers left behind; they are this worker's from now on, their attempt unchanged. A store that isn't shared takes all others for dead: the caller holds the lock that says so. */
  orphanSends(worker: string): Promise<Sending[]>;

  // ── reading ───────────────────────────────────────────────────────────────────────────────
  /** Lines in the journal's order (at, contact key, flow, enrollment, seq). */
  journal(filter: {
    flow?: string;
    contact?: string;
    after?: JournalCursor;
    limit: number;
  }): Promise<JournalRow[]>;
  messages(filter: {
    flow?: string;
    contact?: string;
    state?: MessageState;
    channel?: string;
    after?: string;
    limit: number;
    /** Newest first; `after` then means older than. */
    newest?: boolean;
  }): Promise<MessageRow[]>;
  tasks(filter: {
    open?: boolean;
    contact?: string;
    after?: string;
    limit: number;
  }): Promise<(Task & { contact: string; id: string })[]>;
  enrollments(filter: {
    flow?: string;
    contact?: string;
    state?: string;
    after?: string;
    limit: number;
  }): Promise<EnrollmentRow[]>;
  /**
   * Who stands at a node now, those who need somebody first (failed, paused, active), page by page. `search`: words
   * of name and address. A page of a search may hold fewer than `limit` (even nobody) and yet have a `next`, as only
   * so many are looked at for one page.
   */
  standing(filter: {
    flow: string;
    node: string;
    state?: StandingState;
    search?: string;
    after?: string;
    limit: number;
  }): Promise<{ rows: StandingRow[]; next: string | null }>;
  /** Sums, not counted anew. */
  flowCounts(flow: string): Promise<FlowCounts>;
  /** A consistent copy of a living store into a new file. */
  backup(file: string): Promise<void>;

  // ── upkeep ────────────────────────────────────────────────────────────────────────────────
  /**
   * Called once on a store that was put back from a copy: every live flow is paused, and messages not yet sent
   * are `uncertain` (`restore`), each with its line, because they may have gone out since the copy. Sessions,
   * invitations and resets end: those that were ended since the copy must not come back.
   */
  afterRestore(at: Instant): Promise<{ paused: number; uncertain: number }>;
  /**
   * Deletes up to `limit` old pieces of journal (what one turn wrote of one run) from before a moment, and returns
   * how many. Sums stay; so do the lines of runs that are still open, and what splits were decided on.
   */
  forgetLines(before: Instant, limit: number): Promise<number>;
  /** What the store knows of a contact beside its state, messages and journal: for the export of a person. */
  beside(contact: string): Promise<{ source: string; formerIds: string[]; inputs: Input[] }>;
  /** Empties the log of changes, so that nothing that was erased is left in it. False: somebody was reading. */
  checkpoint(): Promise<boolean>;

  // ── accounts ──────────────────────────────────────────────────────────────────────────────
  /** People who sign in, API keys and the audit log, whose lines `seal` seals. */
  accounts(seal: Seal): AccountStore;
  /**
   * The same store, of which the first write also writes a note to the audit log, in the same transaction: neither is
   * there without the other. What only reads, or fails, leaves the note to the next.
   */
  noted(note: Sealed): Store;
}

export interface FlowVersion {
  id: string;
  version: number;
  doc: FlowDoc;
  published: Instant;
  /** When the flow was first published: date triggers before it don't fire. */
  firstPublished: Instant;
  current: boolean;
  paused: boolean;
  params: Record<string, string>;
}

export interface FlowRecord {
  id: string;
  draft: FlowDoc;
  /** Null: never published. */
  version: number | null;
  state: "draft" | "live" | "paused";
  paused: Instant | null;
  updated: Instant;
}

export interface PublishOptions {
  /** Contacts inside move to the new version; `move`: removed node → its stand-in, or `leave`. */
  migrate: boolean;
  move: Record<string, string>;
  params?: Record<string, string>;
  /** Look at every contact once: the flow has timers of each contact's own as triggers. */
  wake: boolean;
  /** Segments that its triggers listen to: their members now are the baseline and trigger nothing. */
  baseline: string[];
}

/** Publishing with `migrate` found contacts on removed nodes that `move` says nothing about. */
export class PublishRefused extends Error {
  override name = "PublishRefused";
  readonly flow: string;
  /** Removed node → how many contacts stand there. */
  readonly nodes: Record<string, number>;

  constructor(flow: string, nodes: Record<string, number>) {
    const list = Object.entries(nodes).map(([node, count]) => `${node} (${count})`);
    super(
      `flow ${flow}: contacts stand on removed nodes, and nothing says where they go: ${list.join(", ")}`,
    );
    this.flow = flow;
    this.nodes = nodes;
  }
}

/** Which facts rules and caps of living flows may read; inputs add what they need themselves. */
export interface Need {
  /** Event names; "*" for all. */
  events: string[] | "*";
  messages: boolean;
  tasks: boolean;
}

export interface Loaded {
  state: ContactState;
  /** Those that have happened (`at` ≤ now), by (at, enroll first, arrival). */
  inputs: Input[];
}

export interface ContactKnown {
  id: string;
  email: string | null;
  phone: string | null;
}

export interface ContactWrite {
  /** Null: a new contact. */
  id: string | null;
  /** Ids of other contacts that turn out to be this one: their history moves here. */
  merge?: string[];
  fields: Record<string, Value>;
  tags: string[];
  /** Channels granted, the other message channels denied; null: as the workspace says. The stricter stays. */
  consent: string[] | null;
  created: Instant | null;
  source: string;
}

export interface ContactRow {
  id: string;
  created: Instant;
  fields: Record<string, Value>;
  tags: string[];
}

export interface Schedule {
  flow: string;
  version: number;
  node: string;
  next: Instant | null;
}

export interface SplitRecord {
  flow: string;
  node: string;
  firstArrival: Instant;
  decided: string | null;
  /** What it was decided on, as `decideSplit` was told; null while nothing is decided. */
  figures: Record<string, unknown> | null;
}

export interface JournalCursor {
  at: Instant;
  id: number;
}

/** A journal line with the contact's key as people see it (null once erased). */
export interface JournalRow extends Line {
  id: number;
  key: string | null;
}

export interface MessageRow {
  id: string;
  contact: string;
  key: string;
  contactKey: string | null;
  attempt: number;
  sentAt: Instant | null;
  /** When it may be tried (again) at the earliest, while it is queued. */
  dueAt: Instant | null;
  /** What the provider said the last time. */
  detail: string | null;
  /** The provider's own name for it. */
  providerId: string | null;
  message: Message;
}

import type { Day, Instant, Rule, Window, Woke } from "../../nodes/index.ts";
import type { Holiday } from "./holidays.ts";

/** What a contact's field may hold. Dates and date-times are ISO 8601 text; lists are for several choices. */
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };

export type Channel = "email" | "sms" | "whatsapp" | "call" | "letter" | string;

/** A record of consent. `topic` is "" for the whole channel. The newest of a channel and topic counts. */
export interface Consent {
  channel: Channel;
  topic: string;
  granted: boolean;
  at: Instant;
  /** How it was given or withdrawn, for example `import`, `form`, `one-click`. */
  source: string;
}

export interface TagOn {
  since: Instant;
  expires: Instant | null;
}

/** A person, with all that rules and templates may read of them. */
export interface Contact {
  /** Never changes, unguessable, not the address. */
  id: string;
  /** What splits are drawn from: the key (e-mail, else phone) at creation, so that a simulation from a file and the live engine draw alike. Never changes; erasing replaces it by the id. */
  seed: string;
  created: Instant;
  /** Built-in and custom fields that have a value. `email` is lower case, `phone` E.164, `tags` are not here. */
  fields: Record<string, Value>;
  /** When a field was last set, where that was after creation. */
  fieldsSet: Record<string, Instant>;
  tags: Record<string, TagOn>;
  consents: Consent[];
  /** Channels that the contact closed by an opt-out word; transactional messages stop too. */
  stopped: string[];
  /** Addresses (`email:ann@x.example`, `sms:+966…`) of this contact that are suppressed, with the reason. */
  suppressed: Record<string, "bounced" | "complained" | "erased" | string>;
  /** Erased: only sums are left. */
  erased: boolean;
}

/** Something that happened, kept for rules. */
export interface EventFact {
  /** Unique for each contact. */
  id: string;
  name: string;
  at: Instant;
  data: Record<string, unknown>;
}

/** `sent` is there from the moment a message is queued, and gone again when it turns out not to go. */
export interface Receipt {
  event:
    | "sent"
    | "delivered"
    | "opened"
    | "clicked"
    | "replied"
    | "bounced"
    | "complained"
    | "failed";
  at: Instant;
  link?: string;
  /** By a mail proxy or a link scanner: decides nothing. */
  machine?: boolean;
}

export type MessageState =
  | "queued"
  | "sending"
  | "sent"
  | "skipped"
  | "failed"
  | "cancelled"
  | "uncertain";

/** One message, once and for ever: the outbox row and the fact that rules read. */
export interface Message {
  /** `flow.n.node.visit`: unique for each contact, once and for ever. */
  key: string;
  /** `email`, `sms`, `whatsapp`; `letter`; `notify` goes to the team. */
  channel: Channel;
  flow: string;
  version: number;
  n: number;
  node: string;
  visit: number;
  transactional: boolean;
  topic: string;
  state: MessageState;
  reason: string | null;
  /** When it was queued; skipped ones: when that was decided. */
  at: Instant;
  /** The moment for which lateness is counted. Null: never late. */
  dueMoment: Instant | null;
  /** `sent` first. */
  receipts: Receipt[];
  /** The place reserved in the run's journal for the line that says how it was decided. */
  seq: number;
  to: string | null;
  content: Content;
}

/** What the person sees, rendered. `body` is in `format`; `text` is what the journal shows. */
export interface Content {
  subject?: string;
  preheader?: string;
  body: string;
  format: "text" | "markdown" | "html" | "mjml";
  from?: string;
  replyTo?: string;
  locale: string;
  template?: { name: string; language: string; parameters?: Record<string, string> | string[] };
  /** One-click address; not for transactional messages. */
  unsubscribe?: string;
  /** Merge fields that had no value. */
  missing?: string[];
}

export interface Task {
  /** As a message's key. */
  key: string;
  kind: "call" | "task";
  flow: string;
  version: number;
  n: number;
  node: string;
  visit: number;
  title: string;
  notes: string;
  assignee: string | null;
  opened: Instant;
  due: Instant | null;
  closed: Instant | null;
  /** `answered`, `no-answer`, `not-interested`, `done`, `timeout`, `cancelled` */
  outcome: string | null;
}

/** A call of a webhook node that waits for its answer. */
export interface Request {
  key: string;
  flow: string;
  version: number;
  n: number;
  node: string;
  visit: number;
  at: Instant;
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string;
  /** Milliseconds. */
  timeout: number;
}

export type RunState = "active" | "completed" | "exited" | "failed" | "paused";

/** A contact's run through one flow version: an enrollment. */
export interface Run {
  flow: string;
  version: number;
  /** The contact's n-th run of this flow, from 1. */
  n: number;
  key: string | null;
  state: RunState;
  reason: string | null;
  /** Where the contact stands; null once ended before any node. */
  node: string | null;
  visit: number;
  entered: Instant;
  ended: Instant | null;
  /** When the contact came to `node`. */
  since: Instant;
  /** What pauses have added to waits since `since`, milliseconds. */
  shift: number;
  /** When the node wants to go on by itself; null: only by what wakes it. */
  until: Instant | null;
  waiting:
    | "wait"
    | "rule"
    | "window"
    | "cap"
    | "task"
    | "flow"
    | "reply"
    | "winner"
    | "request"
    | "trigger"
    | null;
  /** Where in the node's data the rule stands that a wait-for waits for, e.g. `/rule`. */
  rule: string | null;
  /** When time alone may flip the exit rule, the goal or the rule waited for. */
  flips: Instant | null;
  /** Node → how often entered. A store keeps none of a run that is completed or exited. */
  visits: Record<string, number>;
  /** Wait nodes → when this run last left them; kept as `visits` are. */
  left: Record<string, Instant>;
  /** Data of what started the run. */
  event: Record<string, unknown>;
  /** Id of the event that started the run, which exits, goals and waits never count. */
  startedBy: string | null;
  trigger: string | null;
  steps: Record<string, unknown>;
  /** Depth of the cause: how many flows set each other off without a timed wait between. */
  depth: number;
  /** The due moment that woke the run, for lateness; null when an event did. */
  dueMoment: Instant | null;
  goal: { armed: boolean; done: boolean };
  /** Set while paused by a reply: since when, and until when (null: by hand). */
  paused: { since: Instant; until: Instant | null } | null;
  /** What would have woken the run while it or its flow was paused. */
  kept: Woke | null;
  /** A message waits at this node for its window or cap. */
  held: boolean;
  parent: { flow: string; n: number } | null;
  /** Events that came while the run was on its way back to the wait that it left at that instant: they count there. */
  fresh?: string[];
  /** Where it went without a rest before the answer that it waits for. */
  stretch?: { seen: string[]; revisits: number };
  /** Next number for the journal. */
  seq: number;
}

/**
 * Since when triggers listen to a segment, or since when it means what it means now. `n` numbers these beginnings
 * through the whole workspace, from 1; what was listened to before there were numbers has 0.
 */
export interface Listening {
  n: number;
  at: Instant;
}

/**
 * The newest beginning that a contact's memberships know of; without a stamp 0. `at`: the contact was changed
 * silently at that moment, and whoever is in a segment by that has not entered it.
 */
export interface Stamp {
  n: number;
  at?: Instant;
}

/** Everything about one contact that a turn reads and changes. */
export interface ContactState {
  contact: Contact;
  /** Oldest first. */
  events: EventFact[];
  /** Oldest first. */
  messages: Message[];
  tasks: Task[];
  runs: Run[];
  /** `flow/node` → variant. */
  drawn: Record<string, string>;
  /** `flow/node` → the last moment that a date, idle or contact-zone schedule trigger fired for. */
  fired: Record<string, Instant>;
  /** Segments that some trigger listens to, of which the contact is a member; the stamp stands under "". */
  members: Record<string, true | Stamp>;
}

/** What happens to a contact, in the order of arrival. `at` is when it happened, not when it arrived. */
export type Input = { at: Instant; id: string } & (
  | { kind: "enroll"; flow: string; key?: string; data?: Record<string, unknown> }
  | {
      kind: "event";
      name: string;
      data: Record<string, unknown>;
      webhook?: { flow: string; node: string };
    }
  | { kind: "tag"; add?: string; expires?: Instant | null; remove?: string }
  | { kind: "set"; fields: Record<string, Value> }
  | { kind: "inbound"; channel: Channel; text: string; data?: Record<string, unknown> }
  | {
      kind: "receipt";
      node?: string;
      key?: string;
      event: Receipt["event"];
      link?: string;
      machine?: boolean;
      reason?: string;
    }
  | { kind: "task"; node?: string; key?: string; outcome: string; note?: string }
  | { kind: "consent"; channel: Channel; topic?: string; granted: boolean; source?: string }
  | { kind: "answer"; key?: string; node?: string; status: number; body: unknown }
  | { kind: "survey"; node?: string; key?: string; score: number; comment?: string }
  | { kind: "erase" }
  | { kind: "created" }
  /** A schedule's moment has come for this contact (its audience was looked at); `moment` is that of the plan. */
  | { kind: "fire"; flow: string; node: string; moment: Instant }
  | { kind: "resume"; flow: string; n?: number }
  | { kind: "decided"; flow: string; node: string }
  | { kind: "remove"; flow: string; n?: number; reason: string }
  | { kind: "retry"; flow: string; n: number }
  /** A person puts an open or failed run on another node of its version. */
  | { kind: "move"; flow: string; n: number; node: string }
);

/** The journal's kinds, a closed list. */
export type LineKind =
  | "entered"
  | "ignored"
  | "step"
  | "waiting"
  | "message"
  | "task"
  | "goal"
  | "decided"
  | "changed"
  | "paused"
  | "resumed"
  | "migrated"
  | "completed"
  | "exited"
  | "failed";

/** One line of the journal. What is particular to the kind stands in `detail`. */
export interface Line {
  at: Instant;
  /** Contact id; null for lines of the whole flow (`decided`). */
  contact: string | null;
  flow: string;
  version: number;
  /** Null for `ignored` and `decided`. */
  enrollment: number | null;
  /** Order among the lines of one enrollment at one moment. */
  seq: number;
  kind: LineKind;
  node: string | null;
  detail: Record<string, unknown>;
}

/** What the workspace fixes for everybody. */
export interface Workspace {
  timezone: string;
  locale: string;
  /** Whether contacts with no record of consent may be messaged. */
  consent: "granted" | "denied";
  segments: Record<string, Rule>;
  /** Custom fields' types: `text`, `number`, `date`, `yes/no`, … */
  fields: Record<string, string>;
  /** When the team works: calls and tasks are due then, and flows that keep it send then. */
  hours: Window | null;
  /** The days that `hours` leaves out where it names none. */
  weekend: Day[];
  /** Days on which nothing goes out that can wait, unless the flow says otherwise. */
  holidays: Holiday[];
}

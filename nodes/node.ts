import type { TSchema } from "typebox";
import type { Rule } from "./rule.ts";

/** A text of the program itself, in both languages it speaks. */
export interface Label {
  en: string;
  ar: string;
}
export type Language = "en" | "ar";

/** A text that a contact reads: plain, or BCP 47 language → text. */
export type Text = string | Record<string, string>;

/** A moment: milliseconds since 1970-01-01T00:00:00Z, whole. */
export type Instant = number;

/** ISO 8601 duration, for example `P3D` or `PT30M`. */
export type Duration = string;

export type Day = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";

/** Half-open `[from, to)` in wall-clock time; `from` later than `to` runs over midnight. */
export interface Window {
  days?: Day[];
  from?: string;
  to?: string;
}

export type Calendar = "gregory" | "islamic-umalqura";

export type Group = "trigger" | "time" | "message" | "logic" | "contact" | "work";

/** One handle on the canvas. A contact leaves a node by exactly one. */
export interface Output {
  id: string;
  label: Label;
}

/** What a parked contact waits for, as the journal's `waiting.for` names it; null writes no line. */
export type WaitingFor =
  | "wait"
  | "rule"
  | "window"
  | "cap"
  | "task"
  | "flow"
  | "reply"
  | "winner"
  | null;

/** Why `run` is called on a contact that already stands on the node. */
export type Woke =
  /** The moment that the node asked for has come. */
  | { by: "time" }
  /** The rule that the node waits for (`Decision.rule`) holds. */
  | { by: "rule" }
  /** A call or task of this visit was closed. */
  | { by: "outcome"; outcome: string }
  /** A survey of this visit was answered. */
  | { by: "score"; score: number; comment?: string }
  /** The webhook of this visit was answered; `ok` is a 2xx status. */
  | { by: "answer"; ok: boolean; status: number; body: unknown }
  /** The flow that this node started has ended (or would not start). */
  | { by: "ended" }
  /** A split was decided. */
  | { by: "decided" }
  /** The message of this visit could not be sent. */
  | { by: "unsent" }
  /** The run goes on after a pause or in another version: compute the wait anew from `since` and `shift`. */
  | {
      by: "again";
      /** In the new version the node is of another type: this is the one that it was. The core begins it anew. */
      was?: string;
      /** The pause was a reply's: what became due meanwhile is not late. */
      after?: "reply";
    };

export interface Step<Data> {
  node: string;
  data: Data;
  /** The n-th entry of this run to this node, from 1. */
  visit: number;
  now: Instant;
  /** When the contact came to this node. */
  since: Instant;
  /** Milliseconds that pauses have added: durations and timeouts count from `since + shift`, dates don't move. */
  shift: number;
  /** When the run entered the flow. */
  entered: Instant;
  /** When this run last left this node; null on the first visit. */
  left: Instant | null;
  /** Null when the contact has just come. */
  woke: Woke | null;
}

/** What `run` may ask. All of it is pure: the same step asks and gets the same. */
export interface Ctx {
  /** The zone that this flow counts in for this contact (IANA name). */
  zone: string;
  /** Whether the rule holds now. Facts that it saw are written on the step's line. `pointer` is relative to the node's data, e.g. `/rule`. */
  holds(rule: Rule, pointer: string): boolean;
  /** A duration added on the flow's wall clock (calendar parts) and exactly (time parts). `-P1D` goes back. */
  after(from: Instant, duration: Duration): Instant;
  /** `from` itself when it lies in the window, else the next opening; strictly later than `from` with `strict`. */
  opening(window: Window, from: Instant, strict?: boolean): Instant;
  /** The first moment at `time` (HH:MM) on one of `days` at or after `from`; strictly later with `strict`. */
  at(time: string, days: Day[] | undefined, from: Instant, strict?: boolean): Instant;
  /** A written date or date-time, local to the flow's zone unless it has an offset; null when it is none. */
  moment(value: unknown): Instant | null;
  /** The n-th day since `from` (day 1 is the day of `from`), at HH:MM or else at `from`'s time of day. */
  day(n: number, time: string | undefined, from: Instant): Instant;
  /** The contact's best hour at or after `from` (strictly with `strict`), or `from` when it isn't within `within`. */
  best(within: Duration, from: Instant, strict?: boolean): Instant;
  /** A contact's field, `event.x`, `steps.node.x` or `param.x`; undefined when missing. */
  value(path: string): unknown;
  /** Renders a text for the contact (its language is picked). Throws what the core turns into a failed run. */
  render(text: Text): string;
  /** A template that is one `{{path}}` keeps the value's type; else the rendered text. Anything that is no template is returned as it is. */
  resolve(value: unknown): unknown;
  /** A number in [0, 1) that depends on flow, node, contact and `salt` alone. */
  draw(salt: string): number;
  /** The variant stored for this contact at this node, if one was drawn before. */
  drawn(): string | undefined;
  /** What the tick decided for a split with `winner`: a variant, "undecided", or null before the decision. */
  decision(): string | null;
}

/** A message as the node writes it: texts not yet rendered. The core looks at window, cap, lateness, consent and address. */
export interface Draft {
  channel: "email" | "sms" | "whatsapp";
  subject?: Text;
  body: Text;
  preheader?: Text;
  format?: "text" | "markdown" | "html" | "mjml";
  from?: Text;
  replyTo?: Text;
  topic?: string;
  transactional?: boolean;
  /** WhatsApp: an approved template in place of free text. */
  template?: { name: string; language: string; parameters?: Record<string, string> | string[] };
}

/** What a node does beside moving the contact; the core applies them in order, before the contact moves. */
export type Effect =
  | { do: "tag"; add: { tag: string; expires: Instant | null }[]; remove: string[] }
  /** Sets fields; null clears. */
  | { do: "set"; fields: Record<string, unknown> }
  | { do: "score"; add: number }
  | { do: "stage"; pipeline?: string; to: string }
  | { do: "emit"; event: string; data: Record<string, unknown> }
  /** Opens a call or task for a person. `due` is when it should be done. */
  | {
      do: "task";
      kind: "call" | "task";
      title: string;
      notes?: string;
      assignee?: string;
      due: Instant | null;
    }
  | { do: "start"; flow: string; wait: boolean }
  | { do: "goal"; name: string; value: unknown }
  /** Calls a URL; the answer comes back as `woke.by = "answer"`. Templates are not yet rendered. */
  | {
      do: "request";
      url: string;
      method: string;
      headers: Record<string, string>;
      body: unknown;
      timeout: Duration;
    }
  | { do: "notify"; to: string; subject: Text; body: Text }
  | { do: "letter"; body: Text }
  /** Keeps an answer as `steps.<as>`. */
  | { do: "store"; as: string; value: unknown }
  /** Keeps the drawn variant for this contact at this node, for ever. */
  | { do: "drawn"; variant: string };

/** Where the contact goes from here. `effects` happen first, in order. */
export type Decision = { effects?: Effect[] } & (
  | {
      leave: string;
      /** Written on the step's line, e.g. `no-date`. */ reason?: string;
      /** Woken `again`, and the moment computed anew lies in the past: lateness counts from it. */
      due?: Instant;
    }
  | {
      /** Null: no moment, only what wakes it. */
      wait: Instant | null;
      for: WaitingFor;
      /** With `for: "rule"`: wakes as soon as it holds. */
      rule?: { rule: Rule; pointer: string };
    }
  /** A message; when it is on its way (or skipped) the contact goes on by `then`. */
  | { send: Draft; then: { leave: string } | { wait: Instant | null; for: WaitingFor } }
  | { end: "node"; text: string }
);

/** What a trigger listens to. The core knows how each is kept ready. */
export type Starts =
  | { on: "manual" }
  | { on: "created"; where?: Rule }
  | {
      on: "event";
      event: string;
      where?: { data: string; op: string; value?: unknown }[];
    }
  | { on: "tag"; tag: string; change: "added" | "removed" }
  | { on: "segment"; segment: string; change: "entered" | "left" }
  | {
      on: "schedule";
      cron?: string;
      at?: string;
      timezone?: string;
      audience: Rule;
      catchUp: "latest" | "all" | "none";
    }
  | {
      on: "date";
      field: string;
      offset: Duration;
      at?: string;
      every: "year" | "month" | "once";
      calendar: Calendar;
    }
  | {
      on: "message";
      channel: string;
      keywords: string[];
      match: "word" | "exact" | "contains" | "any";
      within?: Window;
      outside?: Window;
    }
  | { on: "webhook"; event?: string }
  | { on: "idle"; for: Duration }
  | { on: "field"; field: string; where?: Rule };

/** Writes parts of a summary in the reader's language. */
export interface Say {
  language: Language;
  /** Picks one of the two languages. */
  (label: Label): string;
  /** A contact-facing text, in the reader's language where it has one. */
  text(text: Text | undefined): string;
  /** "3 days", "٣٠ دقيقة"-style words for an ISO 8601 duration. */
  duration(duration: Duration): string;
  /** "09:00–21:00, Sun–Thu" */
  window(window: Window): string;
  days(days: Day[]): string;
  /** A rule in a few words. */
  rule(rule: Rule): string;
  list(words: string[], kind?: "and" | "or"): string;
}

/** A node type: data that engine, editor and docs read, and one pure function. */
// biome-ignore lint/suspicious/noExplicitAny: the registry holds types of every data shape
export interface NodeType<Data = any> {
  /** Also the file's name. */
  type: string;
  group: Group;
  /** A Lucide icon's name. */
  icon: string;
  label: Label;
  /** One sentence for palette and catalogue. */
  about: Label;
  /** TypeBox: check, editor form, catalogue. Controls are named by the builders of `schema.ts`. */
  data: TSchema;
  /** A new node's data, the catalogue's example, the first test case. */
  example: Data;
  /** What the canvas shows under the name, in plain words. */
  summary(data: Data, say: Say): string;
  outputs(data: Data): Output[];
  /** Parks, so that a cycle through it is no endless loop. */
  parks?(data: Data): boolean;
  /** Problems that the schema can't say; pointers relative to data. */
  check?(data: Data): { pointer: string; message: Label }[];
  /** Triggers only. */
  starts?(data: Data): Starts;
  /** Reaches out to the contact: on which channel, and whether marketing consent is passed. */
  reaches?(data: Data): { channel: string; transactional: boolean };
  run(step: Step<Data>, ctx: Ctx): Decision;
}

/** Keeps the data's type inside the file that declares a node type. */
export function node<Data>(type: NodeType<Data>): NodeType<Data> {
  return type;
}

/** The one output of most nodes. */
export const next: Output = { id: "next", label: { en: "Next", ar: "التالي" } };

/** The output of nodes that wait no longer than they were told. */
export const timedOut: Output = {
  id: "timeout",
  label: { en: "Timed out", ar: "انتهت المهلة" },
};

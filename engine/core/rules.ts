import { type Instant, type Op, type Rule, ruleKind, type Where } from "../../nodes/index.ts";
import { mayMessage } from "./consent.ts";
import type { ContactState, Message, Run, Workspace } from "./state.ts";
import { fold } from "./text.ts";
import { addDuration, isAnniversary, iso, moment } from "./time.ts";

/** Whether a rule holds, and the moment at which time alone may flip that (null: only a change can). */
export interface Verdict {
  holds: boolean;
  until: Instant | null;
}

/** What a rule is looked at with. */
export interface RuleScope {
  state: ContactState;
  now: Instant;
  workspace: Workspace;
  /** Dates count in it: the flow's for this contact, in segments the workspace's. */
  zone: string;
  /** Null in segments and audiences. */
  run: Run | null;
  /** What `since` means where an event rule doesn't say. */
  since: "ever" | "enrollment" | "node";
  /** Exits, goals and waits never count the event that started the run. */
  skipStart?: boolean;
  /** What happened later counts as not happened (a wait-for that is looked at after its deadline). */
  asOf?: Instant;
  /** A value that may be a template, resolved; absent: values stand as they are. */
  resolve?: (value: unknown) => unknown;
  /** Collects what was looked at, for the journal. */
  saw?: Record<string, unknown>;
}

const YES: Verdict = { holds: true, until: null };
const NO: Verdict = { holds: false, until: null };
const plain = (holds: boolean): Verdict => (holds ? YES : NO);
const earlier = (a: Instant | null, b: Instant | null): Instant | null =>
  a === null ? b : b === null ? a : Math.min(a, b);

/** A contact's field as rules and templates see it; undefined when missing. */
export function fieldOf(state: ContactState, name: string): unknown {
  if (name === "created_at") return iso(state.contact.created);
  const value = Object.hasOwn(state.contact.fields, name)
    ? state.contact.fields[name]
    : undefined;
  return value === null || value === "" ? undefined : value;
}

/** Follows a dotted path through plain data; own properties only. */
export function dig(data: unknown, path: string): unknown {
  let at: unknown = data;
  for (const part of path.split(".")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at === null ? undefined : at;
}

/** Compares two values as the contract says: folded text, numbers as numbers, never across types. */
export function compare(left: unknown, op: Op, right: unknown): boolean {
  if (op === "exists") return left !== undefined && left !== null && left !== "";
  if (op === "missing") return left === undefined || left === null || left === "";
  if (op === "!=") return !compare(left, "=", right);
  if (left === undefined || left === null || left === "") return false;
  if (op === "in") {
    return Array.isArray(right) && right.some((r) => compare(left, "=", r));
  }
  if (Array.isArray(left)) {
    return op === "contains" && left.some((l) => compare(l, "=", right));
  }
  if (typeof left === "string" && typeof right === "string") {
    return compareText(fold(left), op, fold(right));
  }
  if (typeof left === "number" && typeof right === "number") {
    return (
      (op === "=" && left === right) ||
      (op === "<" && left < right) ||
      (op === "<=" && left <= right) ||
      (op === ">" && left > right) ||
      (op === ">=" && left >= right)
    );
  }
  return typeof left === "boolean" && typeof right === "boolean" && op === "=" && left === right;
}

function compareText(left: string, op: Op, right: string): boolean {
  switch (op) {
    case "=":
      return left === right;
    case "contains":
      return left.includes(right);
    case "starts-with":
      return left.startsWith(right);
    case "ends-with":
      return left.endsWith(right);
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
    default:
      return false;
  }
}

/** Evaluates a rule. Pure: the same scope gives the same verdict. */
export function evaluate(rule: Rule, scope: RuleScope): Verdict {
  if ("all" in rule) return every(rule.all, scope, true);
  if ("any" in rule) return every(rule.any, scope, false);
  if ("not" in rule) {
    const inner = evaluate(rule.not, scope);
    return { holds: !inner.holds, until: inner.until };
  }
  return leaf(rule, scope);
}

/** All parts are looked at, so that `until` and the facts seen are whole. */
function every(rules: Rule[], scope: RuleScope, all: boolean): Verdict {
  let holds = all;
  let until: Instant | null = null;
  for (const rule of rules) {
    const verdict = evaluate(rule, scope);
    until = earlier(until, verdict.until);
    if (verdict.holds !== all) holds = !all;
  }
  return { holds, until };
}

function leaf(rule: Rule, scope: RuleScope): Verdict {
  switch (ruleKind(rule)) {
    case "tag":
      return tagRule(rule as Rule & { tag: string }, scope);
    case "segment":
      return segmentRule((rule as { segment: string }).segment, scope);
    case "field":
      return fieldRule(rule as Extract<Rule, { field: string }>, scope);
    case "event":
      return eventRule(rule as Extract<Rule, { event: string }>, scope);
    case "message":
      return messageRule(rule as Extract<Rule, { message: string }>, scope);
    case "task":
      return taskRule(rule as Extract<Rule, { task: string }>, scope);
    case "consent": {
      const { consent, topic } = rule as { consent: string; topic?: string };
      const holds = mayMessage(scope.state.contact, consent, topic ?? "", scope.workspace);
      see(scope, `consent:${consent}${topic ? `:${topic}` : ""}`, holds);
      return plain(holds);
    }
    case "touches":
      return touchesRule(rule as Extract<Rule, { touches: number }>, scope);
    case "data": {
      const { data, of, op, value } = rule as Extract<Rule, { data: string }>;
      const left = scope.run
        ? of === undefined
          ? dig(scope.run.event, data)
          : dig(scope.run.steps, `${of}.${data}`)
        : undefined;
      see(scope, of === undefined ? `event.${data}` : `steps.${of}.${data}`, left ?? null);
      return plain(compareOn(left, op, resolved(value, scope), scope).holds);
    }
    default:
      return NO;
  }
}

const see = (scope: RuleScope, name: string, value: unknown): void => {
  if (scope.saw) scope.saw[name] = value;
};

const resolved = (value: unknown, scope: RuleScope): unknown =>
  scope.resolve && typeof value === "string" && value.includes("{{")
    ? scope.resolve(value)
    : value;

function tagRule(rule: { tag: string }, scope: RuleScope): Verdict {
  const on = Object.hasOwn(scope.state.contact.tags, rule.tag)
    ? scope.state.contact.tags[rule.tag]
    : undefined;
  const holds = on !== undefined && (on.expires === null || on.expires > scope.now);
  see(scope, `tag:${rule.tag}`, holds);
  return { holds, until: holds ? (on?.expires ?? null) : null };
}

function segmentRule(name: string, scope: RuleScope): Verdict {
  const rule = Object.hasOwn(scope.workspace.segments, name)
    ? scope.workspace.segments[name]
    : undefined;
  const verdict = rule
    ? evaluate(rule, {
        state: scope.state,
        now: scope.now,
        workspace: scope.workspace,
        zone: scope.workspace.timezone,
        run: null,
        since: "ever",
      })
    : NO;
  see(scope, `segment:${name}`, verdict.holds);
  return verdict;
}

function fieldRule(rule: Extract<Rule, { field: string }>, scope: RuleScope): Verdict {
  const left = fieldOf(scope.state, rule.field);
  see(scope, `field:${rule.field}`, left ?? null);
  if (rule.op === "anniversary") {
    const at = left === undefined ? null : left;
    const calendar = rule.calendar ?? "gregory";
    const holds = typeof at === "string" && isAnniversary(at, scope.now, scope.zone, calendar);
    return { holds, until: at === null ? null : midnightAfter(scope.now, scope.zone) };
  }
  return compareOn(left, rule.op, resolved(rule.value, scope), scope);
}

/** `compare`, and the operators on dates. */
function compareOn(left: unknown, op: Op, right: unknown, scope: RuleScope): Verdict {
  if (op !== "before" && op !== "after" && op !== "within-last" && op !== "within-next") {
    return plain(compare(left, op, right));
  }
  const at = moment(left, scope.zone);
  if (at === null || typeof right !== "string") return NO;
  if (op === "before" || op === "after") {
    const other = moment(right, scope.zone);
    if (other === null) return NO;
    return plain(op === "before" ? at < other : at > other);
  }
  return within(left, at, op, right, scope);
}

/**
 * `within-last` holds from the moment until moment + duration; `within-next` from moment − duration
 * until the moment (a date without a time: until its day is over).
 */
function within(
  left: unknown,
  at: Instant,
  op: "within-last" | "within-next",
  duration: string,
  scope: RuleScope,
): Verdict {
  const [start, end] =
    op === "within-last"
      ? [at, addDuration(at, duration, scope.zone)]
      : [addDuration(at, `-${duration}`, scope.zone), isDateOnly(left) ? addDuration(at, "P1D", scope.zone) : at + 1];
  if (scope.now < start) return { holds: false, until: start };
  if (scope.now < end) return { holds: true, until: end };
  return NO;
}

const isDateOnly = (value: unknown): boolean =>
  typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value.trim());

function midnightAfter(now: Instant, zone: string): Instant {
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
  return here.startOfDay().add({ days: 1 }).startOfDay().epochMilliseconds;
}

/** Whether a moment lies in `since`, and when it falls out of it by time alone. */
function sinceOf(
  since: string | undefined,
  fallback: "ever" | "enrollment" | "node",
  scope: RuleScope,
): (at: Instant) => { counts: boolean; until: Instant | null } {
  const word = since ?? fallback;
  const last = Math.min(scope.now, scope.asOf ?? scope.now);
  if (word === "ever") return (at) => ({ counts: at <= last, until: null });
  if (word === "enrollment" || word === "node") {
    if (scope.run === null) return () => ({ counts: false, until: null });
    const first = word === "enrollment" ? scope.run.entered : scope.run.since;
    return (at) => ({ counts: at >= first && at <= last, until: null });
  }
  return (at) => {
    if (at > last) return { counts: false, until: null };
    const end = addDuration(at, word, scope.zone);
    return { counts: end > last, until: end };
  };
}

const matches = (data: unknown, where: Where[] | undefined, scope: RuleScope): boolean =>
  (where ?? []).every((w) => {
    const left = dig(data, w.data);
    return compareOn(left, w.op, resolved(w.value, scope), scope).holds;
  });

function eventRule(rule: Extract<Rule, { event: string }>, scope: RuleScope): Verdict {
  const inSince = sinceOf(rule.since, scope.since, scope);
  const ends: (Instant | null)[] = [];
  for (const event of scope.state.events) {
    if (event.name !== rule.event) continue;
    if (scope.skipStart && scope.run?.startedBy === event.id) continue;
    const { counts, until } = inSince(event.at);
    if (counts && matches(event.data, rule.where, scope)) ends.push(until);
  }
  see(scope, `event:${rule.event}`, ends.length);
  const wanted = rule.count ?? 1;
  return tally(ends, ends.length >= wanted, ends.length - wanted);
}

/** With `spare` more than needed, the verdict flips when that many and one more have fallen out. */
function tally(ends: (Instant | null)[], holds: boolean, spare: number): Verdict {
  if (!holds) return NO;
  const timed = ends.filter((e) => e !== null).sort((a, b) => a - b);
  return { holds, until: timed[spare] ?? null };
}

function messageRule(rule: Extract<Rule, { message: string }>, scope: RuleScope): Verdict {
  const inSince = sinceOf(rule.since, "ever", scope);
  let holds = false;
  let until: Instant | null = null;
  for (const message of scope.state.messages) {
    if (!isMessage(message) || !concerns(message, rule, scope)) continue;
    for (const receipt of message.receipts) {
      if (receipt.event !== rule.message || receipt.machine) continue;
      if (rule.link !== undefined && receipt.link !== rule.link) continue;
      const seen = inSince(receipt.at);
      if (!seen.counts) continue;
      holds = true;
      until = seen.until === null || until === null ? seen.until : Math.max(until, seen.until);
    }
  }
  see(scope, `message:${rule.message}${rule.node ? `:${rule.node}` : ""}`, holds);
  return { holds, until: holds ? until : null };
}

/** Whether a message or task is the one that a rule names; with `node` and no `flow` it means this enrollment. */
function concerns(
  of: { flow: string; n: number; node: string; channel?: string },
  rule: { node?: string; flow?: string; channel?: string },
  scope: RuleScope,
): boolean {
  if (rule.channel !== undefined && of.channel !== rule.channel) return false;
  if (rule.flow !== undefined && of.flow !== rule.flow) return false;
  if (rule.node === undefined) return true;
  if (of.node !== rule.node) return false;
  if (rule.flow !== undefined && rule.flow !== scope.run?.flow) return true;
  return scope.run === null
    ? rule.flow !== undefined
    : of.flow === scope.run.flow && of.n === scope.run.n;
}

/** What goes to the contact: not what goes to the team. */
const isMessage = (message: Message): boolean => message.channel !== "notify";

function taskRule(rule: Extract<Rule, { task: string }>, scope: RuleScope): Verdict {
  const inSince = sinceOf(rule.since, "ever", scope);
  let holds = false;
  let until: Instant | null = null;
  for (const task of scope.state.tasks) {
    if (task.closed === null || !concerns(task, rule, scope)) continue;
    if (rule.outcome !== undefined ? task.outcome !== rule.outcome : !byPerson(task.outcome)) {
      continue;
    }
    const seen = inSince(task.closed);
    if (!seen.counts) continue;
    holds = true;
    until = seen.until === null || until === null ? seen.until : Math.max(until, seen.until);
  }
  see(scope, `task${rule.node ? `:${rule.node}` : ""}`, holds);
  return { holds, until: holds ? until : null };
}

const byPerson = (outcome: string | null): boolean =>
  outcome !== "timeout" && outcome !== "cancelled";

function touchesRule(rule: Extract<Rule, { touches: number }>, scope: RuleScope): Verdict {
  const inSince = sinceOf(rule.since, "ever", scope);
  let count = 0;
  let until: Instant | null = null;
  for (const at of touches(scope.state, rule.channel)) {
    const seen = inSince(at);
    if (!seen.counts) continue;
    count++;
    until = earlier(until, seen.until);
  }
  see(scope, `touches${rule.channel ? `:${rule.channel}` : ""}`, count);
  return { holds: compare(count, rule.op, rule.touches), until };
}

/** Moments of what reached the contact: messages sent, letters, calls done. */
function* touches(state: ContactState, channel: string | undefined): Generator<Instant> {
  for (const message of state.messages) {
    if (!isMessage(message) || (channel !== undefined && message.channel !== channel)) continue;
    const sent = message.receipts.find((r) => r.event === "sent");
    if (sent) yield sent.at;
  }
  if (channel !== undefined && channel !== "call") return;
  for (const task of state.tasks) {
    if (task.kind === "call" && task.closed !== null && byPerson(task.outcome)) yield task.closed;
  }
}

/**
 * What a rule reads, as keys of changes: `tag:x`, `field:x`, `event:x`, `message`, `task`, `consent`,
 * `touches`. A change that shares no key can't flip the rule; only time can (`timed`).
 */
export interface Reads {
  keys: ReadonlySet<string>;
  timed: boolean;
}

const readsCache = new WeakMap<Workspace["segments"], WeakMap<Rule, Reads>>();

/** What a rule reads, segments followed. Kept for as long as these segments and this rule are. */
export function readsOf(rule: Rule, segments: Workspace["segments"]): Reads {
  let cache = readsCache.get(segments);
  if (!cache) {
    cache = new WeakMap();
    readsCache.set(segments, cache);
  }
  const cached = cache.get(rule);
  if (cached) return cached;
  const keys = new Set<string>();
  const timed = collect(rule, segments, keys, new Set());
  const reads = { keys, timed };
  cache.set(rule, reads);
  return reads;
}

function collect(
  rule: Rule,
  segments: Workspace["segments"],
  keys: Set<string>,
  inside: Set<string>,
): boolean {
  const each = (rules: Rule[]) =>
    rules.map((r) => collect(r, segments, keys, inside)).some(Boolean);
  if ("all" in rule) return each(rule.all);
  if ("any" in rule) return each(rule.any);
  if ("not" in rule) return collect(rule.not, segments, keys, inside);
  const isDuration = (since: string | undefined) => since !== undefined && /^-?P/.test(since);
  if ("segment" in rule) {
    const inner = Object.hasOwn(segments, rule.segment) ? segments[rule.segment] : undefined;
    if (!inner || inside.has(rule.segment)) return false;
    return collect(inner, segments, keys, new Set([...inside, rule.segment]));
  }
  if ("field" in rule) {
    keys.add(`field:${rule.field}`);
    return rule.op === "within-last" || rule.op === "within-next" || rule.op === "anniversary";
  }
  if ("message" in rule) {
    keys.add("message");
    return isDuration(rule.since);
  }
  if ("task" in rule) {
    keys.add("task");
    return isDuration(rule.since);
  }
  if ("touches" in rule) {
    keys.add("touches");
    return isDuration(rule.since);
  }
  if ("event" in rule) {
    keys.add(`event:${rule.event}`);
    return isDuration(rule.since);
  }
  if ("consent" in rule) keys.add("consent");
  else if ("tag" in rule) {
    keys.add(`tag:${rule.tag}`);
    return true;
  } else if ("data" in rule) keys.add("data");
  return false;
}

import { type Calendar, type Instant, type Rule, ruleKind } from "../../nodes/index.ts";
import { compare, compareOn, dig, earlier, fieldOf, fits, type Verdict } from "./compare.ts";
import { mayMessage } from "./consent.ts";
import type { ContactState, Message, Run, Workspace } from "./state.ts";
import { addDuration, isAnniversary, nextRecurrence } from "./time.ts";

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
  /** Of the run's fresh events only these count. */
  fresh?: readonly string[];
  /** A value that may be a template, resolved; absent: values stand as they are. */
  resolve?: (value: unknown) => unknown;
  /** Collects what was looked at, for the journal. */
  saw?: Record<string, unknown>;
}

const YES: Verdict = { holds: true, until: null };
const NO: Verdict = { holds: false, until: null };
const plain = (holds: boolean): Verdict => (holds ? YES : NO);

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

/** Whether a rule holds now, and nothing more: it looks no further than needed. */
export function holdsNow(rule: Rule, scope: RuleScope): boolean {
  if ("all" in rule) return rule.all.every((part) => holdsNow(part, scope));
  if ("any" in rule) return rule.any.some((part) => holdsNow(part, scope));
  if ("not" in rule) return !holdsNow(rule.not, scope);
  return leaf(rule, scope).holds;
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
      return compareOn(left, op, resolved(value, scope), scope);
    }
    default:
      return NO;
  }
}

const see = (scope: RuleScope, name: string, value: unknown): void => {
  if (scope.saw) scope.saw[name] = value;
};

const resolved = (value: unknown, scope: RuleScope): unknown =>
  scope.resolve && typeof value === "string" && value.includes("{{") ? scope.resolve(value) : value;

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
    const { now, zone } = scope;
    if (typeof at !== "string") return NO;
    if (isAnniversary(at, now, zone, calendar))
      return { holds: true, until: midnightAfter(now, zone) };
    return { holds: false, until: nextAnniversary(at, now, zone, calendar) };
  }
  return compareOn(left, rule.op, resolved(rule.value, scope), scope);
}

const nextAnniversary = (date: string, after: Instant, zone: string, calendar: Calendar) =>
  nextRecurrence({ date, every: "year", calendar, at: "00:00", zone, after, strict: true });

function midnightAfter(now: Instant, zone: string): Instant {
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
  return here.startOfDay().add({ days: 1 }).startOfDay().epochMilliseconds;
}

/** Whether the run came back to the wait that it left at this same instant. */
export const isBack = (run: Run): boolean => run.node !== null && run.left[run.node] === run.since;

/**
 * From when on things count since the node was entered: that instant too. But a run that is back waits for
 * something new: what let it go would let it go for ever. What came after that is among its fresh events.
 */
const sinceNode = (run: Run): Instant => (isBack(run) ? run.since + 1 : run.since);

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
    const first = word === "enrollment" ? scope.run.entered : sinceNode(scope.run);
    return (at) => ({ counts: at >= first && at <= last, until: null });
  }
  return (at) => {
    if (at > last) return { counts: false, until: null };
    const end = addDuration(at, word, scope.zone);
    return { counts: end > last, until: end };
  };
}

function eventRule(rule: Extract<Rule, { event: string }>, scope: RuleScope): Verdict {
  const inSince = sinceOf(rule.since, scope.since, scope);
  const fresh = (rule.since ?? scope.since) === "node" ? (scope.fresh ?? scope.run?.fresh) : null;
  const ends: (Instant | null)[] = [];
  let flips: Instant | null = null;
  for (const event of scope.state.events) {
    if (event.name !== rule.event) continue;
    if (scope.skipStart && scope.run?.startedBy === event.id) continue;
    const { counts, until } = inSince(event.at);
    if (!counts && !fresh?.includes(event.id)) continue;
    const fit = fits(event.data, rule.where, scope, (value) => resolved(value, scope));
    flips = earlier(flips, fit.until);
    if (fit.holds) ends.push(until);
  }
  see(scope, `event:${rule.event}`, ends.length);
  const wanted = rule.count ?? 1;
  const { holds, until } = tally(ends, ends.length >= wanted, ends.length - wanted);
  return { holds, until: earlier(until, flips) };
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

import { type Instant, type Op, type Rule, ruleKind, type Where } from "../../nodes/index.ts";
import type { Workspace } from "../core/state.ts";
import { fold } from "../core/text.ts";
import { moment, parseDuration } from "../core/time.ts";
import { anniversariesOn } from "./anniversaries.ts";
import { pathKey } from "./comparable.ts";
import { DIALECTS, type DialectName } from "./dialects.ts";
import {
  before,
  complement,
  from,
  intersection,
  type Spans,
  stillAhead,
  wallsOf,
} from "./spans.ts";
import { all, any, type Dialect, NEVER, not, type Sql, sql } from "./sql.ts";

export type { Sql } from "./sql.ts";

/** What a rule is compiled for. */
export interface SqlScope {
  now: Instant;
  workspace: Workspace;
  dialect: DialectName;
}

interface Scope {
  now: Instant;
  workspace: Workspace;
  /** Dates in segments and audiences are the workspace's. */
  zone: string;
  db: Dialect;
  /** Segments under way: one that refers to itself holds for nobody. */
  inside: ReadonlySet<string>;
}

/**
 * A rule as a condition over the row `c` of contacts, for segments and audiences: it holds exactly where
 * `evaluate` of `engine/core/rules.ts` does, in the workspace's zone and outside any enrollment. Throws
 * TimeError on a duration that is none.
 */
export function ruleToSql(rule: Rule, { now, workspace, dialect }: SqlScope): Sql {
  const db = DIALECTS[dialect];
  return compile(rule, { now, workspace, zone: workspace.timezone, db, inside: new Set() });
}

function compile(rule: Rule, scope: Scope): Sql {
  if ("all" in rule) return all(rule.all.map((r) => compile(r, scope)));
  if ("any" in rule) return any(rule.any.map((r) => compile(r, scope)));
  if ("not" in rule) return not(compile(rule.not, scope));
  switch (ruleKind(rule)) {
    case "tag":
      return tagRule(rule as { tag: string }, scope);
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
    case "consent":
      return consentRule(rule as { consent: string; topic?: string }, scope);
    case "touches":
      return touchesRule(rule as Extract<Rule, { touches: number }>, scope);
    case "data": {
      // Outside an enrollment there is no data.
      const { op } = rule as Extract<Rule, { data: string }>;
      return op === "missing" || op === "!=" ? all([]) : NEVER;
    }
    default:
      return NEVER;
  }
}

const tagRule = ({ tag }: { tag: string }, { now }: Scope): Sql =>
  sql`EXISTS (SELECT 1 FROM tags t WHERE t.contact = c.pk AND t.tag = ${tag}
    AND (t.expires IS NULL OR t.expires > ${now}))`;

function segmentRule(name: string, scope: Scope): Sql {
  const { segments } = scope.workspace;
  const rule = Object.hasOwn(segments, name) ? segments[name] : undefined;
  if (!rule || scope.inside.has(name)) return NEVER;
  return compile(rule, { ...scope, inside: new Set([...scope.inside, name]) });
}

function fieldRule(rule: Extract<Rule, { field: string }>, scope: Scope): Sql {
  const at = placeOf(rule.field, scope);
  if (rule.op !== "anniversary") return compareOn(at, rule.op, rule.value, scope);
  const found = anniversariesOn(scope.now, scope.zone, rule.calendar ?? "gregory");
  const { db } = scope;
  const onDays = (milliseconds: Sql, days: number[]): Sql =>
    db.sure(sql`${db.dayOf(milliseconds)} IN ${db.list(JSON.stringify(days))}`);
  const instant = db.number(at.of, "i", at.key);
  return any([
    onDays(db.number(at.of, "d", at.key), found.days),
    onDays(db.number(at.of, "l", at.key), found.days),
    ...[...found.byOffset].map(([offset, days]) => onDays(sql`(${instant} + ${offset})`, days)),
    db.within(instant, found.odd),
  ]);
}

function placeOf(field: string, { db }: Scope): Place {
  const key = pathKey(field);
  if (field === "created_at") return { of: sql`c.folded`, key, instant: sql`c.created` };
  if (field !== "last_touch_at") return { of: sql`c.folded`, key };
  const instant = sql`(SELECT m.touched FROM marks m WHERE m.contact = c.pk)`;
  return { of: db.momentCopy(key, instant), key, instant };
}

/** A value in a comparable copy. */
interface Place {
  of: Sql;
  key: string;
  /** The column that holds the same as a moment, where there is one: to be read, not to be dug out of JSON. */
  instant?: Sql;
}

const DATE_OPS: ReadonlySet<Op> = new Set(["before", "after", "within-last", "within-next"]);

function compareOn(at: Place, op: Op, value: unknown, scope: Scope): Sql {
  if (!DATE_OPS.has(op)) return compare(at, op, value, scope);
  if (typeof value !== "string") return NEVER;
  const { moments, dates } = spansOf(op, value, scope);
  const { db, zone } = scope;
  if (at.instant) return db.within(at.instant, moments);
  const walls = wallsOf(moments, zone);
  return any([
    db.within(db.number(at.of, "i", at.key), moments),
    db.within(db.number(at.of, "l", at.key), walls),
    db.within(db.number(at.of, "d", at.key), dates === moments ? walls : wallsOf(dates, zone)),
  ]);
}

/** The moments for which an operator on dates holds; dates without a time have their own end. */
function spansOf(op: Op, value: string, { now, zone }: Scope): { moments: Spans; dates: Spans } {
  if (op === "before" || op === "after") {
    const other = moment(value, zone);
    const moments = other === null ? [] : op === "before" ? before(other) : from(other + 1);
    return { moments, dates: moments };
  }
  if (op === "within-last") {
    const moments = intersection(stillAhead(now, value, zone), before(now + 1));
    return { moments, dates: moments };
  }
  const begun = complement(stillAhead(now, `-${value}`, zone));
  return {
    moments: intersection(begun, from(now)),
    dates: intersection(begun, stillAhead(now, "P1D", zone)),
  };
}

function compare(at: Place, op: Op, value: unknown, scope: Scope): Sql {
  const { db } = scope;
  if (op === "exists") return db.exists(at.of, at.key);
  if (op === "missing") return not(db.exists(at.of, at.key));
  if (op === "!=") return not(compare(at, "=", value, scope));
  if (op === "in") {
    return Array.isArray(value) ? any(value.map((one) => compare(at, "=", one, scope))) : NEVER;
  }
  const inList = op === "contains" ? db.listHas(at.of, at.key, scalar(value)) : NEVER;
  if (typeof value === "string") return any([db.text(at.of, at.key, op, fold(value)), inList]);
  if (typeof value === "number") return any([db.compareNumber(at.of, at.key, op, value), inList]);
  if (typeof value === "boolean") {
    return any([op === "=" ? db.isBoolean(at.of, at.key, value) : NEVER, inList]);
  }
  return NEVER;
}

const scalar = (value: unknown): string | number | boolean | null =>
  typeof value === "string"
    ? fold(value)
    : typeof value === "number" || typeof value === "boolean"
      ? value
      : null;

/** Whether a moment in a column lies in `since`; `ever` is everything up to now. */
function inSince(column: Sql, since: string | undefined, { now, zone, db }: Scope): Sql {
  const word = since ?? "ever";
  if (word === "ever") return sql`${column} <= ${now}`;
  if (parseDuration(word) === null && (word === "enrollment" || word === "node")) return NEVER;
  return db.within(column, intersection(stillAhead(now, word, zone), before(now + 1)));
}

function eventRule(rule: Extract<Rule, { event: string }>, scope: Scope): Sql {
  const wanted = rule.count ?? 1;
  const conditions = all([
    inSince(sql`e.at`, rule.since, scope),
    ...(rule.where ?? []).map((w: Where) =>
      compareOn({ of: sql`e.folded`, key: pathKey(w.data) }, w.op, w.value, scope),
    ),
  ]);
  const rows = sql`FROM events e WHERE e.contact = c.pk AND e.name = ${rule.event} AND ${conditions}`;
  if (wanted <= 1) return sql`EXISTS (SELECT 1 ${rows})`;
  return sql`(SELECT count(*) FROM (SELECT 1 ${rows} LIMIT ${wanted})) >= ${wanted}`;
}

/** Rows of messages or tasks that a rule names. Outside an enrollment a node needs its flow. */
function concerns(of: string, rule: { node?: string; flow?: string }): Sql {
  if (rule.node !== undefined && rule.flow === undefined) return NEVER;
  const column = (name: string): Sql => ({ sql: `${of}.${name}`, params: [] });
  return all([
    ...(rule.flow === undefined ? [] : [sql`${column("flow")} = ${rule.flow}`]),
    ...(rule.node === undefined ? [] : [sql`${column("node")} = ${rule.node}`]),
  ]);
}

function messageRule(rule: Extract<Rule, { message: string }>, scope: Scope): Sql {
  const { db } = scope;
  const channel = rule.channel === undefined ? all([]) : sql`o.channel = ${rule.channel}`;
  if (rule.message === "sent") {
    if (rule.link !== undefined) return NEVER;
    return sql`EXISTS (SELECT 1 FROM outbox o WHERE o.contact = c.pk AND o.kind = 'message'
      AND o.channel <> 'notify' AND o.sent_at IS NOT NULL AND ${channel} AND ${concerns("o", rule)}
      AND ${inSince(sql`o.sent_at`, rule.since, scope)})`;
  }
  const receipt = all([
    sql`${db.part(sql`r.value`, "event")} = ${rule.message}`,
    not(db.isTrue(sql`r.value`, "machine")),
    ...(rule.link === undefined
      ? []
      : [db.sure(sql`${db.part(sql`r.value`, "link")} = ${rule.link}`)]),
    inSince(db.moment(sql`r.value`, "at"), rule.since, scope),
  ]);
  return sql`EXISTS (SELECT 1 FROM outbox o, ${db.each(sql`o.receipts`)} r
    WHERE o.contact = c.pk AND o.kind = 'message' AND o.channel <> 'notify'
      AND ${channel} AND ${concerns("o", rule)} AND ${receipt})`;
}

const BY_PERSON = sql`(k.outcome IS NULL OR k.outcome NOT IN ('timeout', 'cancelled'))`;

function taskRule(rule: Extract<Rule, { task: string }>, scope: Scope): Sql {
  const outcome =
    rule.outcome === undefined ? BY_PERSON : scope.db.sure(sql`k.outcome = ${rule.outcome}`);
  return sql`EXISTS (SELECT 1 FROM tasks k WHERE k.contact = c.pk AND k.closed IS NOT NULL
    AND ${concerns("k", rule)} AND ${outcome} AND ${inSince(sql`k.closed`, rule.since, scope)})`;
}

/** As `touches` of the interpreter: messages sent, letters, calls that a person closed. */
function touchesRule(rule: Extract<Rule, { touches: number }>, scope: Scope): Sql {
  const { op, channel } = rule;
  if (op === "exists") return all([]);
  if (op === "!=") return not(touchesRule({ ...rule, op: "=" }, scope));
  if (!["=", "<", "<=", ">", ">="].includes(op)) return NEVER;
  const narrow = channel === undefined ? all([]) : sql`o.channel = ${channel}`;
  const messages = sql`(SELECT count(*) FROM outbox o WHERE o.contact = c.pk AND o.kind = 'message'
    AND o.channel <> 'notify' AND o.sent_at IS NOT NULL AND ${narrow}
    AND ${inSince(sql`o.sent_at`, rule.since, scope)})`;
  const calls = sql`(SELECT count(*) FROM tasks k WHERE k.contact = c.pk AND k.kind = 'call'
    AND k.closed IS NOT NULL AND ${BY_PERSON} AND ${inSince(sql`k.closed`, rule.since, scope)})`;
  const count =
    channel === undefined || channel === "call" ? sql`${messages} + ${calls}` : messages;
  return sql`(${count} ${{ sql: op, params: [] }} ${rule.touches})`;
}

/** The fields that hold the addresses of the built-in channels. */
const ADDRESS: Record<string, string> = {
  email: "email",
  sms: "phone",
  whatsapp: "phone",
  call: "phone",
};

function consentRule(
  { consent: channel, topic }: { consent: string; topic?: string },
  scope: Scope,
): Sql {
  const { db, workspace } = scope;
  const newest = (
    column: "granted" | "at",
    of: string,
  ): Sql => sql`(SELECT ${{ sql: `n.${column}`, params: [] }}
    FROM consents n WHERE n.contact = c.pk AND n.channel = ${channel} AND n.topic = ${of}
    ORDER BY n.at DESC, n.id DESC LIMIT 1)`;
  const whole = newest("granted", "");
  const fallback = workspace.consent === "granted" ? 1 : 0;
  const consented = topic
    ? sql`CASE WHEN ${newest("granted", topic)} = 0 THEN 0
        WHEN ${whole} = 0 THEN CASE WHEN ${newest("granted", topic)} = 1 AND ${newest("at", topic)} > ${newest("at", "")} THEN 1 ELSE 0 END
        ELSE coalesce(${whole}, ${newest("granted", topic)}, ${fallback}) END = 1`
    : sql`coalesce(${whole}, ${fallback}) = 1`;
  const address = db.rawText(sql`c.fields`, ADDRESS[channel] ?? channel);
  return all([
    consented,
    sql`NOT EXISTS (SELECT 1 FROM ${db.texts(sql`c.stopped`)} s WHERE s.value = ${channel})`,
    sql`NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.channel = ${channel} AND s.address = ${address})`,
  ]);
}

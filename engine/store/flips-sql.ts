import { type Calendar, type Instant, type Rule, ruleKind } from "../../nodes/index.ts";
import { parseDuration } from "../core/time.ts";
import { DAY } from "../core/zone.ts";
import { pathKey } from "./comparable.ts";
import { DIALECTS } from "./dialects.ts";
import type { SqlScope } from "./rules-sql.ts";
import { type Dialect, type Sql, sql } from "./sql.ts";

/**
 * For each part of a segment that time alone may flip, the earliest moment from `now` on at which it may, for the row
 * `c` of contacts; null where it never does. A moment too early costs a look that finds nothing; one too late would
 * be missed, so zones, clock changes and months are taken at their widest.
 */
export function flipsToSql(segment: string, { now, workspace, dialect }: SqlScope): Sql[] {
  const db = DIALECTS[dialect];
  const found: Sql[] = [];
  const inside = new Set<string>();
  const segmentFlips = (name: string): void => {
    const rule = Object.hasOwn(workspace.segments, name) ? workspace.segments[name] : undefined;
    if (!rule || inside.has(name)) return;
    inside.add(name);
    walk(rule);
  };
  const walk = (rule: Rule): void => {
    if ("all" in rule) rule.all.forEach(walk);
    else if ("any" in rule) rule.any.forEach(walk);
    else if ("not" in rule) walk(rule.not);
    else if ("segment" in rule) segmentFlips(rule.segment);
    else found.push(...leafFlips(rule, now, db));
  };
  segmentFlips(segment);
  return found;
}

function leafFlips(rule: Rule, now: Instant, db: Dialect): Sql[] {
  switch (ruleKind(rule)) {
    case "field":
      return fieldFlips(rule as Extract<Rule, { field: string }>, now, db);
    case "event":
      return eventFlips(rule as Extract<Rule, { event: string }>, now, db);
    case "message":
    case "touches": {
      const { since } = rule as { since?: string };
      const messages = "EXISTS (SELECT 1 FROM outbox o WHERE o.contact = c.pk)";
      const tasks = "EXISTS (SELECT 1 FROM tasks k WHERE k.contact = c.pk)";
      return isTimed(since) ? [nowIf(messages, now), nowIf(tasks, now)] : [];
    }
    case "task": {
      const { since } = rule as { since?: string };
      const tasks = "EXISTS (SELECT 1 FROM tasks k WHERE k.contact = c.pk)";
      return isTimed(since) ? [nowIf(tasks, now)] : [];
    }
    default:
      return [];
  }
}

const isTimed = (since: string | undefined): boolean =>
  since !== undefined && boundsOf(since) !== null;

/** Only few contacts of a big store were ever written to or called: each is looked at once. */
const nowIf = (condition: string, now: Instant): Sql =>
  sql`CASE WHEN ${{ sql: condition, params: [] }} THEN ${now} END`;

/** What a wall clock and the moment it shows may differ by, clock changes and all. */
const UNSURE = 2 * DAY;

interface Bounds {
  least: number;
  most: number;
}

/** How long a duration is, at the least and at the most, in milliseconds; null for what is none. */
function boundsOf(duration: string): Bounds | null {
  const parts = parseDuration(duration);
  if (!parts) return null;
  const { sign, years, months, weeks, days, hours, minutes, seconds, milliseconds } = parts;
  const exact = ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
  const fixed = (weeks * 7 + days) * DAY + exact;
  const least = (years * 365 + months * 28) * DAY + fixed;
  const most = (years * 366 + months * 31) * DAY + fixed;
  return sign < 0 ? { least: -most, most: -least } : { least, most };
}

/** The first of two stretches, in the order of time, in which a flip may lie and which isn't over. */
function earliest(
  { value, exact }: When,
  first: Bounds,
  second: Bounds,
  now: Instant,
  db: Dialect,
): Sql {
  const stretch = (bounds: Bounds): Sql => {
    const unsure = exact && bounds === AT_ONCE ? 0 : UNSURE;
    return sql`WHEN ${value} >= ${now - bounds.most - unsure} THEN ${db.atLeast(sql`${value} + ${bounds.least - unsure}`, now)}`;
  };
  return sql`CASE ${stretch(first)} ${stretch(second)} END`;
}

/** A date of the row; `exact`: it is a moment, not what a wall clock shows. */
interface When {
  value: Sql;
  exact: boolean;
}

const AT_ONCE: Bounds = { least: 0, most: 0 };

function fieldFlips(rule: Extract<Rule, { field: string }>, now: Instant, db: Dialect): Sql[] {
  const { field, op, value } = rule;
  const key = pathKey(field);
  const column =
    field === "created_at"
      ? sql`c.created`
      : field === "last_touch_at"
        ? sql`(SELECT m.touched FROM marks m WHERE m.contact = c.pk)`
        : null;
  const dates: When[] = column
    ? [{ value: column, exact: true }]
    : (["i", "l", "d"] as const).map((kind): When => {
        return { value: db.number(sql`c.folded`, kind, key), exact: kind === "i" };
      });
  if (op === "anniversary")
    return dates.map(({ value: date }) => anniversary(date, rule.calendar, now, db));
  const bounds = typeof value === "string" ? boundsOf(value) : null;
  if (!bounds) return [];
  if (op === "within-last") return dates.map((date) => earliest(date, AT_ONCE, bounds, now, db));
  if (op !== "within-next") return [];
  const before = { least: -bounds.most, most: -bounds.least };
  // A date without a time holds until its day is over.
  return dates.map((date) => earliest(date, before, { least: 0, most: DAY }, now, db));
}

/** A mean year of each calendar, in days; a year's own day lies no further from it than `YEAR_UNSURE`. */
const YEAR = { gregory: 365.2425, "islamic-umalqura": 354.36707 };
const YEAR_UNSURE = 6 * DAY;

/** The beginning of the yearly return that is next, or its end if it is on. */
function anniversary(date: Sql, calendar: Calendar = "gregory", now: Instant, db: Dialect): Sql {
  const year = YEAR[calendar] * DAY;
  const years = db.atLeast(sql`ceil((${now - YEAR_UNSURE} - ${date}) / ${year})`, 0);
  return sql`CAST(${db.atLeast(sql`${date} + ${years} * ${year} - ${YEAR_UNSURE}`, now)} AS BIGINT)`;
}

function eventFlips(rule: Extract<Rule, { event: string }>, now: Instant, db: Dialect): Sql[] {
  const bounds = rule.since === undefined ? null : boundsOf(rule.since);
  const first = sql`(SELECT min(e.at) FROM events e WHERE e.contact = c.pk AND e.name = ${rule.event}
    AND e.at >= ${bounds ? now - bounds.most - UNSURE : 0})`;
  // What a date in an event's own data says is looked at in a turn.
  if (rule.where?.some(({ op }) => op === "within-last" || op === "within-next"))
    return [sql`CASE WHEN ${first} IS NOT NULL THEN ${now} END`];
  return bounds ? [db.atLeast(sql`${first} + ${bounds.least - UNSURE}`, now)] : [];
}

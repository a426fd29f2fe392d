import { OPS, RULE_SCHEMAS, type RuleKind, ruleKind } from "../../nodes/index.ts";
import { shapeProblems } from "./check-shape.ts";
import { type Known, segmentProblems, templatesIn } from "./check-values.ts";
import { closest, suggester } from "./closest.ts";
import { MAX_DEPTH } from "./document-shape.ts";
import { isObject, namedPlace, type Place, type Problem, part, problemAt } from "./problems.ts";
import { tooDeep } from "./problems-flow.ts";
import * as say from "./problems-rules.ts";
import { moment, parseDuration } from "./time.ts";

/** What a rule that stands alone may name; what is left out isn't checked. */
export interface RuleOptions {
  /** False for segments. */
  inFlow: boolean;
  segments?: Iterable<string>;
  nodes?: Iterable<string>;
}

const KINDS = Object.keys(RULE_SCHEMAS) as RuleKind[];

/** Every problem of a rule; pointers are relative to the rule. */
export function checkRule(rule: unknown, options: RuleOptions, place: Place = aRule): Problem[] {
  const nodes = options.nodes ? new Set(options.nodes) : null;
  const segments = options.segments ? new Set(options.segments) : null;
  const { inFlow } = options;
  const near = suggester();
  const known = { inFlow, nodes, steps: nodes, parameters: null, segments, flows: null, near };
  return ruleProblems(rule, known, place, "");
}

const aRule = namedPlace({ en: "The condition", ar: "الشرط" });

/** Every problem of the segments, references to unknown ones and circles among them; pointers are `/name/…`. */
export function checkSegments(segments: Readonly<Record<string, unknown>>): Problem[] {
  const names = Object.keys(segments);
  const place = (name: string) =>
    namedPlace({ en: `Segment “${name}”`, ar: `الشريحة «${name}»` }, part(name));
  const known: Known = {
    inFlow: false,
    nodes: null,
    steps: null,
    parameters: null,
    segments: new Set(names),
    flows: null,
    near: suggester(),
  };
  const problems = names.flatMap((name) => ruleProblems(segments[name], known, place(name), ""));
  const circles = circlesAmong(
    new Map(
      names.map((name) => [
        name,
        segmentsIn(segments[name]).filter((n) => Object.hasOwn(segments, n)),
      ]),
    ),
  );
  return [
    ...problems,
    ...circles.map((circle) => problemAt(place(circle[0] ?? ""), "", say.segmentCircle(circle))),
  ];
}

/** The segments that a rule asks for. */
function segmentsIn(rule: unknown): string[] {
  const found: string[] = [];
  const left: unknown[] = [rule];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (!isObject(next)) continue;
    if (typeof next.segment === "string") found.push(next.segment);
    for (const list of [next.all, next.any]) if (Array.isArray(list)) left.push(...list);
    if (next.not !== undefined) left.push(next.not);
  }
  return found;
}

/** One circle for each group of names that lead back to themselves; each name is in one circle at most. */
function circlesAmong(leads: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = [];
  const done = new Set<string>();
  for (const start of leads.keys()) {
    const path: { name: string; next: number }[] = done.has(start)
      ? []
      : [{ name: start, next: 0 }];
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const to = leads.get(at.name)?.[at.next++];
      if (to === undefined) {
        done.add(at.name);
        path.pop();
        continue;
      }
      const back = path.findIndex((p) => p.name === to);
      if (back >= 0) circles.push(path.slice(back).map((p) => p.name));
      else if (!done.has(to)) path.push({ name: to, next: 0 });
    }
  }
  return circles;
}

/** Every problem of a rule at `path` of a place. */
export function ruleProblems(
  rule: unknown,
  known: Known,
  place: Place,
  path: string,
  depth = 0,
): Problem[] {
  if (depth > MAX_DEPTH) return [problemAt(place, path, tooDeep(MAX_DEPTH))];
  if (!isObject(rule)) return [problemAt(place, path, say.notARule(rule))];
  const kind = ruleKind(rule);
  if (kind === null) {
    const keys = Object.keys(rule);
    const near = keys.map((key) => closest(key, KINDS)).find((k) => k !== null);
    return [problemAt(place, path, say.noKind(keys[0] ?? null, near ?? null))];
  }
  const second = secondKind(rule, kind);
  if (second !== null) return [problemAt(place, path, say.twoKinds(kind, second))];
  return [
    ...shapeProblems(RULE_SCHEMAS[kind], rule, place, path),
    ...childProblems(rule, known, place, path, depth),
    ...kindProblems(kind, rule, known, place, path),
  ];
}

function secondKind(rule: Record<string, unknown>, kind: RuleKind): string | null {
  const own = Object.keys(RULE_SCHEMAS[kind].properties);
  return KINDS.find((other) => !own.includes(other) && Object.hasOwn(rule, other)) ?? null;
}

function childProblems(
  rule: Record<string, unknown>,
  known: Known,
  place: Place,
  path: string,
  depth: number,
): Problem[] {
  if ("not" in rule) return ruleProblems(rule.not, known, place, `${path}/not`, depth + 1);
  const key = "all" in rule ? "all" : "any";
  const list = rule[key];
  if (!Array.isArray(list)) return [];
  return list.flatMap((child, i) =>
    ruleProblems(child, known, place, `${path}/${key}/${i}`, depth + 1),
  );
}

function kindProblems(
  kind: RuleKind,
  rule: Record<string, unknown>,
  known: Known,
  place: Place,
  path: string,
): Problem[] {
  switch (kind) {
    case "segment":
      return segmentProblems(rule.segment, known, place, `${path}/segment`);
    case "field":
      return valueProblems(rule, known, place, path);
    case "data":
      return [
        ...(known.inFlow ? [] : [problemAt(place, `${path}/data`, say.dataOutside)]),
        ...answerProblems(rule.of, known, place, `${path}/of`),
        ...valueProblems(rule, known, place, path),
      ];
    case "event":
      return [
        ...sinceProblems(rule.since, known, place, path),
        ...whereProblems(rule.where, known, place, `${path}/where`),
      ];
    case "message":
    case "task":
      return [
        ...sinceProblems(rule.since, known, place, path),
        ...nodeProblems(rule, known, place, path),
        ...linkProblems(rule, place, path),
      ];
    case "touches":
      return [...sinceProblems(rule.since, known, place, path), ...countOp(rule.op, place, path)];
    default:
      return [];
  }
}

/** A list of comparisons on an event's data. */
export function whereProblems(list: unknown, known: Known, place: Place, path: string): Problem[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((w, i) =>
    isObject(w) ? valueProblems(w, known, place, `${path}/${i}`) : [],
  );
}

function valueProblems(
  rule: Record<string, unknown>,
  known: Known,
  place: Place,
  path: string,
): Problem[] {
  const { value } = rule;
  const op = String(rule.op);
  const at = `${path}/value`;
  // A comparison that doesn't exist has been told already.
  if (!OPS.some((known) => known === op)) return [];
  const wrong = comparison(op, value, known.inFlow);
  if (wrong) return [problemAt(place, at, wrong)];
  if (known.inFlow) return templatesIn(value, known, false, place, at);
  return holdsTemplate(value) ? [problemAt(place, at, say.templateOutside)] : [];
}

const isTemplate = (value: unknown): boolean => typeof value === "string" && value.includes("{{");
const holdsTemplate = (value: unknown): boolean =>
  Array.isArray(value) ? value.some(isTemplate) : isTemplate(value);
const isScalar = (value: unknown): boolean =>
  ["string", "number", "boolean"].includes(typeof value);

function comparison(op: string, value: unknown, inFlow: boolean) {
  if (op === "exists" || op === "missing" || op === "anniversary") {
    return value === undefined ? null : say.unwantedValue(op);
  }
  if (value === undefined || value === null) return say.missingValue(op);
  // What it becomes is known only when it is rendered; in a segment it is refused as a template.
  if (isTemplate(value) && (inFlow || op !== "in")) return null;
  if (op === "in") {
    const fits = Array.isArray(value) && value.length > 0 && value.every(isScalar);
    return fits ? null : say.listNeeded;
  }
  if (op === "within-last" || op === "within-next") {
    return (parseDuration(value)?.sign ?? -1) > 0 ? null : say.durationNeeded(op, value);
  }
  if (op === "before" || op === "after") {
    return moment(value, "UTC") === null ? say.dateNeeded(op, value) : null;
  }
  return isScalar(value) ? null : say.oneValueNeeded(op);
}

const COUNTING = ["=", "!=", "<", "<=", ">", ">="];

function countOp(op: unknown, place: Place, path: string): Problem[] {
  const known = typeof op === "string" && OPS.some((o) => o === op);
  return known && !COUNTING.includes(op) ? [problemAt(place, `${path}/op`, say.touchesOp(op))] : [];
}

function sinceProblems(since: unknown, known: Known, place: Place, path: string): Problem[] {
  const at = `${path}/since`;
  if (typeof since !== "string" || since === "" || since === "ever") return [];
  if (since === "enrollment" || since === "node") {
    return known.inFlow ? [] : [problemAt(place, at, say.sinceOutside(since))];
  }
  if ((parseDuration(since)?.sign ?? -1) > 0) return [];
  const near = closest(since, ["enrollment", "node", "ever"]);
  return [problemAt(place, at, say.badSince(since, near))];
}

function nodeProblems(
  rule: Record<string, unknown>,
  known: Known,
  place: Place,
  path: string,
): Problem[] {
  const { node, flow } = rule;
  if (typeof node !== "string") return [];
  if (!known.inFlow) {
    return flow === undefined ? [problemAt(place, `${path}/node`, say.flowNeeded(node))] : [];
  }
  // The nodes of another flow aren't known here.
  if (flow !== undefined || known.nodes === null || known.nodes.has(node)) return [];
  return [problemAt(place, `${path}/node`, say.unknownNode(node, known.near(node, known.nodes)))];
}

function linkProblems(rule: Record<string, unknown>, place: Place, path: string): Problem[] {
  const { message, link } = rule;
  if (link === undefined || typeof message !== "string" || message === "clicked") return [];
  return [problemAt(place, `${path}/link`, say.linkWithoutClick(message))];
}

function answerProblems(of: unknown, known: Known, place: Place, path: string): Problem[] {
  if (typeof of !== "string" || known.steps === null || known.steps.has(of)) return [];
  return [problemAt(place, path, say.unknownAnswer(of, known.near(of, known.steps)))];
}

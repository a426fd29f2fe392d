import { closest, type Suggester } from "./closest.ts";
import { isObject, type Place, type Problem, part, problemAt } from "./problems.ts";
import * as say from "./problems-flow.ts";
import { templateProblems } from "./template.ts";
import { templateReads } from "./template-reads.ts";
import { cronProblem, moment, parseDuration, validZone } from "./time.ts";

/** What the values of a flow (or of a segment) may refer to; null where it isn't known and isn't checked. */
export interface Known {
  /** False in segments: nothing of an enrollment may be read there. */
  inFlow: boolean;
  /** Node ids of the flow. */
  nodes: ReadonlySet<string> | null;
  /** Names under which answers are kept: node ids and `saveAs`. */
  steps: ReadonlySet<string> | null;
  parameters: ReadonlySet<string> | null;
  segments: ReadonlySet<string> | null;
  flows: ReadonlySet<string> | null;
  /** The known name that a mistyped one most likely means. */
  near: Suggester;
}

/** An ISO 8601 duration; only a `signed` one may go back. */
export function durationProblems(
  value: unknown,
  signed: boolean,
  place: Place,
  path: string,
): Problem[] {
  if (typeof value !== "string") return [];
  const parsed = parseDuration(value);
  if (parsed === null) return [problemAt(place, path, say.notADuration(value, inIso(value)))];
  return parsed.sign < 0 && !signed ? [problemAt(place, path, say.negativeDuration(value))] : [];
}

const UNITS: [RegExp, (n: number) => string][] = [
  [/^(s|secs?|seconds?|ثانية|ثوان|ثواني)$/i, (n) => `PT${n}S`],
  [/^(mins?|minutes?|دقيقة|دقائق)$/i, (n) => `PT${n}M`],
  [/^(h|hrs?|hours?|ساعة|ساعات)$/i, (n) => `PT${n}H`],
  [/^(d|days?|يوم|يومًا|يوما|أيام|ايام)$/i, (n) => `P${n}D`],
  [/^(w|wks?|weeks?|أسبوع|أسابيع|اسبوع|اسابيع)$/i, (n) => `P${n}W`],
  [/^(months?|شهر|شهور|أشهر|اشهر)$/i, (n) => `P${n}M`],
  [/^(y|yrs?|years?|سنة|سنوات|عام|أعوام)$/i, (n) => `P${n}Y`],
];

/** "3 days", "2h", "P3d" or "PT 3H" as it should have been written; null when that can't be told. */
function inIso(text: string): string | null {
  if (text.length > 40) return null;
  const tidied = text.replace(/\s+/g, "").toUpperCase();
  if (tidied !== text && parseDuration(tidied) !== null) return tidied;
  const match = /^\s*(\d{1,5})\s*([\p{L}\p{M}]+)\s*$/u.exec(text);
  const unit = UNITS.find(([word]) => word.test(match?.[2] ?? ""));
  return match && unit ? unit[1](Number(match[1])) : null;
}

const USUAL_ZONES = [
  ...["Asia/Riyadh", "Asia/Dubai", "Asia/Kuwait", "Asia/Qatar", "Asia/Bahrain", "Asia/Amman"],
  ...["Asia/Baghdad", "Asia/Beirut", "Asia/Damascus", "Asia/Muscat", "Asia/Aden", "Africa/Cairo"],
  ...["Africa/Tunis", "Africa/Algiers", "Africa/Casablanca", "Africa/Khartoum", "Africa/Tripoli"],
  ...[
    "Europe/London",
    "Europe/Berlin",
    "Europe/Paris",
    "Europe/Istanbul",
    "America/New_York",
    "UTC",
  ],
];

/** An IANA zone or `contact`. */
export function zoneProblems(value: unknown, place: Place, path: string): Problem[] {
  if (typeof value !== "string" || value === "contact" || validZone(value)) return [];
  return [problemAt(place, path, say.notAZone(value, closest(value, ["contact", ...USUAL_ZONES])))];
}

/** A written date or moment. */
export function dateProblems(value: unknown, place: Place, path: string): Problem[] {
  if (typeof value !== "string" || moment(value, "UTC") !== null) return [];
  return [problemAt(place, path, say.notADate(value))];
}

/** A cron pattern of five or six fields. */
export function cronProblems(value: unknown, place: Place, path: string): Problem[] {
  if (typeof value !== "string") return [];
  const en = cronProblem(value, "en");
  const ar = cronProblem(value, "ar");
  return en === null || ar === null ? [] : [problemAt(place, path, say.cron(en, ar))];
}

/** A window that opens and closes at one time could mean never or always. */
export function windowProblems(value: unknown, place: Place, path: string): Problem[] {
  if (!isObject(value) || typeof value.from !== "string" || value.from !== value.to) return [];
  return [problemAt(place, `${path}/to`, say.emptyWindow(value.from))];
}

/** Handlebars in a value: a text, a text in several languages, or any JSON that holds texts. */
export function templatesIn(
  value: unknown,
  known: Known,
  secrets: boolean,
  place: Place,
  path: string,
): Problem[] {
  if (typeof value === "string") return oneTemplate(value, known, secrets, place, path);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    templatesIn(inner, known, secrets, place, path + part(key)),
  );
}

function oneTemplate(
  source: string,
  known: Known,
  secrets: boolean,
  place: Place,
  path: string,
): Problem[] {
  if (!source.includes("{{")) return [];
  const wrong = templateProblems(source, { secrets });
  if (wrong.length > 0) {
    return wrong.map((p) => problemAt(place, path, say.template(p.message.en, p.message.ar)));
  }
  return templateReads(source).flatMap(({ root, name }) =>
    root === "param"
      ? parameterProblems(name, known, place, path)
      : stepProblems(name, known, place, path),
  );
}

function parameterProblems(name: string, known: Known, place: Place, path: string): Problem[] {
  if (known.parameters === null || known.parameters.has(name)) return [];
  return [problemAt(place, path, say.unknownParameter(name, known.near(name, known.parameters)))];
}

function stepProblems(name: string, known: Known, place: Place, path: string): Problem[] {
  if (known.steps === null || known.steps.has(name)) return [];
  return [problemAt(place, path, say.unknownStep(name, known.near(name, known.steps)))];
}

/** A path that a node reads by name: `steps.node.x` and `param.x` must exist. */
export function pathProblems(value: unknown, known: Known, place: Place, path: string): Problem[] {
  if (typeof value !== "string") return [];
  const [root, name] = value.split(".");
  if (name === undefined) return [];
  if (root === "steps") return stepProblems(name, known, place, path);
  return root === "param" ? parameterProblems(name, known, place, path) : [];
}

/** The name of a segment of the workspace. */
export function segmentProblems(
  name: unknown,
  known: Known,
  place: Place,
  path: string,
): Problem[] {
  if (typeof name !== "string" || known.segments === null || known.segments.has(name)) return [];
  return [problemAt(place, path, say.unknownSegment(name, known.near(name, known.segments)))];
}

/** The id of another flow. */
export function flowProblems(id: unknown, known: Known, place: Place, path: string): Problem[] {
  if (typeof id !== "string" || known.flows === null || known.flows.has(id)) return [];
  return [problemAt(place, path, say.unknownFlow(id, known.near(id, known.flows)))];
}

import { contactsOf } from "../contacts/read.ts";
import type { FlowDoc } from "../core/document.ts";
import { type CompileOptions, compileFlow } from "../core/flow.ts";
import type { JournalLine } from "../core/journal.ts";
import type { Workspace } from "../core/state.ts";
import { iso, parseInstant, validZone } from "../core/time.ts";
import { contactKey, eventsOf } from "./events.ts";
import { Simulator } from "./simulate.ts";
import { plainWorkspace, readWorkspace } from "./workspace.ts";

/** One test inside a flow file's company: `x.scenarios.json` beside `x.json`. */
export interface Scenario {
  name: string;
  from: string;
  until: string;
  contacts: unknown[];
  events?: unknown[];
  expect: Expectation[];
  timezone?: string;
  params?: Record<string, unknown>;
  consent?: "granted" | "denied";
  /** Hours, weekend, holidays, segments, …, in the form of `simulate --workspace`. */
  workspace?: Record<string, unknown>;
}

/** What must be in the journal. Every key given must fit. */
export interface Expectation {
  contact: string;
  message?: string;
  noMessage?: string;
  at?: string;
  step?: string;
  output?: string;
  state?: string;
  /** With `message`: how it was decided (default: `sent`), and why. */
  reason?: string;
}

export interface ScenarioResult {
  name: string;
  failures: string[];
}

const STATES = ["active", "completed", "exited", "failed", "paused"];
const KEYS = [
  "name",
  "from",
  "until",
  "contacts",
  "events",
  "expect",
  "timezone",
  "params",
  "consent",
  "workspace",
];
const EXPECT_KEYS = ["contact", "message", "noMessage", "at", "step", "output", "state", "reason"];

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What is wrong with a scenario's own shape, as sentences. */
export function scenarioProblems(value: unknown): string[] {
  if (!isRecord(value)) return ["a scenario must be a JSON object"];
  const problems: string[] = [];
  for (const key of Object.keys(value)) {
    if (!KEYS.includes(key)) problems.push(`unknown key “${key}”; known are ${KEYS.join(", ")}`);
  }
  for (const key of ["from", "until"]) {
    const text = value[key];
    if (typeof text !== "string" || parseInstant(text) === null) {
      problems.push(`“${key}” must be a moment such as 2026-01-05T00:00:00Z`);
    }
  }
  if (!Array.isArray(value.contacts)) problems.push("“contacts” must be a list");
  if (value.events !== undefined && !Array.isArray(value.events))
    problems.push("“events” must be a list");
  if (value.timezone !== undefined && !validZone(value.timezone)) {
    problems.push(`“timezone”: there is no zone ${JSON.stringify(value.timezone)}`);
  }
  if (value.consent !== undefined && value.consent !== "granted" && value.consent !== "denied") {
    problems.push("“consent” must be granted or denied");
  }
  if (value.params !== undefined && !isRecord(value.params))
    problems.push("“params” must be an object of parameters and values");
  if (value.workspace !== undefined) {
    const { problems: wrong } = readWorkspace(value.workspace, plainWorkspace());
    problems.push(...wrong.map((sentence) => `“workspace”: ${sentence}`));
  }
  if (!Array.isArray(value.expect) || value.expect.length === 0) {
    problems.push("“expect” must be a list of at least one expectation");
  } else problems.push(...value.expect.flatMap(expectProblems));
  return problems;
}

function expectProblems(value: unknown, index: number): string[] {
  const place = `expectation ${index + 1}`;
  if (!isRecord(value)) return [`${place} must be a JSON object`];
  const problems: string[] = [];
  for (const key of Object.keys(value)) {
    if (!EXPECT_KEYS.includes(key)) problems.push(`${place}: unknown key “${key}”`);
  }
  if (typeof value.contact !== "string") problems.push(`${place} names no contact`);
  const kinds = ["message", "noMessage", "step", "state"].filter(
    (k) => typeof value[k] === "string",
  );
  const isStepState = kinds.length > 1 && !(kinds.includes("message") && kinds.includes("state"));
  if (kinds.length === 0) problems.push(`${place} needs one of message, noMessage, step or state`);
  if (isStepState) problems.push(`${place} says two things: ${kinds.join(" and ")}`);
  if (value.at !== undefined && (typeof value.at !== "string" || parseInstant(value.at) === null)) {
    problems.push(`${place}: “at” must be a moment such as 2026-01-05T09:00:00Z`);
  }
  if (
    typeof value.state === "string" &&
    value.message === undefined &&
    !STATES.includes(value.state)
  ) {
    problems.push(`${place}: “state” must be one of ${STATES.join(", ")}`);
  }
  return problems;
}

/** The workspace of a scenario; its zone and its mode of consent may also stand beside it. */
export function workspaceOf({ workspace, timezone, consent }: Scenario): Workspace {
  return {
    ...readWorkspace(workspace ?? {}, plainWorkspace()).workspace,
    ...(timezone === undefined ? {} : { timezone }),
    ...(consent === undefined ? {} : { consent }),
  };
}

/** Runs one scenario on the virtual clock and compares the journal with what it expects. */
export function runScenario(scenario: Scenario, doc: FlowDoc, others: FlowDoc[]): ScenarioResult {
  const shape = scenarioProblems(scenario);
  const name = typeof scenario.name === "string" ? scenario.name : "(no name)";
  if (shape.length > 0) return { name, failures: shape };
  const from = parseInstant(scenario.from) ?? 0;
  const until = parseInstant(scenario.until) ?? 0;
  const workspace = workspaceOf(scenario);
  const contacts = contactsOf(scenario.contacts, { workspace });
  if (!contacts.ok) return { name, failures: [contacts.problem.message.en] };
  const records = (scenario.events ?? []).map((value, i) => ({ line: i + 1, value }));
  const events = eventsOf(records, workspace);
  const params = Object.keys(scenario.params ?? {});
  const known = Object.keys(doc.parameters ?? {});
  const failures = [
    ...params
      .filter((param) => !known.includes(param))
      .map((p) => `the flow has no parameter “${p}”; it has ${known.join(", ") || "none"}`),
    ...contacts.value.problems.map((p) => `contact ${p.line}: ${p.message.en}`),
    ...events.problems.map((p) => `event ${p.line}: ${p.message.en}`),
  ];
  if (failures.length > 0) return { name, failures };
  const version: CompileOptions = { version: 1, firstPublished: from, paused: false };
  const lines: JournalLine[] = [];
  const simulator = new Simulator({
    flow: compileFlow(doc, { ...version, params: scenario.params ?? {} }),
    others: others.filter((o) => o.id !== doc.id).map((o) => compileFlow(o, version)),
    contacts: contacts.value.people,
    events: events.events,
    from,
    until,
    workspace,
    write: (line) => lines.push(line),
  });
  const { warnings } = simulator.run();
  for (const expected of scenario.expect) failures.push(...check(expected, doc, lines));
  if (failures.length > 0) failures.push(...warnings.map((w) => `warning: ${w}`));
  return { name, failures };
}

function check(expected: Expectation, doc: FlowDoc, lines: JournalLine[]): string[] {
  const contact = contactKey(expected.contact);
  const mine = lines.filter((l) => l.contact === contact && l.flow === doc.id);
  const named = expected.message ?? expected.noMessage ?? expected.step;
  if (named !== undefined && !doc.nodes.some((n) => n.id === named)) {
    return [`the flow has no node “${named}”`];
  }
  const at = expected.at === undefined ? null : iso(parseInstant(expected.at) ?? 0);
  if (expected.message !== undefined) return checkMessage(expected, at, mine);
  if (expected.noMessage !== undefined) {
    const sent = mine.filter(
      (l) => l.kind === "message" && l.node === expected.noMessage && l.state === "sent",
    );
    const bad = at === null ? sent : sent.filter((l) => l.at === at);
    return bad.map(
      (l) => `${contact} got message “${expected.noMessage}” at ${l.at}, which wasn't to be sent`,
    );
  }
  if (expected.step !== undefined) return checkStep(expected, at, mine);
  const state = stateOf(mine);
  return state === expected.state
    ? []
    : [`${contact} is ${state ?? "not in the flow"}, expected ${expected.state}`];
}

function checkMessage(expected: Expectation, at: string | null, mine: JournalLine[]): string[] {
  const state = expected.state ?? "sent";
  const of = mine.filter((l) => l.kind === "message" && l.node === expected.message);
  const fits = of.some(
    (l) =>
      l.state === state &&
      (at === null || l.at === at) &&
      (expected.reason === undefined || l.reason === expected.reason),
  );
  if (fits) return [];
  const seen = of.map((l) => `${l.state}${l.reason ? ` (${l.reason})` : ""} at ${l.at}`);
  return [
    `${expected.contact}: message “${expected.message}” was not ${state}${at === null ? "" : ` at ${at}`}; ${
      seen.length > 0 ? `it was ${seen.join(", ")}` : "nothing was sent"
    }`,
  ];
}

function checkStep(expected: Expectation, at: string | null, mine: JournalLine[]): string[] {
  const of = mine.filter((l) => l.kind === "step" && l.node === expected.step);
  const fits = of.some(
    (l) =>
      (expected.output === undefined || l.output === expected.output) &&
      (at === null || l.at === at),
  );
  if (fits) return [];
  const seen = of.map((l) => `${l.output} at ${l.at}`);
  const wanted = expected.output === undefined ? "" : ` by “${expected.output}”`;
  return [
    `${expected.contact} did not leave “${expected.step}”${wanted}${at === null ? "" : ` at ${at}`}; ${
      seen.length > 0 ? `left by ${seen.join(", ")}` : "never left it"
    }`,
  ];
}

/** The state of the newest enrollment, read from its lines. */
function stateOf(mine: JournalLine[]): string | null {
  let newest = 0;
  let state: string | null = null;
  for (const line of mine) {
    const n = typeof line.enrollment === "number" ? line.enrollment : 0;
    if (n === 0 || n < newest) continue;
    newest = n;
    if (line.kind === "entered" || line.kind === "resumed") state = "active";
    else if (STATES.includes(line.kind)) state = line.kind;
  }
  return state;
}

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { contactsOf } from "../../engine/contacts/read.ts";
import type { FlowDoc } from "../../engine/core/document.ts";
import { compileFlow } from "../../engine/core/flow.ts";
import type { JournalLine } from "../../engine/core/journal.ts";
import { parseInstant } from "../../engine/core/time.ts";
import { eventsOf } from "../../engine/simulate/events.ts";
import { type Scenario, workspaceOf } from "../../engine/simulate/scenarios.ts";
import { type Simulation, Simulator } from "../../engine/simulate/simulate.ts";

/** What a simulation needs, as a file can hold it: the flows are documents. */
export interface GoldenCase extends Omit<Simulation, "flow" | "others" | "write" | "progress"> {
  name: string;
  doc: FlowDoc;
  others: FlowDoc[];
  params?: Record<string, unknown>;
}

const HERE = import.meta.dirname;
const FLOWS = join(HERE, "../../flows");
/** Generated flows with their contacts and events, kept as they are: a generator that changes must not change them. */
export const CASES = join(HERE, "cases.json.gz");
export const journalFile = (name: string): string => join(HERE, "journals", `${name}.txt`);

/** Every flow with a stored journal: templates by file, generated ones by number. */
export function goldenCases(): Map<string, GoldenCase[]> {
  const found = new Map(templates());
  const generated = JSON.parse(gunzipSync(readFileSync(CASES)).toString()) as GoldenCase[];
  for (const one of generated) found.set(one.name, [one]);
  return found;
}

function templates(): [string, GoldenCase[]][] {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(FLOWS, name), "utf8"));
  const files = readdirSync(FLOWS).filter(
    (name) => name.endsWith(".json") && !name.endsWith(".scenarios.json"),
  );
  const docs = files.map((name) => read(name) as FlowDoc);
  return files.flatMap((file, i): [string, GoldenCase[]][] => {
    const doc = docs[i];
    if (!doc) return [];
    const others = docs.filter((other) => other.id !== doc.id);
    const scenarios = read(file.replace(".json", ".scenarios.json")) as Scenario[];
    return [
      [file.replace(".json", ""), scenarios.map((scenario) => caseOf(scenario, doc, others))],
    ];
  });
}

function caseOf(scenario: Scenario, doc: FlowDoc, others: FlowDoc[]): GoldenCase {
  const workspace = workspaceOf(scenario);
  const contacts = contactsOf(scenario.contacts, { workspace });
  if (!contacts.ok) throw new Error(`${doc.id}, ${scenario.name}: ${contacts.problem.message.en}`);
  const records = (scenario.events ?? []).map((value, i) => ({ line: i + 1, value }));
  return {
    name: scenario.name,
    doc,
    others,
    params: scenario.params ?? {},
    contacts: contacts.value.people,
    events: eventsOf(records, workspace).events,
    from: parseInstant(scenario.from) ?? 0,
    until: parseInstant(scenario.until) ?? 0,
    workspace,
  };
}

/** The journals of a flow's cases, as a file has them. */
export const journalsOf = (cases: GoldenCase[]): string =>
  cases.map((one) => [`# ${one.name}`, ...linesOf(one), ""].join("\n")).join("\n");

export function linesOf({ doc, others, params, ...job }: GoldenCase): string[] {
  const version = { version: 1, firstPublished: job.from, paused: false };
  const lines: string[] = [];
  new Simulator({
    ...job,
    flow: compileFlow(doc, { ...version, ...(params ? { params } : {}) }),
    others: others.map((other) => compileFlow(other, version)),
    write: (line) => lines.push(short(line)),
  }).run();
  return lines;
}

const LONG_TEXT = 32;

/** One line, short enough to be read in a difference: long texts stand as their length and a hash of them. */
function short({
  at,
  contact,
  flow,
  version,
  enrollment,
  kind,
  node,
  ...detail
}: JournalLine): string {
  const rest = JSON.stringify(detail, (_, value: unknown) =>
    typeof value === "string" && value.length > LONG_TEXT
      ? `${value.length}:${digest(value)}`
      : value,
  );
  return `${at} ${contact} ${flow}@${version}#${enrollment} ${kind} ${node} ${rest}`;
}

const digest = (text: string): string =>
  new Bun.CryptoHasher("sha256").update(text).digest("hex").slice(0, 10);

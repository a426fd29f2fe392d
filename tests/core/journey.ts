import { expect, onTestFinished } from "vitest";
import { contactsOf } from "../../engine/contacts/read.ts";
import { checkFlow } from "../../engine/core/check.ts";
import type { FlowDoc, Settings } from "../../engine/core/document.ts";
import { compileFlow } from "../../engine/core/flow.ts";
import type { JournalLine } from "../../engine/core/journal.ts";
import type { Workspace } from "../../engine/core/state.ts";
import { eventsOf } from "../../engine/simulate/events.ts";
import { type Outcome, Simulator } from "../../engine/simulate/simulate.ts";
import { plainWorkspace } from "../../engine/simulate/workspace.ts";
import { lived, type Span, withoutLinks } from "../live/live.ts";

type Json = Record<string, unknown>;

/** `id`, `type` and data of a node. */
export type Placed = readonly [id: string, type: string, data?: Json];

/**
 * A flow of nodes and of edges written as `a > b > c` or `a:output > b`; without edges, the nodes stand in
 * a row, each followed from its `next`.
 */
export function flow(
  nodes: readonly Placed[],
  {
    edges,
    settings = {},
    id = "f",
    ...more
  }: { edges?: string[]; settings?: Settings; id?: string } & Json = {},
): FlowDoc {
  const paths = edges ?? [nodes.map(([node]) => node).join(" > ")];
  const pairs = paths.flatMap((path) => {
    const steps = path.split(">").map((step) => step.trim());
    return steps
      .slice(1)
      .map((target, i) => ({ from: steps[i] ?? "", target: target.split(":")[0] ?? "" }));
  });
  return {
    format: 1,
    id,
    name: id,
    settings,
    nodes: nodes.map(([node, type, data = {}]) => ({
      id: node,
      type,
      position: { x: 0, y: 0 },
      data,
    })),
    edges: pairs.map(({ from, target }, i) => {
      const [source = "", sourceHandle = "next"] = from.split(":");
      return { id: `e${i}`, source, sourceHandle, target };
    }),
    ...more,
  } as FlowDoc;
}

export interface Journey {
  flow: FlowDoc;
  others?: FlowDoc[];
  /** Fields of contacts, or e-mails alone. */
  contacts?: (string | Json)[];
  /** As lines of the events' file; `contact` may be left out where there is only `ann`. */
  events?: Json[];
  from?: string;
  until?: string;
  workspace?: Partial<Workspace>;
  params?: Json;
  /** Why the live engine's journal differs by design; else the test lives the journey too and compares. */
  differs?: string;
}

/** What a journey left behind. */
export interface Told {
  lines: JournalLine[];
  outcome: Outcome;
  /** The lines as the file has them. */
  text: string;
}

export const ANN = "ann@x.example";
/** The usual span: 2026-01-05 is a Monday. */
const FROM = "2026-01-05T00:00:00Z";
const UNTIL = "2026-03-01T00:00:00Z";

/**
 * Runs a journey on the virtual clock, and once the test is over also in the live engine on SQLite, which must
 * write the same journal. Its flows must pass the check; Ann alone goes on it unless others are named.
 */
export function run(journey: Journey): Told {
  const workspace: Workspace = { ...plainWorkspace(), ...journey.workspace };
  for (const doc of [journey.flow, ...(journey.others ?? [])]) {
    expect(checkFlow(doc).filter((p) => p.severity === "error")).toEqual([]);
  }
  const people = (journey.contacts ?? [ANN]).map((c) => (typeof c === "string" ? { email: c } : c));
  const contacts = contactsOf(people, { workspace });
  if (!contacts.ok) throw new Error(contacts.problem.message.en);
  expect(contacts.value.problems).toEqual([]);
  const records = (journey.events ?? []).map((value, i) => ({
    line: i + 1,
    value: { contact: ANN, ...value },
  }));
  const events = eventsOf(records, workspace);
  expect(events.problems).toEqual([]);
  const from = Date.parse(journey.from ?? FROM);
  const version = { version: 1, firstPublished: from, paused: false };
  const lines: JournalLine[] = [];
  const span: Span = {
    doc: journey.flow,
    others: journey.others ?? [],
    params: journey.params ?? {},
    contacts: contacts.value.people,
    events: events.events,
    from,
    until: Date.parse(journey.until ?? UNTIL),
    workspace,
  };
  const outcome = new Simulator({
    ...span,
    flow: compileFlow(span.doc, { ...version, params: span.params }),
    others: span.others.map((doc) => compileFlow(doc, version)),
    write: (line) => lines.push(line),
  }).run();
  // What changes of the core do to journeys is seen on the virtual clock alone, in a tenth of the time.
  if (journey.differs === undefined && process.env.JOURNEYS !== "simulated") {
    onTestFinished(async () => {
      expect(withoutLinks(await lived(span))).toEqual(withoutLinks(lines));
    });
  }
  return { lines, outcome, text: lines.map((line) => `${JSON.stringify(line)}\n`).join("") };
}

const SHOWN: Record<string, string[]> = {
  entered: ["trigger"],
  ignored: ["reason"],
  step: ["output", "reason"],
  waiting: ["for", "until"],
  message: ["channel", "state", "reason"],
  task: ["task", "state", "outcome"],
  goal: ["name", "value"],
  decided: ["winner"],
  changed: ["tag", "field", "from", "to"],
  paused: ["until"],
  exited: ["reason", "text"],
  failed: ["reason"],
};

/** `01-05T09:00`, the year, seconds and zone left out where they say nothing. */
export const short = (at: unknown): string =>
  String(at)
    .replace(/^2026-/, "")
    .replace(/(T\d\d:\d\d):00Z$/, "$1")
    .replace(/Z$/, "");

/**
 * A line in one row: moment, flow (where it isn't `f`), enrollment (where it isn't the first), node, kind
 * and what belongs to it, as `01-05T09:00 hello message email sent`.
 */
export function row(line: JournalLine): string {
  const parts = [short(line.at)];
  if (line.flow !== "f") parts.push(`${String(line.flow)}:`);
  if (typeof line.enrollment === "number" && line.enrollment > 1) parts.push(`#${line.enrollment}`);
  parts.push(line.node === null ? "-" : String(line.node), line.kind);
  for (const key of SHOWN[line.kind] ?? []) {
    if (line[key] === undefined) continue;
    parts.push(key === "until" ? short(line[key]) : String(line[key]));
  }
  return parts.join(" ");
}

/** The rows of a journey, of some kinds or of all. */
export const rows = (told: Told, ...kinds: string[]): string[] =>
  told.lines.filter((line) => kinds.length === 0 || kinds.includes(line.kind)).map(row);

/** The rows of one contact. */
export const rowsOf = (told: Told, contact: string, ...kinds: string[]): string[] =>
  rows({ ...told, lines: told.lines.filter((line) => line.contact === contact) }, ...kinds);

/** The first line of a kind (at a node). */
export function lineOf(told: Told, kind: string, node?: string): JournalLine {
  const found = told.lines.find((l) => l.kind === kind && (node === undefined || l.node === node));
  if (!found)
    throw new Error(
      `no ${kind} line${node ? ` of ${node}` : ""}; there are\n${rows(told).join("\n")}`,
    );
  return found;
}

export const start: Placed = ["start", "trigger.manual"];
export const email = (id: string, data: Json = {}): Placed => [
  id,
  "email",
  { subject: id, body: id, ...data },
];
export const sms = (id: string, data: Json = {}): Placed => [id, "sms", { text: id, ...data }];
export const wait = (id: string, duration: string): Placed => [id, "wait", { for: duration }];
/** Ann with a phone, so that every channel reaches her. */
export const annWithPhone = { email: ANN, phone: "+966501234567" };

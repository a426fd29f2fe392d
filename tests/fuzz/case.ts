import { checkFlow } from "../../engine/core/check.ts";
import { compileFlow } from "../../engine/core/flow.ts";
import type { JournalLine } from "../../engine/core/journal.ts";
import { type Outcome, Simulator } from "../../engine/simulate/simulate.ts";
import { lived } from "../live/live.ts";
import { type Case, checkLines, checkRuns, type Tell } from "./checker.ts";
import { checkSending } from "./checker-send.ts";
import { type Plan, plan } from "./generate.ts";
import { type People, people } from "./people.ts";

/** What one seed showed: nothing wrong is an empty list. */
export interface Verdict {
  problems: string[];
  lines: number;
}

export interface Trial {
  plan: Plan;
  people: People;
}

export const trial = (seed: number, { live = false } = {}): Trial => {
  const made = plan(seed, { live });
  return { plan: made, people: people(made, { live }) };
};

/** Links are signed for each installation, so they differ by design. */
const withoutLinks = (line: JournalLine): string =>
  JSON.stringify(line).replaceAll(/https:\/\/example\.com\/[us]\/[^\s"\\]+/g, "LINK");

export function simulate({ plan, people }: Trial): { lines: JournalLine[]; outcome: Outcome } {
  const version = { version: 1, firstPublished: plan.from, paused: false };
  const lines: JournalLine[] = [];
  const outcome = new Simulator({
    ...plan,
    contacts: people.contacts,
    events: people.events,
    flow: compileFlow(plan.doc, version),
    others: plan.others.map((other) => compileFlow(other, version)),
    write: (line) => lines.push(line),
  }).run();
  return { lines, outcome };
}

/** Simulates a trial twice and has the journal judged. */
export function judge(given: Trial): Verdict {
  const { plan, people } = given;
  const problems: string[] = [];
  const tell: Tell = (line, what) => {
    if (problems.length < 20)
      problems.push(line ? `${what}: ${JSON.stringify(line).slice(0, 400)}` : what);
  };
  const all = [plan.doc, ...plan.others];
  const options = { segments: Object.keys(plan.workspace.segments), flows: all.map((f) => f.id) };
  for (const doc of all) {
    for (const p of checkFlow(doc, options))
      if (p.severity === "error") tell(null, `${doc.id}: ${p.message.en}`);
  }
  const { lines, outcome } = simulate(given);
  const facts: Case = {
    docs: new Map(all.map((doc) => [doc.id, doc])),
    from: plan.from,
    until: plan.until,
  };
  checkLines(lines, facts, tell);
  const states = checkRuns(lines, facts, tell);
  checkSending(lines, { ...facts, workspace: plan.workspace, ...people }, tell);
  account(given, lines, outcome, states, tell);
  const again = simulate(given).lines;
  const different = lines.findIndex((line, i) => JSON.stringify(line) !== JSON.stringify(again[i]));
  if (different >= 0 || again.length !== lines.length)
    tell(lines[different] ?? null, "the same input gave another journal");
  return { problems, lines: lines.length };
}

/** Everybody is somewhere: who exists, who entered, and how the enrollments stand. */
function account(
  { plan, people }: Trial,
  lines: readonly JournalLine[],
  outcome: Outcome,
  states: ReadonlyMap<string, number>,
  tell: Tell,
): void {
  const entered = lines.filter((l) => l.kind === "entered").length;
  const total = Object.values(outcome.enrollments).reduce((a, b) => a + b, 0);
  if (total !== entered) tell(null, `${entered} entered, ${total} are accounted for`);
  if (outcome.lines !== lines.length) tell(null, `${lines.length} lines, ${outcome.lines} counted`);
  const erased = lines.some((l) => l.contact === null && l.kind === "entered");
  for (const [state, count] of Object.entries(outcome.enrollments)) {
    if (!erased && states.get(state) !== count)
      tell(null, `${count} ${state}, ${states.get(state) ?? 0} by the journal`);
  }
  const born = people.events.filter(
    (e) => e.what.kind === "created" && e.what.row && e.at >= plan.from,
  );
  const known =
    people.contacts.filter((c) => (c.created ?? 0) < plan.until).length +
    new Set(born.map((e) => e.contact)).size;
  if (outcome.contacts !== known) tell(null, `${known} contacts, ${outcome.contacts} counted`);
  if (!plan.doc.nodes.some((n) => n.type === "trigger.manual")) return;
  const erasing = new Set(
    people.events.flatMap((e) =>
      e.what.kind === "input" && e.what.input.kind === "erase" ? [e.contact] : [],
    ),
  );
  const told = new Set(
    lines
      .filter((l) => l.flow === plan.doc.id && (l.kind === "entered" || l.kind === "ignored"))
      .map((l) => l.contact),
  );
  for (const { key, fields, created } of people.contacts) {
    const gone =
      [key, fields.phone].some((k) => typeof k === "string" && erasing.has(k)) ||
      (created ?? 0) >= plan.until;
    if (!gone && !told.has(key)) tell(null, `${key} neither entered nor was ignored`);
  }
}

/**
 * Lines as they compare: a live journal sorts by what it still knows of a contact, so those of erased ones
 * stand elsewhere; links are signed for each installation.
 */
function comparable(lines: readonly JournalLine[]): string[] {
  const place = ({ at, contact, flow, enrollment }: JournalLine): string =>
    [at, contact ?? "", flow, String(enrollment ?? 0).padStart(6, "0")].join(" ");
  const found = lines.map((line, i) => ({ line, i, place: place(line), text: withoutLinks(line) }));
  found.sort(
    (a, b) =>
      order(a.place, b.place) || (a.line.contact === null ? order(a.text, b.text) : a.i - b.i),
  );
  return found.map(({ text }) => text);
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Lives a trial on the real engine and compares its journal with the simulator's, byte by byte. */
export async function compareLive(given: Trial, batch: number): Promise<Verdict> {
  const { plan, people } = given;
  const expected = comparable(simulate(given).lines);
  const span = { ...plan, params: {}, contacts: [...people.contacts], events: people.events };
  const found = comparable(await lived(span, batch));
  const at = expected.findIndex((line, i) => line !== found[i]);
  if (at < 0 && found.length === expected.length) return { problems: [], lines: found.length };
  const i = at < 0 ? expected.length : at;
  const why = `batches of ${batch}, line ${i + 1}:\n  simulated ${expected[i]}\n  lived     ${found[i]}`;
  return { problems: [why], lines: found.length };
}

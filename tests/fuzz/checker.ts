import type { FlowDoc } from "../../engine/core/document.ts";
import type { JournalLine } from "../../engine/core/journal.ts";
import { nodeType } from "../../nodes/index.ts";

/** Everything that an independent reader needs to judge a journal. */
export interface Case {
  docs: Map<string, FlowDoc>;
  from: number;
  until: number;
}

export type Tell = (line: JournalLine | null, what: string) => void;

const REASONS: Record<string, string[]> = {
  ignored: ["already-entered", "running", "cooldown", "key-used", "no-key", "exit-rule", "loop"],
  exited: ["exit-when", "goal", "reply", "node", "erased", "no-consent", "merged", "moved"],
  failed: ["loop", "template", "rule"],
  "message skipped": ["no-consent", "suppressed", "no-address", "cap", "late"],
  "message failed": ["refused", "bounced", "gave-up"],
  "message uncertain": ["crash", "restore"],
};
REASONS["message cancelled"] = [...(REASONS.exited ?? []), ...(REASONS.failed ?? [])];
const RECEIPTS = ["delivered", "opened", "clicked", "replied", "bounced", "complained"];
const DECISIONS = ["sent", "skipped", "cancelled", "failed", "uncertain"];
const WAITS = ["wait", "rule", "window", "cap", "task", "flow", "reply", "winner"];
const COMMON = ["at", "contact", "flow", "version", "enrollment", "kind", "node"];
/** What a line of a kind must have, and what it may have beside. */
const FIELDS: Record<string, { must: string[]; may: string[] }> = {
  entered: { must: ["trigger", "key"], may: ["rule", "facts"] },
  ignored: { must: ["reason"], may: ["key", "rule", "facts"] },
  step: { must: ["output"], may: ["reason", "rule", "facts"] },
  waiting: { must: ["until", "for"], may: [] },
  message: {
    must: ["channel", "state"],
    may: ["reason", "to", "subject", "text", "template", "missing", "link", "machine"],
  },
  task: { must: ["task", "state"], may: ["title", "assignee", "due", "outcome", "comment"] },
  goal: { must: [], may: ["name", "value", "rule", "facts"] },
  decided: { must: ["winner", "by", "numbers"], may: [] },
  changed: { must: ["to"], may: ["tag", "expires", "field", "from", "pipeline"] },
  paused: { must: ["until"], may: ["reply"] },
  resumed: { must: [], may: [] },
  migrated: { must: ["to"], may: ["from"] },
  completed: { must: [], may: [] },
  exited: { must: ["reason"], may: ["rule", "facts", "text"] },
  failed: { must: ["reason"], may: ["error"] },
};
/** What erasing may drop: texts, addresses, keys and facts. */
const PERSONAL = ["key", "to", "error", "task", "winner", "by", "numbers"];

const at = (line: JournalLine): number => Date.parse(line.at);
export const isReceipt = (line: JournalLine): boolean =>
  line.kind === "message" && RECEIPTS.includes(String(line.state));
export const isDecision = (line: JournalLine): boolean =>
  line.kind === "message" && DECISIONS.includes(String(line.state));

/** Every line by itself: a known kind with its fields, reasons of the closed lists, moments in order and in the span. */
export function checkLines(
  lines: readonly JournalLine[],
  { docs, from, until }: Case,
  tell: Tell,
): void {
  let last = from;
  for (const line of lines) {
    const now = at(line);
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(line.at))
      tell(line, "“at” is not in UTC");
    if (now < last) tell(line, "time goes back");
    if (now < from || now >= until) tell(line, "the line is outside the span");
    last = now;
    const fields = FIELDS[line.kind];
    if (!fields) {
      tell(line, "unknown kind");
      continue;
    }
    const erased = line.contact === null;
    for (const name of [...COMMON, ...fields.must]) {
      if (!(name in line) && !(erased && PERSONAL.includes(name)))
        tell(line, `“${name}” is missing`);
    }
    const known = new Set([...COMMON, ...fields.must, ...fields.may]);
    for (const name of Object.keys(line))
      if (!known.has(name)) tell(line, `unknown field “${name}”`);
    checkValues(line, tell);
    const doc = docs.get(String(line.flow));
    if (!doc) tell(line, "unknown flow");
    else if (line.node !== null && !doc.nodes.some((n) => n.id === line.node))
      tell(line, "unknown node");
  }
}

function checkValues(line: JournalLine, tell: Tell): void {
  const place = line.kind === "message" ? `message ${line.state}` : line.kind;
  const closed = REASONS[place];
  if (closed && !closed.includes(String(line.reason)))
    tell(line, `reason ${line.reason} is not in the list`);
  if (!closed && line.reason !== undefined && line.kind !== "step")
    tell(line, "a reason where none belongs");
  if (line.kind === "step" && line.reason !== undefined && line.reason !== "no-date")
    tell(line, "unknown reason of a step");
  if (line.kind === "message" && !isReceipt(line) && !isDecision(line)) tell(line, "unknown state");
  if (line.kind === "message" && line.state === "sent" && line.contact !== null) {
    if (line.channel !== "letter" && typeof line.to !== "string") tell(line, "sent to nobody");
    if (typeof line.text !== "string") tell(line, "sent without its text");
  }
  if (line.kind === "waiting" && !WAITS.includes(String(line.for))) tell(line, "unknown “for”");
  const numbered = Number.isInteger(line.enrollment) && Number(line.enrollment) > 0;
  const flowWide = line.kind === "ignored" || line.kind === "decided";
  if (flowWide ? line.enrollment !== null : !numbered) tell(line, "wrong enrollment");
  if (line.kind === "task" && line.state === "closed" && typeof line.outcome !== "string")
    tell(line, "closed without outcome");
}

/** A moment and a duration on, in UTC. */
const later = (from: number, duration: string): number =>
  Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO("UTC").add(duration)
    .epochMilliseconds;

interface RunView {
  /** Where the contact stands; null: it left by an output that leads nowhere. */
  place: string | null;
  ended: string | null;
  until: number | null;
  decided: boolean;
  goal: boolean;
  entered: number;
  endedAt: number;
  key: unknown;
  paused: boolean;
}

const ENDS = ["completed", "exited", "failed"];

/** How each enrollment goes: along the edges, in order, each wait kept, nothing after its end. */
export function checkRuns(
  lines: readonly JournalLine[],
  given: Case,
  tell: Tell,
): Map<string, number> {
  const runs = new Map<string, RunView>();
  const drawn = new Map<string, unknown>();
  for (const line of lines) {
    if (line.contact === null || line.enrollment === null) continue;
    const doc = given.docs.get(String(line.flow));
    if (!doc) continue;
    const id = `${line.contact} ${line.flow} ${line.enrollment}`;
    const run = runs.get(id);
    if (line.kind === "entered") {
      if (run) tell(line, "entered twice");
      checkReentry(line, doc, runs, tell);
      runs.set(id, {
        place: String(line.trigger),
        ended: null,
        until: null,
        decided: false,
        goal: false,
        entered: at(line),
        endedAt: 0,
        key: line.key,
        paused: false,
      });
    } else if (!run) tell(line, "comes before “entered”");
    else follow(line, run, doc, tell, drawn);
  }
  const states = new Map<string, number>();
  for (const [id, run] of runs) {
    const state = run.ended ?? (run.paused ? "paused" : "active");
    states.set(state, (states.get(state) ?? 0) + 1);
    if (run.ended === null && !run.paused && run.until !== null && run.until < given.until) {
      tell(null, `${id} waits until ${new Date(run.until).toISOString()} and nothing followed`);
    }
    if (run.ended === null && run.place === null)
      tell(null, `${id} left by an output that leads nowhere and did not complete`);
  }
  return states;
}

function checkReentry(
  line: JournalLine,
  doc: FlowDoc,
  runs: ReadonlyMap<string, RunView>,
  tell: Tell,
): void {
  const n = Number(line.enrollment);
  const earlier: RunView[] = [];
  for (let i = 1; i < n; i++) {
    const run = runs.get(`${line.contact} ${line.flow} ${i}`);
    if (run) earlier.push(run);
    else tell(line, `enrollment ${i} is missing`);
  }
  const mode = doc.settings?.reentry?.mode;
  if (mode === "once" && n > 1) tell(line, "entered again where once is all");
  if (mode === "after-exit" && earlier.some((r) => r.ended === null))
    tell(line, "entered while the earlier run goes on");
  if (mode === "per-key" && earlier.some((r) => r.key === line.key))
    tell(line, "entered with a used key");
  const cooldown = doc.settings?.reentry?.cooldown;
  if (cooldown === undefined) return;
  for (const run of earlier) {
    const base = mode === "always" ? run.entered : run.endedAt;
    // The zone moves this by a day at most.
    if (at(line) < later(base, cooldown) - 26 * 3_600_000)
      tell(line, "entered within the cooldown");
  }
}

function follow(
  line: JournalLine,
  run: RunView,
  doc: FlowDoc,
  tell: Tell,
  drawn: Map<string, unknown>,
): void {
  const mayFollow =
    isReceipt(line) ||
    (line.kind === "task" && line.state === "closed") ||
    (line.kind === "goal" && line.node === null);
  if (line.kind === "goal" && line.node === null) checkGoal(line, run, doc, tell);
  if (run.ended !== null) {
    if (!mayFollow) tell(line, `comes after ${run.ended}`);
    return;
  }
  if (mayFollow) return;
  if (line.kind === "paused") run.paused = true;
  else if (line.kind === "resumed") run.paused = false;
  else if (run.until !== null && at(line) > run.until && !run.paused)
    tell(line, `comes after the wait's end ${new Date(run.until).toISOString()}`);
  if (line.kind === "paused" || line.kind === "resumed") {
    // A pause moves durations; what the run waits for now is told by its next line.
    run.until = null;
    return;
  }
  const isEnd = ENDS.includes(line.kind);
  if (run.place === null && line.kind !== "completed" && !isEnd)
    tell(line, "goes on after an output that leads nowhere");
  if (isEnd) end(line, run, tell);
  else if (line.node !== run.place)
    tell(line, `speaks of ${line.node} while the contact stands on ${run.place}`);
  if (line.kind === "waiting")
    run.until = line.until === null ? null : Date.parse(String(line.until));
  if (line.kind === "message" && line.channel !== "notify" && line.channel !== "letter") {
    if (run.decided) tell(line, "a second decision for one visit");
    run.decided = true;
  }
  if (line.kind === "step") step(line, run, doc, tell, drawn);
}

function end(line: JournalLine, run: RunView, tell: Tell): void {
  if (line.kind === "completed" && run.place !== null)
    tell(line, `completed while standing on ${run.place}`);
  run.ended = line.kind;
  run.endedAt = at(line);
  run.until = null;
}

const MESSAGES = ["email", "sms", "whatsapp", "survey"];

function step(
  line: JournalLine,
  run: RunView,
  doc: FlowDoc,
  tell: Tell,
  drawn: Map<string, unknown>,
): void {
  const node = doc.nodes.find((n) => n.id === line.node);
  const type = node && nodeType(node.type);
  if (!node || !type) return;
  const outputs = type.outputs(node.data).map((o) => o.id);
  if (!outputs.includes(String(line.output)))
    tell(line, `left by “${line.output}”, which ${node.type} doesn't have`);
  if (MESSAGES.includes(node.type) && !run.decided) tell(line, "left a message without a decision");
  if (node.type === "split") {
    const place = `${line.contact} ${line.flow} ${line.node}`;
    if (drawn.has(place) && drawn.get(place) !== line.output)
      tell(line, "another variant than before");
    drawn.set(place, line.output);
  }
  const edge = doc.edges.find(
    (e) => e.source === node.id && (e.sourceHandle ?? "next") === line.output,
  );
  run.place = edge?.target ?? null;
  run.until = null;
  run.decided = false;
}

function checkGoal(line: JournalLine, run: RunView, doc: FlowDoc, tell: Tell): void {
  if (run.goal) tell(line, "a second conversion of one run");
  run.goal = true;
  const goal = doc.settings?.goal;
  if (!goal) tell(line, "a goal that the flow doesn't have");
  else if (goal.within !== undefined && at(line) > later(run.entered, goal.within) + 26 * 3_600_000)
    tell(line, "a goal after its time");
}

import { addressOf, suppressionKey } from "./consent.ts";
import { touched } from "./gate.ts";
import { closeTask, wake } from "./runs.ts";
import type { Input, Message, Receipt, Run, Task } from "./state.ts";
import { optWord } from "./text.ts";
import { iso } from "./time.ts";
import { line, note, type Turn } from "./turn.ts";

type Of<K extends Input["kind"]> = Extract<Input, { kind: K }>;

/** The contact wrote: it answers the latest message of that channel, and may open or close the channel. */
export function inbound(turn: Turn, input: Of<"inbound">): void {
  const { contact, messages } = turn.state;
  contact.fields.last_reply_at = iso(input.at);
  turn.changes.contact = true;
  const opt = optWord(input.text);
  const keys = ["field:last_reply_at"];
  const answered = messages.findLast((m) => m.channel === input.channel && wentOut(m));
  if (answered) {
    addReceipt(turn, answered, { event: "replied", at: input.at });
    keys.push("message");
  }
  if (opt === "stop" || opt === "start") keys.push("consent");
  if (opt === "stop" && !contact.stopped.includes(input.channel))
    contact.stopped.push(input.channel);
  if (opt === "start") contact.stopped = contact.stopped.filter((c) => c !== input.channel);
  const { id, channel, text } = input;
  note(turn, {
    keys,
    at: input.at,
    depth: 0,
    what: { kind: "inbound", id, channel, text, opt, data: input.data ?? {} },
  });
}

/** What was queued and not sent, skipped or cancelled can't be opened, clicked or answered. */
const wentOut = (message: Message): boolean =>
  message.state === "sent" || message.state === "sending" || message.state === "uncertain";

const runOf = (turn: Turn, of: { flow: string; n: number }): Run | undefined =>
  turn.state.runs.find((r) => r.flow === of.flow && r.n === of.n);

/** The newest by key or node. */
const newest = <T extends { key: string; node: string }>(
  items: T[],
  input: { key?: string; node?: string },
): T | undefined =>
  items.findLast((item) =>
    input.key === undefined ? item.node === input.node : item.key === input.key,
  );

function addReceipt(turn: Turn, message: Message, receipt: Receipt): void {
  message.receipts.push(receipt);
  turn.changes.messages.add(message);
  const run = runOf(turn, message);
  if (!run) return;
  const { event: state, at: _, ...more } = receipt;
  line(turn, run, "message", { channel: message.channel, state, ...more }, message.node);
}

/** What else a receipt changes, as keys of changes. */
const ALSO_READS: Partial<Record<Receipt["event"], string[]>> = {
  failed: ["touches", "field:last_touch_at"],
  replied: ["field:last_reply_at"],
  bounced: ["consent"],
  complained: ["consent"],
};

/** What a provider tells of a message, or the dispatcher of one that could not go. */
export function receipt(turn: Turn, input: Of<"receipt">): void {
  const isDecision = input.event === "failed";
  const message = newest(
    isDecision ? turn.state.messages : turn.state.messages.filter(wentOut),
    input,
  );
  if (!message) {
    turn.changes.warnings.push(
      `no message of node “${input.node ?? input.key}” was sent that could be ${input.event}`,
    );
    return;
  }
  if (!isDecision) {
    addReceipt(turn, message, {
      event: input.event,
      at: input.at,
      ...(input.link === undefined ? {} : { link: input.link }),
      ...(input.machine ? { machine: true } : {}),
    });
  }
  if (input.event === "bounced" || input.event === "complained")
    suppress(turn, message, input.event);
  if (input.event === "replied") {
    turn.state.contact.fields.last_reply_at = iso(input.at);
    turn.changes.contact = true;
  }
  // The dispatcher's own word that a message could not go: a survey leaves by its timeout.
  const run = runOf(turn, message);
  if (
    input.event === "failed" &&
    run?.waiting === "reply" &&
    run.node === message.node &&
    run.visit === message.visit
  ) {
    wake(turn, run, { by: "unsent" });
  }
  note(turn, {
    keys: ["message", ...(ALSO_READS[input.event] ?? [])],
    at: input.at,
    depth: 0,
    what: { kind: "other" },
  });
}

/** A hard bounce or a complaint closes the address. */
function suppress(turn: Turn, message: Message, reason: "bounced" | "complained"): void {
  const { contact } = turn.state;
  const address = message.to ?? addressOf(contact, message.channel);
  if (address === null) return;
  contact.suppressed[suppressionKey(message.channel, address)] = reason;
  turn.changes.contact = true;
}

/** A person closed a call or task. */
export function task(turn: Turn, input: Of<"task">): void {
  const open = turn.state.tasks.filter((t) => t.closed === null);
  const found: Task | undefined = newest(open, input);
  const run = found && runOf(turn, found);
  if (!found || !run) {
    turn.changes.warnings.push(
      `no open call or task of node “${input.node ?? input.key}” to close`,
    );
    return;
  }
  closeTask(turn, run, found, input.outcome, input.note);
  if (run.waiting === "task" && run.node === found.node && run.visit === found.visit) {
    wake(turn, run, { by: "outcome", outcome: input.outcome });
  }
  const isCall = found.kind === "call";
  const spoken = isCall && input.outcome !== "no-answer";
  if (isCall) touched(turn, 0);
  if (spoken) {
    turn.state.contact.fields.last_reply_at = iso(input.at);
    turn.changes.contact = true;
  }
  note(turn, {
    keys: ["task", "touches", ...(spoken ? ["field:last_reply_at"] : [])],
    at: input.at,
    depth: 0,
    what: isCall ? { kind: "handled", flow: found.flow, n: found.n, spoken } : { kind: "other" },
  });
}

/** A webhook's answer came. */
export function answer(turn: Turn, input: Of<"answer">): void {
  const run = turn.state.runs.find(
    (r) =>
      r.waiting === "request" &&
      (input.key === undefined
        ? r.node === input.node
        : input.key === `${r.flow}.${r.n}.${r.node}.${r.visit}`),
  );
  if (!run) return;
  const { status, body } = input;
  wake(turn, run, { by: "answer", ok: status >= 200 && status < 300, status, body });
}

/** The contact answered a survey. */
export function survey(turn: Turn, input: Of<"survey">): void {
  const message = newest(turn.state.messages.filter(wentOut), input);
  const run = message && runOf(turn, message);
  if (!message || !run) {
    turn.changes.warnings.push(
      `no survey of node “${input.node ?? input.key}” was sent that could be answered`,
    );
    return;
  }
  turn.state.contact.fields.last_reply_at = iso(input.at);
  turn.changes.contact = true;
  note(turn, { keys: ["field:last_reply_at"], at: input.at, depth: 0, what: { kind: "other" } });
  if (run.waiting !== "reply" || run.node !== message.node || run.visit !== message.visit) return;
  const { score, comment } = input;
  wake(turn, run, { by: "score", score, ...(comment === undefined ? {} : { comment }) });
}

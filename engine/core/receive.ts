import { addressOf, mayMessage, suppressionKey } from "./consent.ts";
import { addTag, removeTag, setFields } from "./effects.ts";
import { enroll } from "./enroll.ts";
import { touched } from "./gate.ts";
import { closeTask, endRun, resume, retry, wake } from "./runs.ts";
import type { Input, Message, Receipt, Run, Task } from "./state.ts";
import { optWord } from "./text.ts";
import { iso } from "./time.ts";
import { line, note, type Turn } from "./turn.ts";

type Of<K extends Input["kind"]> = Extract<Input, { kind: K }>;

/** Sets the facts that an input changes, and puts what follows from them where it is looked at. */
export function receive(turn: Turn, input: Input): void {
  if (turn.state.contact.erased) return;
  switch (input.kind) {
    case "enroll":
      return byHand(turn, input);
    case "event":
      return event(turn, input);
    case "tag":
      if (input.add !== undefined) addTag(turn, input.add, input.expires ?? null, 0, null);
      if (input.remove !== undefined) removeTag(turn, input.remove, 0, null);
      return;
    case "set":
      return setFields(turn, input.fields, 0, null);
    case "inbound":
      return inbound(turn, input);
    case "receipt":
      return receipt(turn, input);
    case "task":
      return task(turn, input);
    case "consent":
      return consent(turn, input);
    case "answer":
      return answer(turn, input);
    case "survey":
      return survey(turn, input);
    case "erase":
      return erase(turn);
    case "created":
      return created(turn);
    case "fire":
      return;
    default:
      return steer(turn, input);
  }
}

function byHand(turn: Turn, input: Of<"enroll">): void {
  const flow = turn.world.flows.get(input.flow);
  if (!flow) {
    turn.changes.warnings.push(`there is no published flow “${input.flow}” to enroll in`);
    return;
  }
  enroll(turn, flow, {
    trigger: flow.entry,
    depth: 0,
    event: { id: null, data: input.data ?? {} },
    key: input.key,
  });
}

/** The same id twice counts once. */
function event(turn: Turn, input: Of<"event">): void {
  if (turn.state.events.some((known) => known.id === input.id)) return;
  const fact = { id: input.id, name: input.name, at: input.at, data: input.data };
  turn.state.events.push(fact);
  turn.changes.events.push(fact);
  note(turn, {
    keys: [`event:${input.name}`],
    at: input.at,
    depth: 0,
    what: {
      kind: "event",
      id: input.id,
      name: input.name,
      data: input.data,
      ...(input.webhook ? { webhook: input.webhook } : {}),
    },
  });
}

/** A contact that has just come to be: its tags are new too. */
function created(turn: Turn): void {
  note(turn, { keys: [], at: turn.now, depth: 0, what: { kind: "created" } });
  for (const tag of Object.keys(turn.state.contact.tags)) {
    note(turn, { keys: [`tag:${tag}`], at: turn.now, depth: 0, what: { kind: "tag", tag, change: "added" } });
  }
}

function inbound(turn: Turn, input: Of<"inbound">): void {
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
  if (opt === "stop" && !contact.stopped.includes(input.channel)) contact.stopped.push(input.channel);
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
  items.findLast((item) => (input.key === undefined ? item.node === input.node : item.key === input.key));

function addReceipt(turn: Turn, message: Message, receipt: Receipt): void {
  message.receipts.push(receipt);
  turn.changes.messages.add(message);
  const run = runOf(turn, message);
  if (!run) return;
  const { event: state, at: _, ...more } = receipt;
  line(turn, run, "message", { node: message.node, channel: message.channel, state, ...more });
}

/** What else a receipt changes, as keys of changes. */
const ALSO_READS: Partial<Record<Receipt["event"], string[]>> = {
  sent: ["touches", "field:last_touch_at"],
  replied: ["field:last_reply_at"],
  bounced: ["consent"],
  complained: ["consent"],
};

function receipt(turn: Turn, input: Of<"receipt">): void {
  const isDecision = input.event === "sent" || input.event === "failed";
  const message = newest(isDecision ? turn.state.messages : turn.state.messages.filter(wentOut), input);
  if (!message) {
    turn.changes.warnings.push(`no message of node “${input.node ?? input.key}” was sent that could be ${input.event}`);
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
  if (input.event === "bounced" || input.event === "complained") suppress(turn, message, input.event);
  if (input.event === "replied") {
    turn.state.contact.fields.last_reply_at = iso(input.at);
    turn.changes.contact = true;
  }
  // The dispatcher's own word that a message could not go: a survey leaves by its timeout.
  const run = runOf(turn, message);
  if (input.event === "failed" && run?.waiting === "reply" && run.node === message.node && run.visit === message.visit) {
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

function task(turn: Turn, input: Of<"task">): void {
  const open = turn.state.tasks.filter((t) => t.closed === null);
  const found: Task | undefined = newest(open, input);
  const run = found && runOf(turn, found);
  if (!found || !run) {
    turn.changes.warnings.push(`no open call or task of node “${input.node ?? input.key}” to close`);
    return;
  }
  closeTask(turn, run, found, input.outcome, input.note);
  if (run.waiting === "task" && run.node === found.node && run.visit === found.visit) {
    wake(turn, run, { by: "outcome", outcome: input.outcome });
  }
  const isCall = found.kind === "call";
  const spoken = isCall && input.outcome !== "no-answer";
  if (isCall) touched(turn, 0);
  if (spoken) turn.state.contact.fields.last_reply_at = iso(input.at);
  note(turn, {
    keys: ["task", "touches", ...(spoken ? ["field:last_reply_at"] : [])],
    at: input.at,
    depth: 0,
    what: isCall ? { kind: "handled", flow: found.flow, n: found.n, spoken } : { kind: "other" },
  });
}

function consent(turn: Turn, input: Of<"consent">): void {
  const { contact } = turn.state;
  const topic = input.topic ?? "";
  const before = mayMessage(contact, input.channel, topic, turn.world.workspace);
  contact.consents.push({
    channel: input.channel,
    topic,
    granted: input.granted,
    at: input.at,
    source: input.source ?? "event",
  });
  turn.changes.consents = true;
  note(turn, {
    keys: ["consent"],
    at: input.at,
    depth: 0,
    what: { kind: "consent", withdrawn: before && !input.granted },
  });
}

function answer(turn: Turn, input: Of<"answer">): void {
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

function survey(turn: Turn, input: Of<"survey">): void {
  const message = newest(turn.state.messages.filter(wentOut), input);
  const run = message && runOf(turn, message);
  if (!message || !run) {
    turn.changes.warnings.push(`no survey of node “${input.node ?? input.key}” was sent that could be answered`);
    return;
  }
  turn.state.contact.fields.last_reply_at = iso(input.at);
  turn.changes.contact = true;
  note(turn, { keys: ["field:last_reply_at"], at: input.at, depth: 0, what: { kind: "other" } });
  if (run.waiting !== "reply" || run.node !== message.node || run.visit !== message.visit) return;
  const { score, comment } = input;
  wake(turn, run, { by: "score", score, ...(comment === undefined ? {} : { comment }) });
}

/** Ends everything of the contact and forgets who it was; sums stay. */
function erase(turn: Turn): void {
  const { state } = turn;
  for (const run of state.runs) {
    if (run.state === "active" || run.state === "paused") {
      endRun(turn, run, { state: "exited", reason: "erased" });
    }
    Object.assign(run, { event: {}, steps: {}, key: null });
    turn.changes.runs.add(run);
  }
  Object.assign(state.contact, {
    seed: state.contact.id,
    fields: {},
    fieldsSet: {},
    tags: {},
    consents: [],
    stopped: [],
    erased: true,
  });
  for (const message of state.messages) {
    Object.assign(message, { to: null, content: { body: "", format: "text", locale: "" } });
    for (const receipt of message.receipts) delete receipt.link;
  }
  for (const task of state.tasks) Object.assign(task, { title: "", notes: "" });
  Object.assign(state, { events: [], drawn: {}, fired: {}, members: {} });
  Object.assign(turn.changes, { erased: true, contact: true, tags: true, consents: true, events: [] });
  turn.unsettled.length = 0;
  turn.queue.length = 0;
}

/** What a person or the tick does to the contact's runs. */
function steer(turn: Turn, input: Of<"resume" | "decided" | "remove" | "retry">): void {
  for (const run of [...turn.state.runs]) {
    if (run.flow !== input.flow) continue;
    if ("n" in input && input.n !== undefined && run.n !== input.n) continue;
    if (input.kind === "resume" && run.state === "paused") resume(turn, run);
    if (input.kind === "retry") retry(turn, run);
    if (input.kind === "decided" && run.waiting === "winner" && run.node === input.node) {
      wake(turn, run, { by: "decided" });
    }
    const isOpen = run.state === "active" || run.state === "paused";
    if (input.kind === "remove" && isOpen) {
      // The store asks with its own reasons; anything else is what a person wrote.
      const isOwn = input.reason === "moved" || input.reason === "merged";
      endRun(turn, run, {
        state: "exited",
        reason: isOwn ? input.reason : "node",
        ...(isOwn ? {} : { text: input.reason }),
      });
    }
  }
}


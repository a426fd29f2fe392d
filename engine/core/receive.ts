import { answer, inbound, receipt, survey, task } from "./answers.ts";
import { mayMessage } from "./consent.ts";
import { addTag, removeTag, setFields } from "./effects.ts";
import { enroll } from "./enroll.ts";
import { endRun, moveTo, resume, retry, wake } from "./runs.ts";
import type { Input } from "./state.ts";
import { note, type Turn } from "./turn.ts";

type Of<K extends Input["kind"]> = Extract<Input, { kind: K }>;

/** Sets the facts that an input changes, and puts what follows from them where it is looked at. */
export function receive(turn: Turn, input: Input): void {
  if (turn.state.contact.erased) return;
  switch (input.kind) {
    case "enroll":
      byHand(turn, input);
      break;
    case "event":
      event(turn, input);
      break;
    case "tag":
      if (input.add !== undefined) addTag(turn, input.add, input.expires ?? null, 0, null);
      if (input.remove !== undefined) removeTag(turn, input.remove, 0, null);
      break;
    case "set":
      setFields(turn, input.fields, 0, null);
      break;
    case "inbound":
      inbound(turn, input);
      break;
    case "receipt":
      receipt(turn, input);
      break;
    case "task":
      task(turn, input);
      break;
    case "consent":
      consent(turn, input);
      break;
    case "answer":
      answer(turn, input);
      break;
    case "survey":
      survey(turn, input);
      break;
    case "erase":
      erase(turn);
      break;
    case "created":
      created(turn);
      break;
    case "fire":
      // Looked at after everything that happened.
      break;
    default:
      steer(turn, input);
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
    note(turn, {
      keys: [`tag:${tag}`],
      at: turn.now,
      depth: 0,
      what: { kind: "tag", tag, change: "added" },
    });
  }
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

/** Ends everything of the contact and forgets who it was; sums stay. */
function erase(turn: Turn): void {
  const { state } = turn;
  for (const run of state.runs) {
    if (run.state === "active" || run.state === "paused") {
      endRun(turn, run, "exited", "erased");
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
  Object.assign(turn.changes, {
    erased: true,
    contact: true,
    marks: true,
    tags: true,
    consents: true,
    events: [],
  });
  turn.unsettled.length = 0;
  turn.queue.length = 0;
}

/** What a person or the tick does to the contact's runs. */
function steer(turn: Turn, input: Of<"resume" | "decided" | "remove" | "retry" | "move">): void {
  for (const run of [...turn.state.runs]) {
    if (run.flow !== input.flow) continue;
    if ("n" in input && input.n !== undefined && run.n !== input.n) continue;
    if (input.kind === "resume" && run.state === "paused") resume(turn, run);
    if (input.kind === "retry") retry(turn, run);
    if (input.kind === "move") moveTo(turn, run, input.node);
    if (input.kind === "decided" && run.waiting === "winner" && run.node === input.node) {
      wake(turn, run, { by: "decided" });
    }
    const isOpen = run.state === "active" || run.state === "paused";
    if (input.kind === "remove" && isOpen) {
      // The store asks with its own reasons; anything else is what a person wrote.
      const isOwn = input.reason === "moved" || input.reason === "merged";
      if (isOwn) endRun(turn, run, "exited", input.reason);
      else endRun(turn, run, "exited", "node", { text: input.reason });
    }
  }
}

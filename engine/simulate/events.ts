import type { Instant, Label } from "../../nodes/index.ts";
import { normaliseEmail, normalisePhone } from "../contacts/normalise.ts";
import { contactsOf } from "../contacts/read.ts";
import type { ContactRow } from "../contacts/types.ts";
import type { Flow } from "../core/flow.ts";
import { hookInputs, isHook } from "../core/hook.ts";
import type { Input, Receipt, Value, Workspace } from "../core/state.ts";
import { iso, parseInstant } from "../core/time.ts";

/** One scripted event: what happens to a contact, or how the next call of a webhook node is answered. */
export interface ScriptedEvent {
  at: Instant;
  /** Its place in the file, from 1. */
  line: number;
  contact: string;
  what:
    | { kind: "input"; input: Input }
    | { kind: "created"; row: ContactRow | null; why: string }
    /** What the next call of a webhook node is answered; with an incoming webhook's node, such a call. */
    | { kind: "webhook"; node: string; id: string; status: number; body: unknown };
}

export interface EventProblem {
  line: number;
  message: { en: string; ar: string };
}

const RECEIPTS = ["delivered", "opened", "clicked", "replied", "bounced", "complained"];

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads JSON Lines of events; blank lines are skipped, a line that can't be read is a problem and the rest goes on. */
export function readEvents(
  text: string,
  workspace: Workspace,
): { events: ScriptedEvent[]; problems: EventProblem[] } {
  const records: { line: number; value: unknown }[] = [];
  const problems: EventProblem[] = [];
  // Editors on Windows put a byte order mark before the text.
  text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .forEach((source, index) => {
      if (source.trim() === "") return;
      try {
        records.push({ line: index + 1, value: JSON.parse(source) });
      } catch {
        problems.push({
          line: index + 1,
          message: { en: "this line is not JSON", ar: "هذا السطر ليس بصيغة JSON" },
        });
      }
    });
  const read = eventsOf(records, workspace);
  const all = [...problems, ...read.problems].sort((a, b) => a.line - b.line);
  return { events: read.events, problems: all };
}

/** The same for events already parsed: a scenario's. */
export function eventsOf(
  records: { line: number; value: unknown }[],
  workspace: Workspace,
): { events: ScriptedEvent[]; problems: EventProblem[] } {
  const events: ScriptedEvent[] = [];
  const problems: EventProblem[] = [];
  for (const { line, value } of records) {
    const read = readEvent(line, value, workspace);
    if ("contact" in read) events.push(read);
    else problems.push(read);
  }
  events.sort((a, b) => a.at - b.at || a.line - b.line);
  return { events, problems };
}

function readEvent(
  line: number,
  value: unknown,
  workspace: Workspace,
): ScriptedEvent | EventProblem {
  const problem = (en: string, ar: string): EventProblem => ({ line, message: { en, ar } });
  if (!isRecord(value))
    return problem("an event must be a JSON object", "يجب أن يكون الحدث كائن JSON");
  const at = typeof value.at === "string" ? parseInstant(value.at) : null;
  if (at === null) {
    return problem(
      `“at” must be a moment with a zone, such as 2026-01-05T09:00:00Z, not ${show(value.at)}`,
      `يجب أن يكون «at» وقتًا مع منطقته مثل 2026-01-05T09:00:00Z، لا ${show(value.at)}`,
    );
  }
  const contact = typeof value.contact === "string" ? contactKey(value.contact) : null;
  if (contact === null) {
    return problem(
      `“contact” must be an e-mail or a phone number, not ${show(value.contact)}`,
      `يجب أن يكون «contact» بريدًا إلكترونيًا أو رقم هاتف، لا ${show(value.contact)}`,
    );
  }
  const what = whatOf(value, at, line, workspace);
  if (what === null) {
    return problem(
      `nothing here says what happened: one of event, addTag, removeTag, set, inbound, message, task, consent, webhook, survey, erase or created is needed`,
      `لا شيء هنا يقول ما حدث: يلزم أحد المفاتيح event أو addTag أو removeTag أو set أو inbound أو message أو task أو consent أو webhook أو survey أو erase أو created`,
    );
  }
  return "en" in what ? problem(what.en, what.ar) : { at, line, contact, what };
}

const show = (value: unknown): string =>
  value === undefined ? "nothing" : JSON.stringify(value).slice(0, 60);

/** An e-mail in lower case, or a phone in E.164; the text itself where it is neither. */
export const contactKey = (text: string): string =>
  normaliseEmail(text) ?? normalisePhone(text, null) ?? text.trim();

/** The event's kind; null when it has none, a sentence when the kind has the wrong shape. */
function whatOf(
  value: Record<string, unknown>,
  at: Instant,
  line: number,
  workspace: Workspace,
): ScriptedEvent["what"] | Label | null {
  const base = { at, id: typeof value.id === "string" && value.id !== "" ? value.id : `#${line}` };
  const input = (rest: Record<string, unknown>): ScriptedEvent["what"] => ({
    kind: "input",
    input: { ...base, ...rest } as Input,
  });
  const part = (name: string): Record<string, unknown> =>
    isRecord(value[name]) ? (value[name] as Record<string, unknown>) : {};
  const text = (of: Record<string, unknown>, name: string): string =>
    typeof of[name] === "string" ? (of[name] as string) : "";
  if (typeof value.event === "string") {
    return input({ kind: "event", name: value.event, data: part("data") });
  }
  if (typeof value.addTag === "string") return input({ kind: "tag", add: value.addTag });
  if (typeof value.removeTag === "string") return input({ kind: "tag", remove: value.removeTag });
  if (isRecord(value.set)) return input({ kind: "set", fields: normaliseFields(value.set) });
  if (isRecord(value.inbound)) {
    const { inbound } = value;
    return input({
      kind: "inbound",
      channel: text(inbound, "channel"),
      text: text(inbound, "text"),
    });
  }
  if (isRecord(value.message)) {
    const event = text(value.message, "event");
    if (!RECEIPTS.includes(event)) {
      const known = RECEIPTS.join(", ");
      return {
        en: `“message.event” must be one of ${known}`,
        ar: `يجب أن يكون «message.event» واحدًا من: ${known}`,
      };
    }
    return input({
      kind: "receipt",
      node: text(value.message, "node"),
      event: event as Receipt["event"],
      ...(typeof value.message.link === "string" ? { link: value.message.link } : {}),
      ...(value.message.machine === true ? { machine: true } : {}),
    });
  }
  if (isRecord(value.task)) {
    return input({
      kind: "task",
      node: text(value.task, "node"),
      outcome: text(value.task, "outcome"),
    });
  }
  if (isRecord(value.consent)) {
    const { consent } = value;
    return input({
      kind: "consent",
      channel: text(consent, "channel"),
      granted: consent.granted === true,
      ...(typeof consent.topic === "string" ? { topic: consent.topic } : {}),
    });
  }
  if (isRecord(value.webhook)) {
    const status = Number(value.webhook.status ?? 200);
    return {
      kind: "webhook",
      node: text(value.webhook, "node"),
      id: base.id,
      status,
      body: value.webhook.body ?? {},
    };
  }
  if (isRecord(value.survey)) {
    const score = value.survey.score;
    if (typeof score !== "number")
      return { en: "“survey.score” must be a number", ar: "يجب أن يكون «survey.score» رقمًا" };
    return input({
      kind: "survey",
      node: text(value.survey, "node"),
      score,
      ...(typeof value.survey.comment === "string" ? { comment: value.survey.comment } : {}),
    });
  }
  if (value.erase === true) return input({ kind: "erase" });
  if (isRecord(value.created)) return createdOf(value, value.created, at, workspace);
  return null;
}

/** The contact's own key stands for the address that the fields leave out. */
function createdOf(
  value: Record<string, unknown>,
  fields: Record<string, unknown>,
  at: Instant,
  workspace: Workspace,
): ScriptedEvent["what"] {
  const key = contactKey(String(value.contact));
  const named = key.includes("@") ? { email: key } : { phone: key };
  const whole = { ...named, ...fields, created_at: iso(at) };
  const read = contactsOf([whole], { workspace });
  if (!read.ok) return { kind: "created", row: null, why: read.problem.message.en };
  const row = read.value.people[0] ?? null;
  return { kind: "created", row, why: read.value.problems[0]?.message.en ?? "" };
}

/** Addresses as an import would write them. */
function normaliseFields(fields: Record<string, unknown>): Record<string, Value> {
  const clean: Record<string, Value> = {};
  for (const [name, value] of Object.entries(fields)) {
    const isAddress = (name === "email" || name === "phone") && typeof value === "string";
    clean[name] = (isAddress ? contactKey(value) : value) as Value;
  }
  return clean;
}

/** A call of one of these flows' incoming webhooks as what it says of the contact; any other event as it is. */
export function partsOf(event: ScriptedEvent, flows: ReadonlyMap<string, Flow>): ScriptedEvent[] {
  const { what, at } = event;
  if (what.kind !== "webhook") return [event];
  const { id, node, body } = what;
  const flow = [...flows.values()].find((one) => isHook(one, node));
  if (!flow) return [event];
  return hookInputs(flow, node, body, { at, id, clean: normaliseFields }).map((input) => ({
    ...event,
    what: { kind: "input", input },
  }));
}

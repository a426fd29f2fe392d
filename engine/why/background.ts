import type { Instant, Label } from "../../nodes/index.ts";
import { channelInWords } from "../../nodes/say-rule.ts";
import { addressOf, suppressionKey } from "../core/consent.ts";
import type { Flow } from "../core/flow.ts";
import { zoneOf } from "../core/scope.ts";
import type { Contact, Line, Message, Run } from "../core/state.ts";
import { addDuration, iso } from "../core/time.ts";
import type { Background, Known } from "./known.ts";
import { splitBackground } from "./splits.ts";
import type { Voice } from "./voice.ts";

/** What stood behind a line: records of consent, closed addresses, messages that counted, earlier runs, draws. */
export function backgroundOf(
  line: Line,
  voice: Voice,
  flow: Flow | undefined,
  known: Known,
): Background | null {
  const { reason, state, channel } = line.detail;
  if (line.kind === "ignored") return earlierRun(line, voice, flow, known);
  if (line.kind === "exited" && reason === "no-consent") return withdrawn(voice, flow, known);
  if (line.kind === "step") return splitBackground(line, voice, flow, known);
  if (line.kind === "waiting") return waited(line, voice, flow, known);
  if (line.kind !== "message" || state !== "skipped") return null;
  const message = messageOf(line, known);
  switch (reason) {
    case "no-consent":
      return consent(voice, known, String(channel), message?.topic ?? "", line.at);
    case "suppressed":
      return closed(voice, known.state.contact, String(channel));
    case "cap":
      return counted(line, voice, flow, known, String(channel));
    case "late":
      return lateness(voice, flow, message, line.at);
    default:
      return null;
  }
}

/** Under which key the line's message stands: a run may come by its node several times. */
const messageOf = ({ flow, enrollment, node, at }: Line, { state }: Known): Message | undefined =>
  state.messages.find(
    (m) => m.flow === flow && m.n === enrollment && m.node === node && m.at === at,
  );

/** The newest record of consent that says no: the topic's own, else the whole channel's. */
function consent(
  voice: Voice,
  { state, world }: Known,
  channel: string,
  topic: string,
  at: Instant,
): Background {
  const records = state.contact.consents.filter(
    (c) =>
      c.channel === channel && c.at <= at && !c.granted && (c.topic === "" || c.topic === topic),
  );
  const last = records.sort((a, b) => b.at - a.at)[0];
  const facts = { [topic === "" ? `consent:${channel}` : `consent:${channel}:${topic}`]: false };
  if (!last) {
    const asks = world.workspace.consent === "denied";
    const words = {
      en: `nothing is on record${asks ? ", and this workspace messages only those who said yes" : ""}`,
      ar: `لا شيء مسجل${asks ? "، ومساحة العمل لا تراسل إلا من وافق" : ""}`,
    };
    return { words, facts };
  }
  const moment = voice.moment(last.at);
  const [en, ar] =
    last.topic === ""
      ? ["", ""]
      : [` for ${voice.quoted(last.topic)}`, ` لموضوع ${voice.quoted(last.topic)}`];
  const words = {
    en: `withdrawn${en} on ${moment}, by ${voice.quoted(last.source)}`,
    ar: `سُحبت${ar} في ${moment}، عبر ${voice.quoted(last.source)}`,
  };
  return { words, facts };
}

const SUPPRESSED: Readonly<Record<string, Label>> = {
  bounced: { en: "the address bounced", ar: "ارتدّ العنوان" },
  complained: { en: "a complaint came from the address", ar: "وردت شكوى من العنوان" },
  erased: { en: "the address was erased with its contact", ar: "مُحي العنوان مع صاحبه" },
};

/** What closed the channel, as things are now. */
function closed(voice: Voice, contact: Contact, channel: string): Background | null {
  if (contact.stopped.includes(channel)) {
    const by = channelInWords(voice.say, channel);
    return {
      words: { en: `an opt-out word came by ${by}`, ar: `وصلت كلمة إلغاء الاشتراك عبر ${by}` },
      facts: { [`stopped:${channel}`]: true },
    };
  }
  const address = addressOf(contact, channel);
  const reason =
    address === null ? undefined : contact.suppressed[suppressionKey(channel, address)];
  if (reason === undefined) return null;
  const words = SUPPRESSED[reason] ?? { en: reason, ar: reason };
  return { words, facts: { [`suppressed:${channel}`]: reason } };
}

/** Messages that filled the cap at the line's moment. */
function counted(
  line: Line,
  voice: Voice,
  flow: Flow | undefined,
  { state, world }: Known,
  channel: string,
): Background | null {
  const caps = (flow?.caps ?? []).filter((cap) => cap.channel === channel);
  const zone = flow ? zoneOf(world, state, flow.timezone) : "UTC";
  const sent = state.messages.filter(
    (m) =>
      m.channel === channel &&
      !m.transactional &&
      m.receipts.some((receipt) => receipt.event === "sent") &&
      m.at <= line.at &&
      caps.some((cap) => addDuration(m.at, cap.per, zone) > line.at),
  );
  if (sent.length === 0) return null;
  const shown = sent.slice(-5).map((m) => voice.moment(m.at));
  const list = voice.say.list(shown);
  return {
    words: {
      en: `what counted: ${sent.length === 1 ? "one message" : `${sent.length} messages`}, ${shown.length < sent.length ? "the last on" : "on"} ${list}`,
      ar: `ما احتُسب (${sent.length}): ${shown.length < sent.length ? "آخرها في " : "في "}${list}`,
    },
    facts: { [`sent:${channel}`]: sent.map((m) => iso(m.at)) },
  };
}

function lateness(
  voice: Voice,
  flow: Flow | undefined,
  message: Message | undefined,
  at: Instant,
): Background | null {
  if (!flow?.late || message?.dueMoment == null) return null;
  const due = voice.moment(message.dueMoment);
  const allowed = voice.say.duration(flow.late.after);
  return {
    words: {
      en: `it was due on ${due}, and at most ${allowed} late is allowed`,
      ar: `كان موعدها ${due}، والتأخر المسموح ${allowed} على الأكثر`,
    },
    facts: { due: iso(message.dueMoment), now: iso(at) },
  };
}

/** The run that kept a new one out, and when a new one may begin. */
function earlierRun(
  line: Line,
  voice: Voice,
  flow: Flow | undefined,
  { state, world }: Known,
): Background | null {
  const runs = state.runs.filter((run) => run.flow === line.flow && run.entered <= line.at);
  const run = keptOut(line, runs);
  if (!run) return null;
  const { reason } = line.detail;
  const entered = voice.moment(run.entered);
  const facts = { enrollment: run.n, entered: iso(run.entered) };
  if (reason !== "cooldown") {
    const words = { en: `entered on ${entered}`, ar: `كان الدخول في ${entered}` };
    return { words, facts };
  }
  const from = flow?.reentry.mode === "always" ? run.entered : run.ended;
  if (!flow?.reentry.cooldown || from === null) return null;
  const next = addDuration(from, flow.reentry.cooldown, zoneOf(world, state, flow.timezone));
  const moment = voice.moment(next);
  return {
    words: { en: `they may enter again from ${moment}`, ar: `يمكنها الدخول مجددًا من ${moment}` },
    facts: { ...facts, ended: run.ended === null ? null : iso(run.ended) },
    next,
  };
}

function keptOut(line: Line, runs: Run[]): Run | undefined {
  const { reason, key } = line.detail;
  switch (reason) {
    case "already-entered":
      return runs[0];
    case "running":
      return runs.findLast((run) => run.ended === null || run.ended > line.at);
    case "cooldown":
      return runs.at(-1);
    case "key-used":
      return runs.find((run) => run.key === key);
    default:
      return undefined;
  }
}

/** The channels of the flow that may not be used any more. */
function withdrawn(voice: Voice, flow: Flow | undefined, { state }: Known): Background | null {
  const channels = [...new Set((flow?.reaches ?? []).map(({ channel }) => channel))];
  if (channels.length === 0) return null;
  const list = voice.say.list(channels.map((channel) => channelInWords(voice.say, channel)));
  return {
    words: { en: `its channels: ${list}`, ar: `قنواتها: ${list}` },
    facts: { withdrawn: channels, stopped: state.contact.stopped },
  };
}

function waited(line: Line, voice: Voice, flow: Flow | undefined, known: Known): Background | null {
  if (line.node === null || !flow) return null;
  if (line.detail.for === "cap") {
    const placed = flow.nodes.get(line.node);
    const channel = placed?.type.reaches?.(placed.data).channel ?? "";
    return counted(line, voice, flow, known, channel);
  }
  const at = known.splits.find(({ node }) => node === line.node)?.at;
  if (line.detail.for !== "winner" || at === undefined) return null;
  const moment = voice.moment(at);
  return {
    words: { en: `it is decided on ${moment}`, ar: `يُحسم الأمر في ${moment}` },
    next: at,
  };
}

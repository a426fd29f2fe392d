import type { ContactRow } from "../../engine/contacts/types.ts";
import type { FlowDoc } from "../../engine/core/document.ts";
import type { JournalLine } from "../../engine/core/journal.ts";
import type { Workspace } from "../../engine/core/state.ts";
import type { Window } from "../../nodes/index.ts";
import type { Case, Tell } from "./checker.ts";

/** What a script and a file say of people, read by the checker itself. */
export interface Facts extends Case {
  workspace: Workspace;
  contacts: ContactRow[];
  script: Record<string, unknown>[];
}

const WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MINUTES = 7 * 24 * 60;
const CHANNELS = ["email", "sms", "whatsapp"];

/** The minutes of a week in which a window is open, Monday 00:00 first. */
function openMinutes(windows: readonly Window[]): Uint8Array {
  const open = new Uint8Array(MINUTES);
  const minutes = (text: string | undefined, otherwise: number): number =>
    text === undefined ? otherwise : Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  for (const { days, from, to } of windows) {
    const begin = minutes(from, 0);
    const end = minutes(to, 1440);
    const length = end > begin ? end - begin : end + 1440 - begin;
    for (const day of days ?? WEEK) {
      const first = WEEK.indexOf(day) * 1440 + begin;
      for (let i = 0; i < length; i++) open[(first + i) % MINUTES] = 1;
    }
  }
  return open;
}

/** The texts that the generator writes, as windows. */
const OWN_TIMES: Record<string, Window[]> = {
  "Sun-Thu 16:00-20:00": [
    { days: ["sun", "mon", "tue", "wed", "thu"], from: "16:00", to: "20:00" },
  ],
  "sat 09:00-12:00": [{ days: ["sat"], from: "09:00", to: "12:00" }],
  "daily 22:00-02:00": [{ from: "22:00", to: "02:00" }],
};

/** When a message of this flow may go to someone with these own times; null: always. */
function mayGo(sendWindow: Window | undefined, own: unknown): Uint8Array | null {
  const times = typeof own === "string" ? OWN_TIMES[own] : undefined;
  if (!times) return sendWindow ? openMinutes([sendWindow]) : null;
  const wanted = openMinutes(times);
  if (!sendWindow) return wanted;
  const both = openMinutes([sendWindow]).map((open, i) => open & (wanted[i] ?? 0));
  return both.some((open) => open === 1) ? both : wanted;
}

function minuteOfWeek(at: number, zone: string): number {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  return (local.dayOfWeek - 1) * 1440 + local.hour * 60 + local.minute;
}

/** What changed for one person, in the script's order. */
interface History {
  row: { consent: string[] | null; timezone: unknown; own: unknown };
  zones: { at: number; zone: string }[];
  consents: { at: number; channel: string; topic: string; granted: boolean }[];
  words: { at: number; channel: string; stop: boolean }[];
}

const STOP = ["STOP", "إلغاء"];

function histories({ contacts, script, from }: Facts): Map<string, History> {
  const all = new Map<string, History>();
  const add = (key: string, consent: string[] | null, timezone: unknown, own: unknown): History => {
    const history = { row: { consent, timezone, own }, zones: [], consents: [], words: [] };
    all.set(key, history);
    return history;
  };
  for (const { key, fields, consent } of contacts)
    add(key, consent, fields.timezone, fields.preferred_times);
  const begins = new Map(contacts.map(({ key, created }) => [key, created ?? from]));
  const ordered = script
    .map((event) => ({ at: Date.parse(String(event.at)), event }))
    .sort((a, b) => a.at - b.at);
  for (const { at, event } of ordered) {
    const key = String(event.contact);
    const { created, set, consent, inbound } = event as Record<
      string,
      Record<string, unknown> | undefined
    >;
    const history =
      all.get(key) ?? (created ? add(key, null, created.timezone, undefined) : undefined);
    // Who doesn't exist yet isn't changed; history before the span is.
    if (!history || (at >= from && at < (begins.get(key) ?? from))) continue;
    if (set && typeof set.timezone === "string") history.zones.push({ at, zone: set.timezone });
    if (consent)
      history.consents.push({
        at,
        channel: String(consent.channel),
        topic: String(consent.topic ?? ""),
        granted: consent.granted === true,
      });
    if (inbound && STOP.includes(String(inbound.text)))
      history.words.push({ at, channel: String(inbound.channel), stop: true });
    if (inbound?.text === "start")
      history.words.push({ at, channel: String(inbound.channel), stop: false });
  }
  return all;
}

/** All zones that may count at a moment: a change at this very instant may come before or after. */
function zonesAt(history: History, doc: FlowDoc, workspace: Workspace, at: number): string[] {
  const fixed = doc.settings?.timezone;
  if (fixed !== undefined && fixed !== "contact") return [fixed];
  const zones = [
    typeof history.row.timezone === "string" ? history.row.timezone : workspace.timezone,
  ];
  for (const change of history.zones) {
    if (change.at > at) break;
    if (change.at < at) zones.length = 0;
    zones.push(change.zone);
  }
  return zones;
}

/** Whether consent was surely missing: refused before this instant, and not given at it. */
function refused(
  { row, consents }: History,
  workspace: Workspace,
  channel: string,
  topic: string,
  now: number,
): boolean {
  const start = row.consent === null ? null : row.consent.includes(channel);
  const told = consents.filter((c) => c.channel === channel && c.at <= now);
  // What happens at the instant of sending may have come before or after it.
  if (told.some((c) => c.at === now && c.granted)) return false;
  const before = told.filter((c) => c.at < now);
  const whole =
    before.findLast((c) => c.topic === "") ?? (start === null ? null : { granted: start, at: 0 });
  const narrow = topic === "" ? null : before.findLast((c) => c.topic === topic);
  if (narrow && !narrow.granted) return true;
  if (whole && !whole.granted) return !(narrow?.granted && narrow.at > whole.at);
  return !whole && !narrow && workspace.consent === "denied";
}

const stopped = ({ words }: History, channel: string, now: number): boolean =>
  words.findLast((w) => w.channel === channel && w.at < now)?.stop === true &&
  !words.some((w) => w.channel === channel && w.at === now && !w.stop);

interface Sent {
  at: number;
  channel: string;
  flow: unknown;
}

/** Nothing goes out of hours, over a cap, without consent, after an opt-out word or to a suppressed address. */
export function checkSending(lines: readonly JournalLine[], facts: Facts, tell: Tell): void {
  const known = histories(facts);
  const sent = new Map<string, Sent[]>();
  const closed = new Map<string, number>();
  const windows = new Map<string, Uint8Array | null>();
  for (const line of lines) {
    const channel = String(line.channel);
    if (line.kind !== "message" || line.contact === null || !CHANNELS.includes(channel)) continue;
    const [now, history] = [Date.parse(line.at), known.get(line.contact)];
    const doc = facts.docs.get(String(line.flow));
    if (!history || !doc) {
      tell(line, "nobody in the file has this key");
      continue;
    }
    if (line.state === "bounced" || line.state === "complained") {
      const place = `${line.contact} ${channel}`;
      if (!closed.has(place)) closed.set(place, now);
    }
    if (line.state !== "sent") continue;
    const data = doc.nodes.find((n) => n.id === line.node)?.data ?? {};
    if (stopped(history, channel, now)) tell(line, "sent after an opt-out word");
    if ((closed.get(`${line.contact} ${channel}`) ?? now) < now)
      tell(line, "sent to a suppressed address");
    if (data.transactional === true) continue;
    if (refused(history, facts.workspace, channel, String(data.topic ?? ""), now))
      tell(line, "sent without consent");
    const zones = zonesAt(history, doc, facts.workspace, now);
    const place = `${line.flow} ${history.row.own}`;
    if (!windows.has(place)) windows.set(place, mayGo(doc.settings?.sendWindow, history.row.own));
    const open = windows.get(place) ?? null;
    if (open && zones.every((zone) => open[minuteOfWeek(now, zone)] === 0))
      tell(line, `sent out of hours (${zones})`);
    const before = sent.get(line.contact) ?? [];
    checkCaps(line, now, before, doc, zones, tell);
    sent.set(line.contact, [...before, { at: now, channel, flow: line.flow }]);
  }
}

function checkCaps(
  line: JournalLine,
  now: number,
  before: readonly Sent[],
  doc: FlowDoc,
  zones: string[],
  tell: Tell,
): void {
  for (const cap of doc.settings?.frequencyCap ?? []) {
    if (cap.channel !== line.channel) continue;
    const over = zones.every((zone) => {
      const counting = before.filter((m) => {
        // Lines of one instant stand in the order of flows, not in that in which they were sent.
        if (m.at === now && m.flow !== line.flow) return false;
        const end = Temporal.Instant.fromEpochMilliseconds(m.at)
          .toZonedDateTimeISO(zone)
          .add(cap.per);
        return m.channel === cap.channel && end.epochMilliseconds > now;
      });
      return counting.length >= cap.max;
    });
    if (over) tell(line, `more than ${cap.max} in ${cap.per}`);
  }
}

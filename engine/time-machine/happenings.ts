import type { Instant } from "../../nodes/index.ts";
import type { Changes } from "../core/changes.ts";
import type { Flow } from "../core/flow.ts";
import { hash01 } from "../core/hash.ts";
import type { Input, Message, Task } from "../core/state.ts";
import type { ScriptedEvent } from "../simulate/events.ts";
import type { Later } from "../simulate/job.ts";
import { comesIn, isAmong } from "./made-up.ts";
import type { Does, Happening, Plan } from "./plan.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WRITTEN: ReadonlySet<string> = new Set(["email", "sms", "whatsapp"]);
/** Nobody can see whether a text message was opened. */
const SEEN: ReadonlySet<string> = new Set(["email", "whatsapp"]);

/** A moment after `at`: most react soon, some late. */
const soon = (at: Instant, within: number, ...parts: string[]): Instant =>
  at + MINUTE + Math.floor((hash01(parts) ** 3 * within) / 1000) * 1000;

/** What a contact does about what a turn brought it: the same for the same message, whoever else there is. */
export function reactionsOf(does: Does, flows: ReadonlyMap<string, Flow>) {
  const tells = [...flows.values()].some(({ doc }) => JSON.stringify(doc).includes('"delivered"'));
  // A message changes again with every receipt; what is done about it is drawn once.
  const known = new WeakSet<Message | Task>();
  return ({ state, messages, tasks }: Changes, at: Instant): Later[] => {
    const later: Later[] = [];
    const who = state.contact.seed;
    for (const message of messages) {
      if (message.state !== "sent" || known.has(message)) continue;
      known.add(message);
      if (WRITTEN.has(message.channel))
        later.push(...toMessage({ does, flows, tells }, who, message, at));
    }
    for (const task of tasks) {
      if (task.closed !== null || known.has(task)) continue;
      known.add(task);
      later.push(...toTask(does, who, task, at));
    }
    return later;
  };
}

function toMessage(
  { does, flows, tells }: { does: Does; flows: ReadonlyMap<string, Flow>; tells: boolean },
  who: string,
  { key, channel, flow, node }: Message,
  at: Instant,
): Later[] {
  const receipt = (
    event: "delivered" | "opened" | "clicked" | "bounced",
    when: Instant,
  ): Later => ({
    at: when,
    input: { kind: "receipt", key, event, at: when, id: `~${event}:${key}` },
  });
  const is = (share: number, what: string): boolean => isAmong(share, what, who, key);
  if (is(does.bounces, "bounces")) return [receipt("bounced", at + MINUTE)];
  const opened = soon(at, 2 * DAY, "opens-at", who, key);
  // That it arrived is a turn of its own for each message: left out where nothing reads it.
  const later = tells ? [receipt("delivered", at + 30_000)] : [];
  const opens = SEEN.has(channel) && is(does.opens, "opens");
  if (opens) later.push(receipt("opened", opened));
  // Nobody clicks in what they haven't opened, so of those who open the more click.
  const clicks = SEEN.has(channel)
    ? opens
      ? (does.clicks / Math.max(does.opens, 0.01)) * 100
      : 0
    : does.clicks;
  if (is(clicks, "clicks")) later.push(receipt("clicked", opened + 2 * MINUTE));
  if (is(does.replies, "replies")) {
    const when = soon(at, 2 * DAY, "replies-at", who, key) + 5 * MINUTE;
    later.push({
      at: when,
      input: { kind: "inbound", channel, text: "👍", at: when, id: `~reply:${key}` },
    });
  }
  if (is(does.optsOut, "opts-out")) {
    const when = opened + MINUTE;
    later.push({
      at: when,
      input: {
        kind: "consent",
        channel,
        granted: false,
        source: "one-click",
        at: when,
        id: `~out:${key}`,
      },
    });
  }
  const placed = flows.get(flow)?.nodes.get(node);
  if (placed?.type.type === "survey" && is(does.rates, "rates")) {
    const when = opened + 3 * MINUTE;
    const score = scoreOf(String(placed.data.kind), hash01(["score", who, key]));
    later.push({ at: when, input: { kind: "survey", key, score, at: when, id: `~score:${key}` } });
  }
  return later;
}

/** Half of those who answer are content, a fifth aren't. */
function scoreOf(kind: string, at: number): number {
  const [low, middle, high] =
    kind === "csat"
      ? [
          [1, 2, 3],
          [3, 4],
          [4, 5],
        ]
      : [
          [2, 4, 5, 6],
          [7, 8],
          [9, 10],
        ];
  const [from, list] =
    at < 0.2 ? [at / 0.2, low] : at < 0.5 ? [(at - 0.2) / 0.3, middle] : [(at - 0.5) / 0.5, high];
  return list?.[Math.floor(from * list.length)] ?? 0;
}

function toTask(does: Does, who: string, { key, kind }: Task, at: Instant): Later[] {
  const when =
    at + 2 * HOUR + Math.floor((hash01(["closes-at", who, key]) * 20 * HOUR) / 1000) * 1000;
  const close = (outcome: string): Later[] => [
    { at: when, input: { kind: "task", key, outcome, at: when, id: `~task:${key}` } },
  ];
  const at100 = hash01(["closes", who, key]) * 100;
  if (kind === "task") return at100 < does.finishes ? close("done") : [];
  if (at100 < does.answers) return close("answered");
  if (at100 < does.answers + does.declines) return close("not-interested");
  return close("no-answer");
}

/** As much of a person as chance depends on. */
export interface Known {
  id: string;
  seed: string;
  created: Instant | null;
}

/** What is known before the span begins: who comes in when, and what happens to whom. */
export function scriptOf(
  { doc, from, until, entry, happens }: Plan,
  people: readonly Known[],
): ScriptedEvent[] {
  const script: ScriptedEvent[] = [];
  for (const { id, seed, created } of people) {
    const begins = Math.max(from, created ?? from);
    const put = (at: Instant, input: Input): void => {
      script.push({ at, line: 0, contact: id, what: { kind: "input", input: { ...input, at } } });
    };
    if (entry.how === "hand") {
      const at = Math.max(begins, comesIn(entry, from, seed));
      put(at, { kind: "enroll", flow: doc.id, at, id: "~enroll" });
    }
    happens.forEach((one, i) => {
      const name = nameOf(one);
      if (!isAmong(one.share, "happens", name, String(i), seed)) return;
      const span = Math.max(0, until - begins - HOUR);
      const at =
        begins +
        MINUTE +
        Math.floor((hash01(["happens-at", name, String(i), seed]) * span) / 1000) * 1000;
      if ("tag" in one) put(at, { kind: "tag", add: one.tag, at, id: `~tag:${i}` });
      else put(at, { kind: "event", name: one.event, data: one.data ?? {}, at, id: `~event:${i}` });
    });
  }
  return script.sort((a, b) => a.at - b.at);
}

const nameOf = (one: Happening): string => ("tag" in one ? `tag:${one.tag}` : `event:${one.event}`);

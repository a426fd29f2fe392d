import type { Rule, WaitingFor, Window } from "../../nodes/index.ts";
import { inLanguage } from "../../nodes/say.ts";
import { ruleInWords } from "../../nodes/say-rule.ts";
import type { Flow } from "../core/flow.ts";
import type { RestDay } from "../core/holidays.ts";
import type { Line } from "../core/state.ts";
import type { Told } from "./lines.ts";
import { capWords } from "./messages.ts";
import type { Voice } from "./voice.ts";

/** The facts of a wait: the workspace's holiday or hours. */
export interface Saw {
  holiday?: RestDay;
  hours?: Window;
}

/** What a contact waits for, as a clause: "until …", "for … at the latest …". */
export type WaitWords = (wait: {
  voice: Voice;
  flow: Flow | undefined;
  node: string | null;
  /** The moment in words; "" where there is none. */
  until: string;
  /** What of the workspace holds the message, as its line says it. */
  saw: Saw;
}) => { en: string; ar: string };

/** Every reason of `waiting.for` has its words. */
export const WAITS: Record<NonNullable<WaitingFor>, WaitWords> = {
  wait: ({ until }) => ({ en: `until ${until}`, ar: `حتى ${until}` }),
  rule: ({ voice, flow, node, until }) => {
    const rule = waitedFor(voice, flow, node);
    return {
      en: `until ${rule}${until === "" ? ", with no time limit" : `, but no longer than until ${until}`}`,
      ar: `حتى يتحقق: ${rule}${until === "" ? "، بلا مهلة" : `، على ألا يتجاوز ${until}`}`,
    };
  },
  window: ({ voice, flow, until, saw }) => {
    if (saw.holiday) {
      const day = holidayInWords(voice, saw.holiday);
      return {
        en: `with its message until the holiday is over (${day}), on ${until}`,
        ar: `مع رسالتها حتى تنقضي العطلة (${day})، في ${until}`,
      };
    }
    if (saw.hours) {
      const hours = voice.say.window(saw.hours);
      return {
        en: `with its message until the hours of the workspace begin (${hours}), on ${until}`,
        ar: `مع رسالتها حتى تبدأ ساعات العمل (${hours})، في ${until}`,
      };
    }
    const hours = flow?.sendWindow ? ` (${voice.say.window(flow.sendWindow)})` : "";
    return {
      en: `with its message until the send window opens${hours}, on ${until}`,
      ar: `مع رسالتها حتى تبدأ أوقات الإرسال${hours}، في ${until}`,
    };
  },
  cap: ({ voice, flow, node, until }) => {
    const placed = node === null ? undefined : flow?.nodes.get(node);
    const channel = placed?.type.reaches?.(placed.data).channel;
    const cap = capWords(voice, flow, "cap", channel);
    return {
      en: `with its message until the frequency cap${cap} lets one more go, on ${until}`,
      ar: `مع رسالتها حتى يسمح حد الإرسال${cap} برسالة أخرى، في ${until}`,
    };
  },
  task: ({ until }) => ({
    en: `until a person closes the call or task${until === "" ? "" : `, but no longer than until ${until}`}`,
    ar: `حتى يغلق موظف المكالمة أو المهمة${until === "" ? "" : `، على ألا يتجاوز ${until}`}`,
  }),
  flow: ({ voice, flow, node }) => {
    const placed = node === null ? undefined : flow?.nodes.get(node);
    const name = placed?.data.flow;
    const started = typeof name === "string" ? ` ${voice.quoted(name)}` : "";
    return {
      en: `until the flow${started} that it started has ended`,
      ar: `حتى تنتهي الخطة${started} التي بدأتها`,
    };
  },
  reply: ({ until }) => ({
    en: `until the survey is answered${until === "" ? "" : `, but no longer than until ${until}`}`,
    ar: `حتى يُجاب عن الاستبيان${until === "" ? "" : `، على ألا يتجاوز ${until}`}`,
  }),
  winner: ({ until }) => ({
    en: `until the test group has shown which variant is better${until === "" ? "" : `, which is decided on ${until}`}`,
    ar: `حتى تُظهر مجموعة التجربة أي البدائل أفضل${until === "" ? "" : `، ويُحسم ذلك في ${until}`}`,
  }),
};

/** “Eid al-Fitr, 2026-03-20”; the date alone where the holiday has no name. */
function holidayInWords(voice: Voice, { name, date }: RestDay): string {
  const words = inLanguage(name, voice.say.language);
  return words === "" ? date : `${words}${voice.say({ en: ", ", ar: "، " })}${date}`;
}

function waitedFor(voice: Voice, flow: Flow | undefined, node: string | null): string {
  const rule = node === null ? undefined : flow?.nodes.get(node)?.data.rule;
  return rule === undefined
    ? voice.say({ en: "its rule holds", ar: "شرطها" })
    : ruleInWords(voice.say, rule as Rule);
}

/** The clause of a wait; `null` for what is waited for without a line of its own, such as a webhook's answer. */
export function waitWords(
  voice: Voice,
  flow: Flow | undefined,
  node: string | null,
  kind: string | null,
  until: number | null,
  saw: Saw = {},
): string {
  const words =
    kind !== null && Object.hasOwn(WAITS, kind) ? WAITS[kind as NonNullable<WaitingFor>] : null;
  const moment = until === null ? "" : voice.moment(until);
  if (words) return voice.say(words({ voice, flow, node, until: moment, saw }));
  return moment === ""
    ? voice.say({ en: "until it is answered", ar: "حتى يصل الجواب" })
    : voice.say({ en: `until ${moment}`, ar: `حتى ${moment}` });
}

/** A line that says that a contact began to wait. */
export function waitingLine(line: Line, voice: Voice, flow: Flow | undefined): Told {
  const { until, for: kind } = line.detail;
  const moment = typeof until === "number" ? until : null;
  const name = voice.node(flow, line.node);
  const saw = (line.detail.facts ?? {}) as Saw;
  const clause = waitWords(voice, flow, line.node, String(kind), moment, saw);
  return {
    text: voice.say({ en: `Waits at ${name} ${clause}.`, ar: `تنتظر عند ${name} ${clause}.` }),
    ...(moment === null ? {} : { next: moment }),
  };
}

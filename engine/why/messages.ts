import type { Label } from "../../nodes/index.ts";
import { channelInWords } from "../../nodes/say-rule.ts";
import type { Flow } from "../core/flow.ts";
import type { Line } from "../core/state.ts";
import type { Told } from "./lines.ts";
import type { Voice } from "./voice.ts";
import { EXITED, MESSAGE_FAILED, RECEIPTS, reasonOf, SKIPPED, UNCERTAIN } from "./words.ts";

/** What happened to a message: decided, or a receipt. */
export function messageLine(line: Line, voice: Voice, flow: Flow | undefined): Told {
  const { state, channel, reason } = line.detail;
  const what = messageName(voice, flow, String(channel ?? ""), line.node);
  switch (state) {
    case "sent":
      return { text: sent(line, voice, what) };
    case "skipped":
      return not(
        voice,
        what,
        { en: "was not sent", ar: "لم تُرسل" },
        reasonOf(SKIPPED, reason),
        capWords(voice, flow, reason, channel),
      );
    case "cancelled":
      return not(
        voice,
        what,
        { en: "was cancelled before it was sent", ar: "أُلغيت قبل إرسالها" },
        reasonOf(EXITED, reason),
        "",
      );
    case "failed":
      return not(
        voice,
        what,
        { en: "could not be sent", ar: "تعذّر إرسالها" },
        reasonOf(MESSAGE_FAILED, reason),
        said(line),
      );
    case "uncertain":
      return not(
        voice,
        what,
        { en: "may or may not have been sent", ar: "قد تكون أُرسلت وقد لا تكون" },
        reasonOf(UNCERTAIN, reason),
        voice.say({
          en: "; nothing is sent twice without your word",
          ar: "؛ ولا يُرسل شيء مرتين دون إذنك",
        }),
      );
    default:
      return { text: receipt(line, voice, what) };
  }
}

/** "The email “Welcome”", as a sentence begins. */
export function messageName(
  voice: Voice,
  flow: Flow | undefined,
  channel: string,
  node: string | null,
): string {
  const by = channelInWords(voice.say, channel);
  const name = voice.node(flow, node);
  if (channel === "letter")
    return voice.say({ en: `The letter ${name}`, ar: `الرسالة البريدية ${name}` });
  if (channel === "notify")
    return voice.say({ en: `The notice to the team ${name}`, ar: `إشعار الفريق ${name}` });
  return voice.say({ en: `The message ${name} (${by})`, ar: `الرسالة ${name} (${by})` });
}

function not(voice: Voice, what: string, how: Label, why: Label, more: string): Told {
  return {
    text: voice.say({
      en: `${what} ${how.en}: ${why.en}${more}.`,
      ar: `${what} ${how.ar}: ${why.ar}${more}.`,
    }),
  };
}

function sent(line: Line, voice: Voice, what: string): string {
  const { to, subject, missing, channel } = line.detail;
  const { say } = voice;
  if (channel === "letter") {
    return say({ en: `${what} joined the day's batch.`, ar: `${what} أُضيفت إلى دفعة اليوم.` });
  }
  const where =
    typeof to === "string" && to !== "" ? say({ en: ` to ${to}`, ar: ` إلى ${to}` }) : "";
  const titled =
    typeof subject === "string" && subject !== ""
      ? say({
          en: `, with the subject ${voice.quoted(subject)}`,
          ar: `، بعنوان ${voice.quoted(subject)}`,
        })
      : "";
  const holes =
    Array.isArray(missing) && missing.length > 0
      ? say({
          en: `; these merge fields had no value: ${missing.join(", ")}`,
          ar: `؛ وهذه حقول دمج بلا قيمة: ${missing.join("، ")}`,
        })
      : "";
  return say({
    en: `${what} was sent${where}${titled}${holes}.`,
    ar: `${what} أُرسلت${where}${titled}${holes}.`,
  });
}

function receipt(line: Line, voice: Voice, what: string): string {
  const { state, link, machine } = line.detail;
  const became = reasonOf(RECEIPTS, state);
  const which = typeof link === "string" ? ` (${link})` : "";
  const by =
    machine === true
      ? voice.say({
          en: ", but by a mail program, which counts for nothing",
          ar: "، لكن من برنامج بريد، فلا يُحتسب ذلك",
        })
      : "";
  return voice.say({
    en: `${what} ${became.en}${which}${by}.`,
    ar: `${what} ${became.ar}${which}${by}.`,
  });
}

const said = (line: Line): string => {
  const { detail } = line.detail;
  return typeof detail === "string" && detail !== "" ? ` (${detail})` : "";
};

/** Which cap it was. */
export function capWords(
  voice: Voice,
  flow: Flow | undefined,
  reason: unknown,
  channel: unknown,
): string {
  if (reason !== "cap") return "";
  const caps = (flow?.caps ?? []).filter((cap) => cap.channel === channel);
  const words = caps.map((cap) => {
    const per = voice.say.duration(cap.per);
    return voice.say({
      en: `at most ${cap.max} in ${per}`,
      ar: `${cap.max} على الأكثر خلال ${per}`,
    });
  });
  return words.length === 0 ? "" : ` (${voice.say.list(words)})`;
}

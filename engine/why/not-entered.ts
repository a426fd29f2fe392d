import { channelInWords, ruleInWords } from "../../nodes/say-rule.ts";
import { refusal } from "../core/consent.ts";
import type { Flow } from "../core/flow.ts";
import { triggerHolds } from "../core/scope.ts";
import type { Turn } from "../core/turn.ts";
import { seen } from "./lines.ts";
import { whyNotBy } from "./no-trigger.ts";
import type { Sentence } from "./sentence.ts";
import type { Voice } from "./voice.ts";
import { MESSAGE_CHANNELS, reasonOf, SKIPPED } from "./words.ts";

/** Why a contact has never entered the flow: each trigger in turn, then what would keep it out now. */
export function notEntered(turn: Turn, flow: Flow, voice: Voice): Sentence[] {
  const sentences: Sentence[] = [
    say(
      null,
      voice.say({
        en: "They have never entered this flow.",
        ar: "لم تدخل جهة الاتصال هذه الخطة قط.",
      }),
    ),
  ];
  if (flow.triggers.length === 0) {
    const text = voice.say({
      en: "The flow has no trigger: it starts only for those whom somebody adds by hand.",
      ar: "ليس للخطة مشغِّل: لا تبدأ إلا لمن يُدرج يدويًا.",
    });
    sentences.push(say(null, text));
  }
  for (const { node, starts } of flow.triggers) {
    const { text, next } = whyNotBy(starts)({ turn, flow, node, voice });
    const name = voice.node(flow, node);
    const when =
      next === null || next === undefined
        ? ""
        : voice.say({
            en: ` The next moment is ${voice.moment(next)}.`,
            ar: ` والموعد التالي ${voice.moment(next)}.`,
          });
    const whole = voice.say({ en: `${name}: ${text.en}.`, ar: `${name}: ${text.ar}.` });
    sentences.push({
      ...say(node, `${whole}${when}`),
      ...(next === null || next === undefined ? {} : { next }),
    });
  }
  return [...sentences, ...wouldStop(turn, flow, voice)];
}

const say = (node: string | null, text: string): Sentence => ({
  about: "not-entered",
  at: null,
  enrollment: null,
  node,
  text,
});

/** The exit rule and consent, as things are now. */
function wouldStop(turn: Turn, flow: Flow, voice: Voice): Sentence[] {
  const found: Sentence[] = [];
  const facts: Record<string, unknown> = {};
  if (flow.exitWhen && triggerHolds(turn, flow, flow.exitWhen, {}, facts)) {
    const rule = ruleInWords(voice.say, flow.exitWhen);
    const text = voice.say({
      en: `They would not be let in now: the exit rule holds: ${rule}${seen(voice, facts)}.`,
      ar: `لن تُقبل الآن: قاعدة الخروج متحققة: ${rule}${seen(voice, facts)}.`,
    });
    found.push({ ...say(null, text), rule: "/settings/exitWhen", facts });
  }
  const told = new Set<string>();
  for (const reach of flow.reaches) {
    if (!MESSAGE_CHANNELS.has(reach.channel)) continue;
    const reason = refusal(turn.state.contact, reach, turn.world.workspace);
    if (reason === null || told.has(`${reach.channel} ${reason}`)) continue;
    told.add(`${reach.channel} ${reason}`);
    const channel = channelInWords(voice.say, reach.channel);
    const words = reasonOf(SKIPPED, reason);
    found.push(
      say(
        null,
        voice.say({
          en: `If they entered now, its messages by ${channel} would be skipped: ${words.en}.`,
          ar: `لو دخلت الآن لما أُرسلت رسائلها عبر ${channel}: ${words.ar}.`,
        }),
      ),
    );
  }
  return found;
}

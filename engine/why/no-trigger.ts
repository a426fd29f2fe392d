import type { Instant, Starts } from "../../nodes/index.ts";
import { channelInWords, ruleInWords, whereInWords } from "../../nodes/say-rule.ts";
import { fieldOf } from "../core/compare.ts";
import type { Flow } from "../core/flow.ts";
import { evaluate } from "../core/rules.ts";
import { triggerHolds, zoneOf } from "../core/scope.ts";
import { addDuration, nextRecurrence, parseInstant } from "../core/time.ts";
import { isPerContact, scheduleNext, scheduleZone } from "../core/timers.ts";
import type { Turn } from "../core/turn.ts";
import { seen } from "./lines.ts";
import type { Voice } from "./voice.ts";

export interface WhyNot {
  text: { en: string; ar: string };
  next?: Instant | null;
}
type Explain = (asked: { turn: Turn; flow: Flow; node: string; voice: Voice }) => WhyNot;

/** A rule of a trigger as it stands now. */
function ruleNow(turn: Turn, flow: Flow, voice: Voice, rule: Parameters<typeof triggerHolds>[2]) {
  const facts: Record<string, unknown> = {};
  const holds = triggerHolds(turn, flow, rule, {}, facts);
  return { holds, words: `${ruleInWords(voice.say, rule)}${seen(voice, facts)}` };
}

/** Why a trigger has not let the contact in, as things are now. */
export function whyNotBy(starts: Starts): Explain {
  switch (starts.on) {
    case "manual":
      return () => ({ text: { en: "nobody has added them by hand", ar: "لم يُدرجها أحد يدويًا" } });
    case "webhook":
      return () => ({
        text: { en: "no webhook call about them has come", ar: "لم يصل نداء ويب‌هوك يخصها" },
      });
    case "created":
      return created(starts);
    case "event":
      return event(starts);
    case "tag":
      return tag(starts);
    case "segment":
      return segment(starts);
    case "schedule":
      return schedule(starts);
    case "date":
      return date(starts);
    case "message":
      return message(starts);
    case "idle":
      return idle(starts);
    case "field":
      return field(starts);
  }
}

const created =
  (starts: Extract<Starts, { on: "created" }>): Explain =>
  ({ turn, flow, voice }) => {
    const at = voice.moment(turn.state.contact.created);
    if (turn.state.contact.created < flow.firstPublished) {
      return {
        text: {
          en: `they were created on ${at}, before the flow was first published`,
          ar: `أُنشئت في ${at}، قبل نشر الخطة أول مرة`,
        },
      };
    }
    const rule = starts.where ? ruleNow(turn, flow, voice, starts.where) : null;
    if (rule && !rule.holds) {
      return {
        text: { en: `its rule does not hold: ${rule.words}`, ar: `شرطه غير متحقق: ${rule.words}` },
      };
    }
    return {
      text: {
        en: `they were created on ${at} by an import that starts no flow, or its rule did not hold then`,
        ar: `أُنشئت في ${at} باستيراد لا يشغّل الخطط، أو لم يكن شرطه متحققًا حينها`,
      },
    };
  };

const event =
  (starts: Extract<Starts, { on: "event" }>): Explain =>
  ({ turn, flow, voice }) => {
    const own = turn.state.events.filter((e) => e.name === starts.event);
    const last = own.at(-1);
    if (!last)
      return {
        text: {
          en: `the event ${starts.event} has not happened`,
          ar: `لم يقع الحدث ${starts.event}`,
        },
      };
    const at = voice.moment(last.at);
    if (last.at < flow.firstPublished) {
      return {
        text: {
          en: `the event ${starts.event} last happened on ${at}, before the flow was first published`,
          ar: `وقع الحدث ${starts.event} آخر مرة في ${at}، قبل نشر الخطة أول مرة`,
        },
      };
    }
    const where = whereInWords(
      voice.say,
      (starts.where ?? []) as Parameters<typeof whereInWords>[1],
    );
    return {
      text: {
        en: `the event ${starts.event} last happened on ${at}, but it did not fit: ${where}`,
        ar: `وقع الحدث ${starts.event} آخر مرة في ${at}، لكنه لم يطابق: ${where}`,
      },
    };
  };

const tag =
  (starts: Extract<Starts, { on: "tag" }>): Explain =>
  ({ turn, voice }) => {
    const on = Object.hasOwn(turn.state.contact.tags, starts.tag)
      ? turn.state.contact.tags[starts.tag]
      : undefined;
    const name = voice.quoted(starts.tag);
    if (starts.change === "removed") {
      return on
        ? { text: { en: `they still have the tag ${name}`, ar: `لا تزال عليها العلامة ${name}` } }
        : {
            text: {
              en: `the tag ${name} was not taken off while the flow listened`,
              ar: `لم تُزل العلامة ${name} أثناء عمل الخطة`,
            },
          };
    }
    if (!on)
      return { text: { en: `they do not have the tag ${name}`, ar: `ليست عليها العلامة ${name}` } };
    const since = voice.moment(on.since);
    return {
      text: {
        en: `they have had the tag ${name} since ${since}, and it was not added while the flow listened`,
        ar: `عليها العلامة ${name} منذ ${since}، ولم تُضف أثناء عمل الخطة`,
      },
    };
  };

const segment =
  (starts: Extract<Starts, { on: "segment" }>): Explain =>
  ({ turn, voice }) => {
    const { workspace } = turn.world;
    const rule = workspace.segments[starts.segment];
    const name = voice.quoted(starts.segment);
    if (!rule) return { text: { en: `there is no segment ${name}`, ar: `لا توجد شريحة ${name}` } };
    const facts: Record<string, unknown> = {};
    const scope = {
      state: turn.state,
      now: turn.now,
      workspace,
      zone: workspace.timezone,
      run: null,
      since: "ever" as const,
    };
    const { holds, until } = evaluate(rule, { ...scope, saw: facts });
    const words = `${ruleInWords(voice.say, rule)}${seen(voice, facts)}`;
    const waits = starts.change === "entered" ? !holds : holds;
    if (waits) {
      return {
        text: holds
          ? {
              en: `they are still in the segment ${name}: ${words}`,
              ar: `لا تزال ضمن الشريحة ${name}: ${words}`,
            }
          : {
              en: `they are not in the segment ${name}: ${words}`,
              ar: `ليست ضمن الشريحة ${name}: ${words}`,
            },
        next: until,
      };
    }
    return {
      text: holds
        ? {
            en: `they were in the segment ${name} already when the flow was published`,
            ar: `كانت ضمن الشريحة ${name} عند نشر الخطة`,
          }
        : {
            en: `they were not in the segment ${name} while the flow listened`,
            ar: `لم تكن ضمن الشريحة ${name} أثناء عمل الخطة`,
          },
    };
  };

const schedule =
  (starts: Extract<Starts, { on: "schedule" }>): Explain =>
  ({ turn, flow, voice }) => {
    const rule = ruleNow(turn, flow, voice, starts.audience);
    const zone = isPerContact(starts)
      ? zoneOf(turn.world, turn.state, "contact")
      : scheduleZone(flow, starts, turn.world.workspace.timezone);
    const next = scheduleNext(starts, turn.now, zone);
    const past = next === null;
    return {
      text: rule.holds
        ? {
            en: past
              ? `they are in its audience now, but its moment has passed`
              : `they are in its audience: ${rule.words}`,
            ar: past ? "هي ضمن جمهوره الآن، لكن موعده فات" : `هي ضمن جمهوره: ${rule.words}`,
          }
        : {
            en: `they are not in its audience: ${rule.words}`,
            ar: `ليست ضمن جمهوره: ${rule.words}`,
          },
      next,
    };
  };

const date =
  (starts: Extract<Starts, { on: "date" }>): Explain =>
  ({ turn, flow, node, voice }) => {
    const value = fieldOf(turn.state, starts.field);
    if (typeof value !== "string" || value === "") {
      return {
        text: {
          en: `the field ${starts.field} holds no date`,
          ar: `ليس في الحقل ${starts.field} تاريخ`,
        },
      };
    }
    const { contact, fired } = turn.state;
    const floor = Math.max(flow.firstPublished, contact.fieldsSet[starts.field] ?? contact.created);
    const last = fired[`${flow.id}/${node}`];
    const { every, calendar, offset, at } = starts;
    const zone = zoneOf(turn.world, turn.state, flow.timezone);
    const next = nextRecurrence({
      ...{ date: value, every, calendar, offset, zone },
      ...(at === undefined ? {} : { at }),
      after: last ?? floor,
      strict: last !== undefined,
    });
    const of = voice.value(value);
    return {
      text:
        next === null
          ? {
              en: `the field ${starts.field} is ${of}, and its moment has passed`,
              ar: `الحقل ${starts.field} هو ${of}، وقد فات موعده`,
            }
          : {
              en: `the field ${starts.field} is ${of}, and its moment is still ahead`,
              ar: `الحقل ${starts.field} هو ${of}، ولم يحن موعده بعد`,
            },
      next,
    };
  };

const message =
  (starts: Extract<Starts, { on: "message" }>): Explain =>
  ({ voice }) => {
    const channel = channelInWords(voice.say, starts.channel);
    const words = starts.keywords.map((w) => voice.quoted(w));
    const list = words.length === 0 || starts.match === "any" ? "" : voice.say.list(words, "or");
    return {
      text: {
        en: `no message by ${channel}${list === "" ? "" : ` with ${list}`} has come at a time when it counts`,
        ar: `لم تصل عبر ${channel} رسالة${list === "" ? "" : ` فيها ${list}`} في وقت تُحتسب فيه`,
      },
    };
  };

const idle =
  (starts: Extract<Starts, { on: "idle" }>): Explain =>
  ({ turn, flow, voice }) => {
    const { contact } = turn.state;
    const touches = ["last_touch_at", "last_reply_at"].map(
      (f) => parseInstant(contact.fields[f]) ?? 0,
    );
    const since = Math.max(contact.created, ...touches);
    const next = addDuration(since, starts.for, zoneOf(turn.world, turn.state, flow.timezone));
    const span = voice.say.duration(starts.for);
    return {
      text: {
        en: `it needs a silence of ${span}, and the last touch was on ${voice.moment(since)}`,
        ar: `يحتاج إلى صمت مدته ${span}، وآخر تواصل كان في ${voice.moment(since)}`,
      },
      next: next > turn.now ? next : null,
    };
  };

const field =
  (starts: Extract<Starts, { on: "field" }>): Explain =>
  ({ turn, flow, voice }) => {
    const set = turn.state.contact.fieldsSet[starts.field];
    const rule = starts.where ? ruleNow(turn, flow, voice, starts.where) : null;
    if (set === undefined || set < flow.firstPublished) {
      return {
        text: {
          en: `the field ${starts.field} has not changed since the flow was published`,
          ar: `لم يتغير الحقل ${starts.field} منذ نشر الخطة`,
        },
      };
    }
    const at = voice.moment(set);
    return {
      text: {
        en: `the field ${starts.field} changed on ${at}, but its rule did not hold${rule ? `: ${rule.words}` : ""}`,
        ar: `تغيّر الحقل ${starts.field} في ${at}، لكن شرطه لم يكن متحققًا${rule ? `: ${rule.words}` : ""}`,
      },
    };
  };

import { channelInWords } from "../../nodes/say-rule.ts";
import type { Flow } from "../core/flow.ts";
import type { Line, LineKind } from "../core/state.ts";
import { backgroundOf } from "./background.ts";
import type { Known } from "./known.ts";
import { messageLine } from "./messages.ts";
import type { Sentence } from "./sentence.ts";
import type { Voice } from "./voice.ts";
import { waitingLine } from "./waits.ts";
import { EXITED, FAILED, IGNORED, OUTCOMES, reasonOf } from "./words.ts";

/** A line's words, before the sentence's frame. */
export interface Told {
  text: string;
  next?: number;
}
type Teller = (line: Line, voice: Voice, flow: Flow | undefined, known?: Known) => Told;

/** Every kind of the journal has its sentence. */
const TELLERS: Record<LineKind, Teller> = {
  entered,
  ignored,
  step,
  waiting: waitingLine,
  message: messageLine,
  task,
  goal,
  decided,
  changed,
  paused,
  resumed: (_, { say }) => ({ text: say({ en: "Goes on again.", ar: "تابعت من جديد." }) }),
  migrated,
  completed: (line, voice, flow) => ({
    text: voice.say({
      en: `Came to the end of the flow${after(line, voice, flow)}.`,
      ar: `بلغت نهاية الخطة${after(line, voice, flow)}.`,
    }),
  }),
  exited,
  failed,
};

/** The sentence of one line of the journal. `flow` is the version that the line names; `known`: what else is known. */
export function sentenceOf(
  line: Line,
  voice: Voice,
  flow: Flow | undefined,
  known?: Known,
): Sentence {
  const told = TELLERS[line.kind](line, voice, flow, known);
  const more = known ? backgroundOf(line, voice, flow, known) : null;
  const text = more ? inBrackets(told.text, voice.say(more.words), voice) : told.text;
  const next = told.next ?? more?.next;
  const { rule, facts = more?.facts } = line.detail;
  return {
    about: line.kind,
    at: line.at,
    enrollment: line.enrollment,
    node: line.node,
    text,
    ...(next === undefined ? {} : { next }),
    ...(typeof rule === "string" ? { rule } : {}),
    ...(typeof facts === "object" && facts !== null
      ? { facts: facts as Record<string, unknown> }
      : {}),
  };
}

/** Adds to a sentence what stood behind it, in the brackets with which it ends if it does. */
const inBrackets = (text: string, words: string, { say }: Voice): string =>
  text.endsWith(").")
    ? `${text.slice(0, -2)}${say({ en: "; ", ar: "؛ " })}${words}).`
    : text.replace(/\.$/, ` (${words}).`);

const after = (line: Line, voice: Voice, flow: Flow | undefined): string =>
  line.node === null
    ? ""
    : voice.say({
        en: ` after ${voice.node(flow, line.node)}`,
        ar: ` بعد ${voice.node(flow, line.node)}`,
      });

/** " (seen: tag “vip”: yes)", or nothing where nothing was looked at. */
export function seen(voice: Voice, facts: unknown): string {
  const words = voice.facts(facts);
  return words === "" ? "" : voice.say({ en: ` (seen: ${words})`, ar: ` (ما ظهر: ${words})` });
}

function entered(line: Line, voice: Voice, flow: Flow | undefined): Told {
  const { detail, version } = line;
  const rule = voice.rule(flow, detail.rule);
  const key = typeof detail.key === "string" ? voice.quoted(detail.key) : "";
  const trigger = typeof detail.trigger === "string" ? voice.node(flow, detail.trigger) : "";
  const en = [
    trigger === "" ? "Entered the flow by hand" : `Entered the flow through ${trigger}`,
    rule === null ? "" : `, because ${rule}${seen(voice, detail.facts)}`,
    key === "" ? "" : `, for the key ${key}`,
    `, in version ${version}.`,
  ];
  const ar = [
    trigger === "" ? "دخلت الخطة بإدراج يدوي" : `دخلت الخطة عبر ${trigger}`,
    rule === null ? "" : `، لتحقق الشرط: ${rule}${seen(voice, detail.facts)}`,
    key === "" ? "" : `، للمفتاح ${key}`,
    `، في الإصدار ${version}.`,
  ];
  return { text: voice.say({ en: en.join(""), ar: ar.join("") }) };
}

function ignored(line: Line, voice: Voice, flow: Flow | undefined): Told {
  const { reason, rule: pointer, facts, key } = line.detail;
  const why = voice.say(reasonOf(IGNORED, reason));
  const rule = voice.rule(flow, pointer);
  const more = [
    rule === null ? "" : `: ${rule}${seen(voice, facts)}`,
    typeof key === "string" ? ` (${voice.quoted(key)})` : "",
    cooldownOf(voice, flow, reason),
  ].join("");
  const name = voice.node(flow, line.node);
  return {
    text: voice.say({
      en: `${name === "" ? "Something" : name} would have started the flow, but they did not enter: ${why}${more}.`,
      ar: `كان ${name === "" ? "ما حدث" : name} سيبدأ الخطة، لكنها لم تدخل: ${why}${more}.`,
    }),
  };
}

function cooldownOf(voice: Voice, flow: Flow | undefined, reason: unknown): string {
  const { cooldown } = flow?.reentry ?? {};
  return reason === "cooldown" && cooldown ? ` (${voice.say.duration(cooldown)})` : "";
}

/** Outputs by which a node says that its rule did not hold. */
const NOT_HELD = new Set(["no", "else", "timeout"]);

function step(line: Line, voice: Voice, flow: Flow | undefined): Told {
  const { output, reason, rule: pointer, facts } = line.detail;
  const rule = voice.rule(flow, pointer);
  const name = voice.node(flow, line.node);
  const way =
    typeof output === "string" && output !== "next" ? voice.output(flow, line.node, output) : "";
  const held = !NOT_HELD.has(String(output));
  const en = [
    `Left ${name}${way === "" ? "" : ` by ${way}`}`,
    reason === "no-date" ? ": there was no date to wait for, so nothing was waited" : "",
    rule === null
      ? ""
      : `: ${held ? "it held" : "it did not hold"} that ${rule}${seen(voice, facts)}`,
    ".",
  ];
  const ar = [
    `غادرت ${name}${way === "" ? "" : ` عبر ${way}`}`,
    reason === "no-date" ? ": لم يكن هناك تاريخ يُنتظر، فلم تنتظر" : "",
    rule === null
      ? ""
      : `: ${held ? "تحقق الشرط" : "لم يتحقق الشرط"}: ${rule}${seen(voice, facts)}`,
    ".",
  ];
  return { text: voice.say({ en: en.join(""), ar: ar.join("") }) };
}

function task(line: Line, voice: Voice, flow: Flow | undefined): Told {
  const { state, outcome, title, due, assignee, comment, task: kind } = line.detail;
  const { say } = voice;
  const isCall = kind === "call";
  const name =
    typeof title === "string" && title !== "" ? voice.quoted(title) : voice.node(flow, line.node);
  if (state === "closed") {
    const how = voice.quoted(say(reasonOf(OUTCOMES, outcome)));
    const note = typeof comment === "string" && comment !== "" ? ` (${voice.quoted(comment)})` : "";
    return {
      text: say({
        en: `The ${isCall ? "call" : "task"} ${name} was closed as ${how}${note}.`,
        ar: `أُغلقت ${isCall ? "المكالمة" : "المهمة"} ${name} بنتيجة ${how}${note}.`,
      }),
    };
  }
  const who = typeof assignee === "string" ? assignee : "";
  const when = typeof due === "number" ? voice.moment(due) : "";
  const en = `${who === "" ? "" : ` for ${who}`}${when === "" ? "" : `, due ${when}`}`;
  const ar = `${who === "" ? "" : ` لمسؤول المتابعة ${who}`}${when === "" ? "" : `، موعدها ${when}`}`;
  return {
    text: say({
      en: `A ${isCall ? "call" : "task"} was opened${en}: ${name}.`,
      ar: `فُتحت ${isCall ? "مكالمة" : "مهمة"}${ar}: ${name}.`,
    }),
  };
}

function goal(line: Line, voice: Voice, flow: Flow | undefined): Told {
  const { name, value, rule: pointer, facts } = line.detail;
  const worth = value === undefined || value === null ? "" : voice.value(value);
  const en = worth === "" ? "" : `, worth ${worth}`;
  const ar = worth === "" ? "" : `، وقيمته ${worth}`;
  if (line.node !== null || name !== undefined) {
    const called = voice.quoted(String(name ?? ""));
    return {
      text: voice.say({ en: `Reached the goal ${called}${en}.`, ar: `بلغت الهدف ${called}${ar}.` }),
    };
  }
  const rule = voice.rule(flow, pointer);
  const why = rule === null ? "" : `: ${rule}${seen(voice, facts)}`;
  return {
    text: voice.say({
      en: `Reached the goal of the flow${en}${why}.`,
      ar: `بلغت هدف الخطة${ar}${why}.`,
    }),
  };
}

interface Numbers {
  variant?: unknown;
  contacts?: unknown;
  hits?: unknown;
}

function decided(line: Line, voice: Voice, flow: Flow | undefined): Told {
  const { winner, variant, numbers } = line.detail;
  const name = voice.node(flow, line.node);
  const won = String(winner ?? variant ?? "undecided");
  const figures = (Array.isArray(numbers) ? (numbers as Numbers[]) : [])
    .map(
      (n) =>
        `${voice.output(flow, line.node, String(n.variant))} ${String(n.hits)}/${String(n.contacts)}`,
    )
    .join(voice.say({ en: ", ", ar: "، " }));
  const on = figures === "" ? "" : ` (${figures})`;
  if (won === "undecided") {
    return {
      text: voice.say({
        en: `${name}: no variant was clearly better, so the shares stay${on}.`,
        ar: `${name}: لم يتفوق أي بديل بوضوح، فبقيت النسب كما هي${on}.`,
      }),
    };
  }
  const best = voice.output(flow, line.node, won);
  return {
    text: voice.say({
      en: `${name}: ${best} won${on}, so those who waited there and come later take it.`,
      ar: `${name}: فاز ${best}${on}، فيسلكه من كان ينتظر هناك ومن يأتي بعدُ.`,
    }),
  };
}

function changed(line: Line, voice: Voice, flow: Flow | undefined): Told {
  const { tag, to, from, field, expires } = line.detail;
  const by = voice.node(flow, line.node);
  if (typeof tag === "string") {
    const until = typeof expires === "number" ? voice.moment(expires) : "";
    const name = voice.quoted(tag);
    return {
      text:
        to === true
          ? voice.say({
              en: `${by} added the tag ${name}${until === "" ? "" : `, until ${until}`}.`,
              ar: `أضافت الخطوة ${by} العلامة ${name}${until === "" ? "" : `، حتى ${until}`}.`,
            })
          : voice.say({
              en: `${by} took off the tag ${name}.`,
              ar: `أزالت الخطوة ${by} العلامة ${name}.`,
            }),
    };
  }
  const [was, is] = [voice.value(from), voice.value(to)];
  return {
    text: voice.say({
      en: `${by} set ${String(field)} from ${was} to ${is}.`,
      ar: `غيّرت الخطوة ${by} الحقل ${String(field)} من ${was} إلى ${is}.`,
    }),
  };
}

function paused(line: Line, voice: Voice): Told {
  const { until, reply } = line.detail;
  const by = typeof reply === "string" ? channelInWords(voice.say, reply) : "";
  const why = voice.say(
    reply === "call"
      ? { en: "they were spoken to on the phone", ar: "جرت معها مكالمة" }
      : { en: `they replied by ${by}`, ar: `وصل رد منها عبر ${by}` },
  );
  if (typeof until !== "number") {
    return {
      text: voice.say({
        en: `Paused for a person, because ${why}; goes on when somebody resumes it.`,
        ar: `أُوقفت مؤقتًا ليتابعها موظف، لأنه ${why}؛ وتتابع عندما يستأنفها أحد.`,
      }),
    };
  }
  return {
    text: voice.say({
      en: `Paused for a person, because ${why}; goes on by itself on ${voice.moment(until)}.`,
      ar: `أُوقفت مؤقتًا ليتابعها موظف، لأنه ${why}؛ وتتابع وحدها في ${voice.moment(until)}.`,
    }),
    next: until,
  };
}

function migrated(line: Line, voice: Voice, flow: Flow | undefined, known?: Known): Told {
  const { from, to, was } = line.detail;
  const name = voice.node(flow, line.node);
  if (typeof was === "string" && from !== to) {
    const before = voice.node(known?.world.versions.get(`${line.flow}@${String(from)}`), was);
    return {
      text: voice.say({
        en: `A new version without ${before} was published: moved from version ${String(from)} to version ${String(to)}, where ${name} stands in for it.`,
        ar: `نُشر إصدار جديد ليست فيه ${before}: انتقلت من الإصدار ${String(from)} إلى الإصدار ${String(to)}، وحلّت محلها ${name}.`,
      }),
    };
  }
  if (typeof was === "string") {
    const before = voice.node(flow, was);
    return {
      text: voice.say({
        en: `Somebody moved them by hand from ${before} to ${name}.`,
        ar: `نُقلت يدويًا من ${before} إلى ${name}.`,
      }),
    };
  }
  return {
    text: voice.say({
      en: `A new version was published: moved from version ${String(from)} to version ${String(to)}, at ${name}.`,
      ar: `نُشر إصدار جديد: انتقلت من الإصدار ${String(from)} إلى الإصدار ${String(to)}، عند ${name}.`,
    }),
  };
}

function exited(line: Line, voice: Voice, flow: Flow | undefined): Told {
  const { reason, text, rule: pointer, facts } = line.detail;
  const why = voice.say(reasonOf(EXITED, reason));
  const rule = voice.rule(flow, pointer);
  const more =
    typeof text === "string" && text !== ""
      ? ` (${voice.quoted(text)})`
      : rule === null
        ? ""
        : `: ${rule}${seen(voice, facts)}`;
  const where = line.node === null ? "" : voice.node(flow, line.node);
  return {
    text: voice.say({
      en: `Left the flow${where === "" ? "" : ` at ${where}`}: ${why}${more}.`,
      ar: `خرجت من الخطة${where === "" ? "" : ` عند ${where}`}: ${why}${more}.`,
    }),
  };
}

function failed(line: Line, voice: Voice, flow: Flow | undefined): Told {
  const { reason, error } = line.detail;
  const why = voice.say(reasonOf(FAILED, reason));
  const said = typeof error === "string" && error !== "" ? ` (${error})` : "";
  const where = line.node === null ? "" : voice.node(flow, line.node);
  return {
    text: voice.say({
      en: `Failed${where === "" ? "" : ` at ${where}`}: ${why}${said}. It can be retried from the canvas.`,
      ar: `تعثرت${where === "" ? "" : ` عند ${where}`}: ${why}${said}. يمكن إعادة المحاولة من لوحة التصميم.`,
    }),
  };
}

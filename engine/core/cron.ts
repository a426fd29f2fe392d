import { Cron } from "croner";
import type { Instant, Language } from "../../nodes/node.ts";
import { Bounded } from "./bounded.ts";
import { TimeError } from "./zone.ts";

// Without a function and paused, a Cron only computes: it sets no timer.
const crons = new Bounded<Cron>(1_000);

function cronOf(pattern: string, zone: string): Cron {
  return crons.get(`${zone}\n${pattern}`, () => {
    const problem = cronProblem(pattern);
    if (problem !== null) throw new TimeError(problem, pattern);
    return new Cron(pattern.trim(), { timezone: zone, paused: true });
  });
}

/**
 * The first moment of a cron pattern (5 fields, or 6 with seconds first) strictly later than `after`, on
 * the clock of `zone`; null when none comes. Throws TimeError on a pattern that `cronProblem` refuses.
 */
export function cronNext(pattern: string, after: Instant, zone: string): Instant | null {
  return cronOf(pattern, zone).nextRun(new Date(after))?.getTime() ?? null;
}

const FIELDS: Record<Language, readonly string[]> = {
  en: ["second", "minute", "hour", "day of the month", "month", "day of the week"],
  ar: ["الثانية", "الدقيقة", "الساعة", "يوم الشهر", "الشهر", "يوم الأسبوع"],
};

function parses(fields: readonly string[]): boolean {
  try {
    new Cron(fields.join(" "), { paused: true, timezone: "UTC" });
    return true;
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return false;
    throw error;
  }
}

/** What is wrong with a cron pattern, in one sentence of `language`; null when it is good. */
export function cronProblem(pattern: unknown, language: Language = "en"): string | null {
  const text = typeof pattern === "string" ? pattern.trim() : String(pattern);
  const say = (en: string, ar: string) => (language === "ar" ? ar : en);
  const fields = text.split(/\s+/);
  if (text.length > 200 || fields.length < 5 || fields.length > 6) {
    return say(
      `“${text.slice(0, 60)}” is no cron pattern: it needs five fields (minute, hour, day, month, weekday) or six with seconds first.`,
      `«${text.slice(0, 60)}» ليس نمط cron: يلزم خمسة حقول (الدقيقة والساعة واليوم والشهر ويوم الأسبوع) أو ستة تبدأ بالثواني.`,
    );
  }
  const six = fields.length === 6 ? fields : ["0", ...fields];
  for (const [i, field] of six.entries()) {
    const alone = six.map((_, other) => (other === i ? field : "*"));
    if (parses(alone)) continue;
    return say(
      `In the cron pattern “${text}”, “${field}” is no ${FIELDS.en[i]}.`,
      `في نمط cron «${text}»، القيمة «${field}» غير صالحة في خانة ${FIELDS.ar[i]}.`,
    );
  }
  if (!parses(six)) {
    return say(`“${text}” is no cron pattern.`, `«${text}» ليس نمط cron.`);
  }
  const ever = new Cron(text, { paused: true, timezone: "UTC" }).nextRun(new Date(0));
  return ever === null
    ? say(`The cron pattern “${text}” never comes.`, `نمط cron «${text}» لا يحين أبدًا.`)
    : null;
}

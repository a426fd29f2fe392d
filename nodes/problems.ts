import type { Label, Window } from "./node.ts";

/** A problem of one node's data; `pointer` is a JSON Pointer relative to that data. */
export interface DataProblem {
  pointer: string;
  message: Label;
}

/** A window that opens and closes at one time is refused: it could mean never or always. */
export function windowProblems(window: Window | undefined, pointer: string): DataProblem[] {
  if (window?.from === undefined || window.from !== window.to) return [];
  return [
    {
      pointer: `${pointer}/to`,
      message: {
        en: `The window opens and closes at ${window.from}; choose two different times.`,
        ar: `تفتح الفترة وتغلق عند ${window.from}؛ اختر وقتين مختلفين.`,
      },
    },
  ];
}

/** Whether the name is an IANA time zone that this machine knows. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const MOMENT =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ]([01]\d|2[0-3]):([0-5]\d)(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/** Whether the text is a date or date-time of the calendar, local or with an offset. */
export function isMoment(text: string): boolean {
  const match = MOMENT.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const date = new Date(Date.UTC(2000, 0, 1));
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** A moment that no calendar has. */
export function momentProblems(text: string | undefined, pointer: string): DataProblem[] {
  if (text === undefined || isMoment(text)) return [];
  return [
    {
      pointer,
      message: {
        en: `“${text}” is not a date; write it like 2026-03-01 or 2026-03-01T09:00.`,
        ar: `«${text}» ليس تاريخًا؛ اكتبه مثل 2026-03-01 أو 2026-03-01T09:00.`,
      },
    },
  ];
}

/** Ids that appear twice or that the node keeps for an output of its own. */
export function idProblems(
  items: readonly { id: string }[],
  pointer: string,
  reserved: readonly string[],
): DataProblem[] {
  const seen = new Set<string>();
  return items.flatMap(({ id }, i): DataProblem[] => {
    const place = `${pointer}/${i}/id`;
    if (reserved.includes(id)) {
      const message = {
        en: `“${id}” is the name of another output of this step; choose another.`,
        ar: `«${id}» اسم مخرج آخر لهذه الخطوة؛ اختر اسمًا غيره.`,
      };
      return [{ pointer: place, message }];
    }
    if (seen.has(id)) {
      const message = {
        en: `“${id}” is used twice here; each needs a name of its own.`,
        ar: `«${id}» مكرر هنا؛ لكل واحد اسم خاص به.`,
      };
      return [{ pointer: place, message }];
    }
    seen.add(id);
    return [];
  });
}

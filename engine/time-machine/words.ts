import type { Label } from "../../nodes/index.ts";
import { EXITED, FAILED, IGNORED, MESSAGE_FAILED, reasonOf, SKIPPED } from "../why/words.ts";
import type { Group } from "./figures.ts";

const HELD: Readonly<Record<string, Label>> = {
  window: { en: "it was outside the send window", ar: "كان الوقت خارج أوقات الإرسال" },
  cap: { en: "the frequency cap was reached", ar: "بُلغ حد الإرسال" },
};
const PAUSED: Readonly<Record<string, Label>> = {
  reply: { en: "they replied, and a person takes over", ar: "وصل رد، ويتابعه موظف" },
};

const WORDS: Record<Group["about"], Readonly<Record<string, Label>>> = {
  waiting: HELD,
  paused: PAUSED,
  skipped: SKIPPED,
  cancelled: EXITED,
  bounced: MESSAGE_FAILED,
  exited: EXITED,
  failed: FAILED,
  ignored: IGNORED,
};

/** Why the people of a group were held, left out or ended, in words. */
export const reasonIn = ({ about, reason }: Pick<Group, "about" | "reason">): Label =>
  reasonOf(WORDS[about], reason);

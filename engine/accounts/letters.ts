import type { Label, Language } from "../../nodes/index.ts";
import type { Role } from "../store/accounts.ts";
import { ROLE_NAMES } from "./roles.ts";

const DAYS = { en: (n: number) => `${n} ${n === 1 ? "day" : "days"}`, ar: arabicDays };

/** The Arabic of some days, for a handful of them. */
function arabicDays(n: number): string {
  if (n === 1) return "يوم واحد";
  if (n === 2) return "يومين";
  return n <= 10 ? `${n} أيام` : `${n} يومًا`;
}

/** What a letter says: subject and text. */
type Words = { subject: string; text: string };

/** Asks somebody to join. */
export function invitationLetter(
  language: Language,
  { by, role, link, days }: { by: string; role: Role; link: string; days: number },
): Words {
  const texts: Label = {
    en: `${by} invites you to Tawasul, where you will be ${article(role)}.

Choose a password and begin:
${link}

The link works once and for ${DAYS.en(days)}. If you don't know what this is about, leave it.`,
    ar: `يدعوك ${by} إلى تواصل، ودورك فيه: ${ROLE_NAMES[role].ar}.

اختر كلمة مرور وابدأ:
${link}

يعمل الرابط مرة واحدة وخلال ${DAYS.ar(days)}. إن لم تكن تعرف سبب هذه الرسالة فتجاهلها.`,
  };
  const subjects: Label = { en: `${by} invites you to Tawasul`, ar: `يدعوك ${by} إلى تواصل` };
  return { subject: subjects[language], text: texts[language] };
}

const article = (role: Role): string =>
  `${/^[aeo]/.test(role) ? "an" : "a"} ${ROLE_NAMES[role].en}`;

/** Leads to where a new password is set. */
export function resetLetter(
  language: Language,
  { link, days, asked }: { link: string; days: number; asked: boolean },
): Words {
  const why: Label = asked
    ? {
        en: "Somebody, probably you, asked for a new password for your account in Tawasul.",
        ar: "طلب أحدهم، وغالبًا أنت، كلمة مرور جديدة لحسابك في تواصل.",
      }
    : {
        en: "Your password in Tawasul was taken back by whoever manages the accounts.",
        ar: "ألغى القائم على الحسابات كلمة مرورك في تواصل.",
      };
  const rest: Label = {
    en: `Set a new one here:
${link}

The link works once and for ${DAYS.en(days)}.${asked ? " If it wasn't you, leave it: nothing changes." : ""}`,
    ar: `عيّن كلمة جديدة من هنا:
${link}

يعمل الرابط مرة واحدة وخلال ${DAYS.ar(days)}.${asked ? " إن لم تكن أنت من طلبها فتجاهل الرسالة، ولن يتغير شيء." : ""}`,
  };
  const subjects: Label = { en: "A new password for Tawasul", ar: "كلمة مرور جديدة لتواصل" };
  return { subject: subjects[language], text: `${why[language]}\n\n${rest[language]}` };
}

// Marks that Arabic is read without: honorifics, vowel signs, Koranic annotation; and the tatweel.
const ARABIC_MARKS =
  /[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0897-\u089f\u08ca-\u08e1\u08e3-\u08ff]/g;
const ARABIC_LETTERS: Record<string, string> = {
  أ: "ا",
  إ: "ا",
  آ: "ا",
  ٱ: "ا",
  ى: "ي",
  ة: "ه",
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range
const ASCII = /^[\x00-\x7f]*$/;

/**
 * Text as it is compared: NFKC, lower case and, in Arabic script, without diacritics and tatweel, with
 * أإآٱ as ا, ى as ي and ة as ه. Digits stay as NFKC leaves them. Folding twice changes nothing.
 */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return text
    .normalize("NFKC")
    .toLowerCase()
    .normalize("NFKC")
    .replace(ARABIC_MARKS, "")
    .replace(/[أإآٱىة]/g, (letter) => ARABIC_LETTERS[letter] ?? letter);
}

/** Arabic-Indic and Persian digits as 0–9; everything else as it was. */
export function latinDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) =>
    String((digit.codePointAt(0) ?? 0) & 0xf),
  );
}

const spaced = (text: string): string => fold(text).replace(/\s+/g, " ").trim();
const PART_BEFORE = /[\p{L}\p{N}\p{M}]$/u;
const PART_AFTER = /^[\p{L}\p{N}\p{M}]/u;

function hasFoldedWord(text: string, word: string): boolean {
  if (word === "") return false;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    // Two code units are enough to see the neighbouring character whole.
    const before = text.slice(Math.max(0, at - 2), at);
    const after = text.slice(at + word.length, at + word.length + 2);
    if (!PART_BEFORE.test(before) && !PART_AFTER.test(after)) return true;
  }
  return false;
}

/** Whether the word (or words) stands in the text, folded, with no letter, digit or mark on either side. */
export function hasWord(text: string, word: string): boolean {
  return hasFoldedWord(spaced(text), spaced(word));
}

/** Whether a message carries one of the keywords: as a word, as the whole message, anywhere in it, or `any` message at all. */
export function keywordMatches(
  text: string,
  keywords: readonly string[],
  match: "word" | "exact" | "contains" | "any" = "word",
): boolean {
  if (match === "any") return true;
  const message = spaced(text);
  return keywords.some((keyword) => {
    const word = spaced(keyword);
    if (word === "") return false;
    if (match === "exact") return message === word;
    return match === "contains" ? message.includes(word) : hasFoldedWord(message, word);
  });
}

/** What an opt-out, opt-in or help word asks for. */
export type OptWord = "stop" | "start" | "help";

const OPT_WORDS: Record<OptWord, readonly string[]> = {
  stop: [
    "stop",
    "quit",
    "end",
    "revoke",
    "opt out",
    "optout",
    "cancel",
    "unsubscribe",
    "stopall",
    "إيقاف",
    "إلغاء",
    "توقف",
    "إلغاء الاشتراك",
  ],
  start: ["start", "ابدأ"],
  help: ["help", "مساعدة"],
};
const optWords = new Map<string, OptWord>(
  (Object.keys(OPT_WORDS) as OptWord[]).flatMap((kind) =>
    OPT_WORDS[kind].map((word): [string, OptWord] => [fold(word), kind]),
  ),
);
const LONGEST_OPT_MESSAGE = 100;

/**
 * What the message asks for when it is nothing but an opt-out, opt-in or help word, folded, punctuation
 * and symbols aside; null otherwise ("cancel my order" is no opt-out).
 */
export function optWord(text: string): OptWord | null {
  if (text.length > LONGEST_OPT_MESSAGE) return null;
  const bare = spaced(text.replace(/[\ufe0e\ufe0f]|[^\p{L}\p{N}\p{M}\s]/gu, " "));
  return optWords.get(bare) ?? null;
}

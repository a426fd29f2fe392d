/** Marks that are not seen: zero-width characters, direction marks, soft hyphen, byte order mark. */
const INVISIBLE =
  "\\u00AD\\u061C\\u200B-\\u200F\\u202A-\\u202E\\u2060-\\u2064\\u2066-\\u2069\\uFEFF";
const invisible = new RegExp(`[${INVISIBLE}]+`, "g");
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const control = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]+/g;
/** Marks that open a stretch of one direction, and the two that close one; others stand for themselves. */
const OPENING = "\u202A\u202B\u202D\u202E\u2066\u2067\u2068";
const paired = /[\u202A-\u202E\u2066-\u2069]/;
const unseen = new RegExp(`[\\s${INVISIBLE}]`);
// Most cells need no cleaning, and one test is cheaper than three replacements.
const PLAIN = /^[!-~](?:[ -~]*[!-~])?$/;

/** A cell without spaces and invisible marks at its ends, control characters and broken surrogates. */
export function cleanText(text: string): string {
  if (text === "" || PLAIN.test(text)) return text;
  const sound = text.replace(control, "").toWellFormed();
  return paired.test(sound) ? trimPaired(sound) : trimEnds(sound);
}

const isUnseen = (text: string, i: number): boolean => unseen.test(text[i] ?? "");

/** By hand: a pattern would look at a long gap in the midst of a text again and again. */
function trimEnds(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isUnseen(text, start)) start++;
  while (start < end && isUnseen(text, end - 1)) end--;
  return text.slice(start, end);
}

/**
 * As `trimEnds`, but a pair of direction marks that has text on one of its sides stays whole: half a pair would turn
 * round whatever the text is put into.
 */
function trimPaired(text: string): string {
  const partner = partners(text);
  const seen = new Int32Array(text.length + 1);
  for (let i = 0; i < text.length; i++) seen[i + 1] = (seen[i] ?? 0) + (isUnseen(text, i) ? 0 : 1);
  const isEmpty = (from: number, to: number): boolean => seen[from] === seen[to];
  let start = 0;
  let end = text.length;
  const isGone = (i: number): boolean => {
    if (!isEmpty(i, i + 1)) return false;
    const other = partner.get(i) ?? -1;
    // A pair goes when it is around all that is left, or around nothing.
    return other < start || other >= end || isEmpty(Math.min(i, other), Math.max(i, other));
  };
  for (let before = -1; before !== end - start && start < end; ) {
    before = end - start;
    while (start < end && isGone(start)) start++;
    while (start < end && isGone(end - 1)) end--;
    if (start < end && partner.get(start) === end - 1) {
      start++;
      end--;
    }
  }
  return text.slice(start, end);
}

/** Deeper ones have no effect on the screen either. */
const DEEPEST = 125;

/** Where the other half of each pair of direction marks stands (UAX 9: an isolate's end closes what is open in it). */
function partners(text: string): Map<number, number> {
  const found = new Map<number, number>();
  const open: number[] = [];
  let isolates = 0;
  for (let i = 0; i < text.length; i++) {
    const mark = text[i] ?? "";
    if (OPENING.includes(mark) && open.length < DEEPEST) {
      open.push(i);
      if (isIsolating(text, i)) isolates++;
    }
    const isIsolate = mark === "\u2069";
    if (mark !== "\u202C" && !(isIsolate && isolates > 0)) continue;
    const at = isIsolate ? open.findLastIndex((o) => isIsolating(text, o)) : open.length - 1;
    const other = open[at];
    if (other === undefined || isIsolating(text, other) !== isIsolate) continue;
    open.length = at;
    if (isIsolate) isolates--;
    found.set(i, other).set(other, i);
  }
  return found;
}

const isIsolating = (text: string, at: number): boolean => (text[at] ?? "") >= "\u2066";

/** A name or tag: clean, on one line, single spaces. */
export function cleanName(text: string): string {
  return cleanText(text).replace(/\s+/g, " ");
}

/** Without any invisible mark. Persian words need some of them; addresses and numbers don't. */
export function stripInvisible(text: string): string {
  return text.replace(invisible, "");
}

const OTHER_DIGITS = /[\u0660-\u0669\u06F0-\u06F9\uFF10-\uFF19]/g;

/** Arabic-Indic, Persian and full-width digits as 0–9. */
export function latinDigits(text: string): string {
  return text.replace(OTHER_DIGITS, (digit) => {
    const code = digit.charCodeAt(0);
    return String((code - (code >= 0xff10 ? 0xff10 : code >= 0x06f0 ? 0x06f0 : 0x0660)) % 10);
  });
}

/** Names of columns and countries compare so: case, accents, Arabic letter forms, spaces and signs aside. */
export function foldName(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/[\p{M}\u0640]/gu, "")
    .toLowerCase()
    .replace(/[\u0671أإآ]/g, "ا")
    .replace(/[ىی]/g, "ي")
    .replace(/ک/g, "ك")
    .replace(/ة/g, "ه")
    .replace(/[^\p{L}\p{N}]+/gu, "");
}

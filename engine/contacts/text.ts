/** Marks that are not seen: zero-width characters, direction marks, soft hyphen, byte order mark. */
const INVISIBLE =
  "\\u00AD\\u061C\\u200B-\\u200F\\u202A-\\u202E\\u2060-\\u2064\\u2066-\\u2069\\uFEFF";
const invisible = new RegExp(`[${INVISIBLE}]+`, "g");
const ends = new RegExp(`^[\\s${INVISIBLE}]+|[\\s${INVISIBLE}]+$`, "g");
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const control = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]+/g;
// Most cells need no cleaning, and one test is cheaper than three replacements.
const PLAIN = /^[!-~](?:[ -~]*[!-~])?$/;

/** A cell without spaces and invisible marks at its ends, control characters and broken surrogates. */
export function cleanText(text: string): string {
  if (text === "" || PLAIN.test(text)) return text;
  return text.replace(control, "").toWellFormed().replace(ends, "");
}

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

// GSM 03.38: the basic alphabet, and the characters that cost an escape besides.
const GSM_BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const GSM_EXTENDED = new Set("\f^{}\\[~]|€");

/** How a text goes as SMS. */
export interface Segments {
  encoding: "GSM-7" | "UCS-2";
  /** What is billed: septets (extension characters count two) or UTF-16 units. */
  characters: number;
  /** Messages it is split into; 0 for an empty text. */
  segments: number;
  /** How many characters there is room for without one segment more. */
  room: number;
  /** Characters that GSM-7 hasn't got, each once, in order: they make the whole text UCS-2. */
  beyond: string[];
}

/** What typing and pasting put in place of characters that GSM-7 has. */
const PLAIN: Record<string, string> = {
  ...{ "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "“": '"', "”": '"', "„": '"', "″": '"' },
  ...{ "«": '"', "»": '"', "‹": "'", "›": "'", "–": "-", "—": "-", "‑": "-", "−": "-", "…": "..." },
  ...{ "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u200b": "", "•": "-", "`": "'", "´": "'" },
};

/** The text with typographic signs written plainly, where that makes it fit GSM-7; null where it doesn't. */
export function gsmPlain(text: string): string | null {
  const plain = [...text].map((c) => PLAIN[c] ?? c).join("");
  return gsmSegments(plain).encoding === "GSM-7" ? plain : null;
}

/** Encoding, length and number of SMS segments: 160/153 characters in GSM-7, 70/67 in UCS-2; no character is cut in two. */
export function gsmSegments(text: string): Segments {
  const characters = [...text];
  const beyond = [...new Set(characters.filter((c) => !GSM_BASIC.has(c) && !GSM_EXTENDED.has(c)))];
  const gsm = beyond.length === 0;
  const sizes = characters.map((c) => (gsm ? (GSM_EXTENDED.has(c) ? 2 : 1) : c.length));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const [alone, joined] = gsm ? [160, 153] : [70, 67];
  const encoding = gsm ? "GSM-7" : "UCS-2";
  const said = { encoding, characters: total, beyond } as const;
  if (total <= alone) return { ...said, segments: total === 0 ? 0 : 1, room: alone - total };
  let segments = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > joined) {
      segments += 1;
      used = 0;
    }
    used += size;
  }
  return { ...said, segments, room: joined - used };
}

const DIGITS = "٠١٢٣٤٥٦٧٨٩";

/** What a person types for a time of day as HH:MM: `9`, `930`, `9.30`, `٩:٣٠`; null for what is no time. */
export function timeOf(text: string): string | null {
  const latin = text.trim().replaceAll(/[٠-٩]/g, (digit) => String(DIGITS.indexOf(digit)));
  const match = /^(\d{1,2})(?:[:.٫](\d{1,2})|(\d{2}))?$/.exec(latin) ?? /^(\d)(\d{2})$/.exec(latin);
  if (!match) return null;
  const [hours, minutes] = [Number(match[1]), Number(match[2] ?? match[3] ?? 0)];
  if (hours > 23 || minutes > 59) return null;
  return `${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
}

/** A made-up contact, so that a preview reads like a message and not like a form. */
const SAMPLE: Record<string, Record<string, string>> = {
  en: {
    first_name: "Sara",
    last_name: "Haddad",
    city: "Riyadh",
    country: "Saudi Arabia",
    owner: "Omar",
  },
  ar: { first_name: "سارة", last_name: "حداد", city: "الرياض", country: "السعودية", owner: "عمر" },
};
const SHARED: Record<string, string> = { email: "sara@example.com", phone: "+966500000000" };

/** The made-up contact that speaks this language. */
export const sampleContact = (language: string): Record<string, string> => ({
  ...SHARED,
  ...(SAMPLE[language.split("-")[0] ?? ""] ?? SAMPLE.en),
});

/** The name of the made-up contact that speaks this language. */
export const sampleName = (language: string): string => {
  const { first_name = "", last_name = "" } = sampleContact(language);
  return `${first_name} ${last_name}`;
};

/** The text with its plain merge fields filled in for a made-up contact; what needs the engine stays as it is written. */
export function sampled(text: string, language: string): string {
  const person = sampleContact(language);
  return text.replaceAll(
    /\{\{\{?\s*contact\.(\w+)\s*\}?\}\}/g,
    (whole, field: string) => person[field] ?? whole,
  );
}

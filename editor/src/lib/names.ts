import { nodeType } from "../../../nodes/index.ts";
import type { Text } from "../../../nodes/node.ts";
import type { Key } from "./i18n/index.svelte.ts";
import { i18n, label, t, text } from "./i18n/index.svelte.ts";

type Tone = "ink" | "teal" | "saffron" | "red";

const TONES: Record<string, Tone> = {
  live: "teal",
  paused: "saffron",
  active: "teal",
  failed: "red",
  sent: "teal",
  delivered: "teal",
  opened: "teal",
  clicked: "teal",
  replied: "teal",
  bounced: "red",
  complained: "red",
  uncertain: "saffron",
};

/** The colour of a state: teal lives or went well, saffron waits for a person, red is wrong, ink rests. */
export const toneOf = (state: string): Tone => TONES[state] ?? "ink";

const known = (key: string): key is Key => key in i18n.catalogue;

/** A word of the catalogue under a name that comes from the server; the name itself when there is none. */
export function word(
  kind: "state" | "channel" | "reason" | "field" | "today",
  name: string,
): string {
  const key = `${kind}.${name}`;
  return known(key) ? t(key) : name;
}

/** A person's name; else the address; else that there is none. */
export function personName(fields: Record<string, unknown>): string {
  const names = [fields.first_name, fields.last_name].filter(
    (n) => typeof n === "string" && n !== "",
  );
  if (names.length > 0) return names.join(" ");
  const address = fields.email ?? fields.phone;
  return typeof address === "string" ? address : t("contacts.nameless");
}

/** A language (BCP 47) by its name; the code itself where it has none. */
export const languageName = (code: string): string => {
  try {
    return (
      new Intl.DisplayNames(i18n.locale, { type: "language", fallback: "code" }).of(code) ?? code
    );
  } catch (error) {
    if (error instanceof RangeError) return code;
    throw error;
  }
};

const RIGHT_TO_LEFT = /^(?:ar|arc|ckb|dv|fa|he|ks|ps|sd|ug|ur|yi)(?:-|$)/i;

/** The direction in which a language (BCP 47) is written; none named: that of what is typed. */
export const dirOf = (language: string | null): "ltr" | "rtl" | "auto" =>
  language === null ? "auto" : RIGHT_TO_LEFT.test(language) ? "rtl" : "ltr";

interface NodeOfFlow {
  id: string;
  type: string;
  data?: { label?: Text };
}

/** What a node is called: its own label, else its type's and what it does in a few words. */
export function nodeName(node: NodeOfFlow): string {
  const own = text(node.data?.label);
  if (own) return own;
  const type = nodeType(node.type);
  if (!type) return node.id;
  // A merge field says nothing to who reads what has happened.
  const summary = type.summary(node.data ?? {}, i18n.say).replaceAll(/\{\{[^}]*\}\}/g, "…");
  const name = label(type.label);
  // “Wait 3 days” says already that it is a wait.
  return !summary || summary.startsWith(name) ? summary || name : `${name}: ${summary}`;
}

import type { Instant } from "../../nodes/index.ts";
import type { Contact, Value } from "../core/state.ts";
import type { Held } from "./held.ts";

/** The channels on which each address is suppressed for ever once its owner was erased. */
export const REACHED_BY = { email: ["email"], phone: ["sms", "whatsapp"] } as const;

/** How people name the contact: e-mail, else phone; null once erased. */
export const keyOf = (contact: Pick<Contact, "fields" | "erased">): string | null =>
  contact.erased ? null : (filled(contact.fields.email) ?? filled(contact.fields.phone));

/** A contact's fields as they are stored: those with a column of their own are not among them. */
export function fieldsText(fields: Contact["fields"]): string {
  const { last_touch_at: _, ...stored } = fields;
  return JSON.stringify(stored);
}

/** `email:ann@x.example` → channel and address. */
export function splitAddress(key: string): [channel: string, address: string] {
  const colon = key.indexOf(":");
  return [key.slice(0, colon), key.slice(colon + 1)];
}

export const filled = (value: Value | undefined): string | null =>
  typeof value === "string" && value !== "" ? value : null;

/** The channels that a list of consent speaks of, also where it doesn't name them. */
export const CHANNELS = ["email", "sms", "whatsapp"];

export const NO_CHANNELS: readonly string[] = [];

/** What the newest record for the whole channel says. */
export function recorded(held: Held | null, channel: string): boolean | null {
  let newest: { granted: boolean; at: Instant } | null = null;
  for (const record of held?.state.contact.consents ?? []) {
    if (record.channel !== channel || record.topic !== "") continue;
    if (newest === null || record.at >= newest.at) newest = record;
  }
  return newest?.granted ?? null;
}

/** An empty cell changes nothing. */
export function pruned(fields: Record<string, Value>): Record<string, Value> {
  for (const name in fields) if (isEmpty(fields[name])) return withoutEmpty(fields);
  return fields;
}

const isEmpty = (value: Value | undefined): boolean => value === null || value === "";

const withoutEmpty = (fields: Record<string, Value>): Record<string, Value> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));

import type { Channel, Contact, Workspace } from "./state.ts";

/** The field that holds a channel's address. */
const ADDRESS: Record<string, string> = {
  email: "email",
  sms: "phone",
  whatsapp: "phone",
  call: "phone",
};

/** Where a channel reaches the contact, normalised; null when the contact has no such address. */
export function addressOf(contact: Contact, channel: Channel): string | null {
  const value = contact.fields[ADDRESS[channel] ?? channel];
  return typeof value === "string" && value !== "" ? value : null;
}

/** How an address stands in the list of suppressed ones. */
export const suppressionKey = (channel: Channel, address: string): string =>
  `${channel}:${address}`;

/** Whether consent is on record for channel and topic; the workspace decides where nothing is. */
function consented(
  contact: Contact,
  channel: Channel,
  topic: string,
  workspace: Workspace,
): boolean {
  let whole: { granted: boolean; at: number } | null = null;
  let narrow: { granted: boolean; at: number } | null = null;
  for (const record of contact.consents) {
    if (record.channel !== channel) continue;
    if (record.topic === "") {
      if (whole === null || record.at >= whole.at) whole = record;
    } else if (record.topic === topic && (narrow === null || record.at >= narrow.at)) {
      narrow = record;
    }
  }
  if (narrow && !narrow.granted) return false;
  // A topic chosen after the channel was refused is a new yes to that topic.
  if (whole && !whole.granted) return narrow?.granted === true && narrow.at > whole.at;
  return whole?.granted ?? narrow?.granted ?? workspace.consent === "granted";
}

/** Whether marketing may reach the contact there: consent, no opt-out word, no suppressed address. */
export function mayMessage(
  contact: Contact,
  channel: Channel,
  topic: string,
  workspace: Workspace,
): boolean {
  return consented(contact, channel, topic, workspace) && !isSuppressed(contact, channel);
}

function hasKeys(record: object): boolean {
  for (const _ in record) return true;
  return false;
}

/** Closed by an opt-out word, or the address bounced or complained. Nothing passes this, transactional or not. */
export function isSuppressed(contact: Contact, channel: Channel): boolean {
  if (contact.stopped.includes(channel)) return true;
  if (!hasKeys(contact.suppressed)) return false;
  const address = addressOf(contact, channel);
  return address !== null && Object.hasOwn(contact.suppressed, suppressionKey(channel, address));
}

/** Why a message may not go at this instant; null when it may. */
export function refusal(
  contact: Contact,
  message: { channel: Channel; topic: string; transactional: boolean },
  workspace: Workspace,
): "no-consent" | "suppressed" | "no-address" | null {
  const { channel, topic, transactional } = message;
  if (!transactional && !consented(contact, channel, topic, workspace)) return "no-consent";
  if (isSuppressed(contact, channel)) return "suppressed";
  return addressOf(contact, channel) === null ? "no-address" : null;
}

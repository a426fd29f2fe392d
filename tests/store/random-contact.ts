import type { Changes } from "../../engine/core/changes.ts";
import type { Message, Receipt } from "../../engine/core/state.ts";
import { DAY, HOUR, message, task } from "./make.ts";
import {
  CHANNELS,
  date,
  EVENTS,
  FIELDS,
  instant,
  NUMBERS,
  type Random,
  RECEIPTS,
  TEXTS,
  value,
} from "./random.ts";

function eventData(random: Random, now: number): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  if (random.chance(0.7)) data.amount = random.pick([...NUMBERS, "5", null]);
  if (random.chance(0.5))
    data.item = random.chance(0.8) ? { name: value(random, now) } : random.pick(TEXTS);
  if (random.chance(0.3)) data.items = [value(random, now), value(random, now)];
  if (random.chance(0.3)) data.when = date(random, now);
  if (random.chance(0.3)) data.tags = [random.pick(TEXTS), random.pick(TEXTS)];
  return data;
}

/** Fills one contact with everything that rules read. */
export function randomContact(random: Random, now: number, changes: Changes, i: number): void {
  const { contact } = changes.state;
  for (const field of FIELDS) {
    if (field !== "created_at" && random.chance(0.5)) contact.fields[field] = value(random, now);
  }
  if (random.chance(0.6)) contact.fields.phone = `+96650000${1000 + (i % 40)}`;
  if (random.chance(0.3)) contact.fields.telegram = random.pick(["@ann", "@bob"]);
  changes.contact = true;
  changes.tags = true;
  changes.consents = true;
  for (const tag of ["vip", "lead"]) {
    if (random.chance(0.5)) {
      const expires = random.chance(0.5) ? null : instant(random, now);
      contact.tags[tag] = { since: now - DAY, expires };
    }
  }
  for (let k = random.below(6); k > 0; k--) {
    contact.consents.push({
      channel: random.pick(CHANNELS),
      topic: random.pick(["", "", "offers"]),
      granted: random.chance(0.6),
      at: now - random.below(3) * HOUR,
      source: "test",
    });
  }
  if (random.chance(0.2)) contact.stopped = [random.pick(CHANNELS)];
  if (random.chance(0.2)) contact.suppressed[`email:${String(contact.fields.email)}`] = "bounced";
  if (random.chance(0.2) && typeof contact.fields.phone === "string")
    contact.suppressed[`sms:${contact.fields.phone}`] = "x";
  if (random.chance(0.2)) contact.suppressed["telegram:@ann"] = "bounced";
  for (let k = random.below(6); k > 0; k--) {
    changes.events.push({
      id: `e${k}`,
      name: random.pick(EVENTS),
      at: instant(random, now),
      data: eventData(random, now),
    });
  }
  for (let k = random.below(4); k > 0; k--) changes.messages.add(randomMessage(random, now, k));
  for (let k = random.below(3); k > 0; k--) {
    changes.tasks.add(
      task({
        key: `welcome.${k}.call.1`,
        kind: random.pick(["call", "task"]),
        flow: random.pick(["welcome", "other"]),
        node: random.pick(["call", "hello"]),
        closed: random.chance(0.7) ? instant(random, now) : null,
        outcome: random.pick(["answered", "timeout", "cancelled", "done", null]),
      }),
    );
  }
}

function randomMessage(random: Random, now: number, k: number): Message {
  const receipts = Array.from(
    { length: random.below(5) },
    (): Receipt => ({
      event: random.pick(RECEIPTS),
      at: instant(random, now),
      ...(random.chance(0.3)
        ? { link: random.pick(["https://x.example/a", "https://x.example/b"]) }
        : {}),
      ...(random.chance(0.2) ? { machine: random.chance(0.8) } : {}),
    }),
  );
  return message({
    flow: random.pick(["welcome", "other"]),
    n: k,
    node: random.pick(["hello", "offer"]),
    channel: random.pick(["email", "sms", "letter", "notify"]),
    state: random.pick(["queued", "sent", "cancelled"]),
    receipts,
  });
}

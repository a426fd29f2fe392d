import { expect, test } from "vitest";
import { outboxChannel } from "../../engine/channels/outbox-viewer.ts";
import { outgoing } from "./helpers.ts";

test("the built-in outbox takes every channel's messages at once, however often they come", async () => {
  const outbox = outboxChannel();
  expect(outbox.idempotent).toBe(true);
  for (const channel of outbox.carries) {
    const message = outgoing({}, { channel });
    expect(await outbox.send(message, new AbortController().signal)).toEqual({ state: "sent" });
    expect(await outbox.send(message, new AbortController().signal)).toEqual({ state: "sent" });
  }
  expect(outbox.carries).toEqual(["email", "sms", "whatsapp", "notify", "letter"]);
});

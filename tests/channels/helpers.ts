import type { Outgoing } from "../../engine/channels/channel.ts";
import type { Content } from "../../engine/core/state.ts";

/** A message to Ann; what a test is about is handed in. */
export function outgoing(content: Partial<Content> = {}, rest: Partial<Outgoing> = {}): Outgoing {
  return {
    key: "c1.welcome.1.hello.1",
    providerKey: () => "inst-1.abc",
    messageId: "",
    channel: "email",
    to: "ann@example.com",
    attempt: 1,
    at: Date.parse("2026-03-01T09:00:00Z"),
    content: { subject: "Hello", body: "Hello Ann", format: "text", locale: "en", ...content },
    transactional: false,
    topic: "",
    ...rest,
  };
}

import { describe, expect, test } from "vitest";
import type { FlowDoc } from "../../engine/core/document.ts";
import { explain } from "../../engine/why/explain.ts";
import type { Sentence } from "../../engine/why/sentence.ts";
import { ByHand, DAY, email, flowOf, HOUR, START } from "../live/by-hand.ts";
import { TOLD } from "./journeys.told.ts";

/** Each rule that admits, holds, skips, moves or ends, on the real engine and store: what its sentence says and what it saw. */

const ANN = "ann@x.example";
type Nodes = Parameters<typeof flowOf>[0];
const start: Nodes[number] = ["start", "trigger.manual"];
const mail = (id = "mail", more = {}): Nodes[number] => [
  id,
  "email",
  { ...email("Hi"), label: "Hi", ...more },
];

async function begun(doc: FlowDoc, before?: (live: ByHand) => Promise<unknown>): Promise<ByHand> {
  const live = new ByHand();
  await live.people(ANN);
  await before?.(live);
  await live.publish(doc);
  if (doc.nodes.some(({ type }) => type === "trigger.manual")) await live.enroll("welcome", ANN);
  return live;
}

/** The first sentence about something (at a node, the last of them), in both languages. */
async function said(
  live: ByHand,
  about: Sentence["about"],
  holds: (s: Sentence) => boolean = () => true,
) {
  const find = async (language: "en" | "ar") => {
    const found = await explain(live.store, ANN, "welcome", { language, now: live.now });
    if (!found.ok) throw new Error(found.message.en);
    const { sentences } = found;
    const i = sentences.findIndex((s) => s.about === about && holds(s));
    if (i < 0)
      throw new Error(`nothing about ${about}:\n${sentences.map((s) => s.text).join("\n")}`);
    return sentences[i] as Sentence;
  };
  const [en, ar] = [await find("en"), await find("ar")];
  return { en: en.text, ar: ar.text, next: en.next, facts: en.facts, rule: en.rule };
}
const cap = (over: "skip" | "delay") => ({
  frequencyCap: [{ channel: "email", max: 1, per: "P7D", over }],
});
const reentry = (mode: "once" | "after-exit" | "per-key", more = {}) => ({
  reentry: { mode, ...more },
});

const atSplit = (s: Sentence): boolean => s.node === "ab";
const variants = [
  { id: "a", label: "Short", weight: 3 },
  { id: "b", label: "Long", weight: 1 },
];
const split = (more: object, again?: { mode: "always" }): FlowDoc =>
  flowOf([start, ["ab", "split", { label: "Test", variants, ...more }], mail("a"), mail("b")], {
    edges: ["start ab", "ab/a a", "ab/b b"],
    ...(again ? { settings: { reentry: again } } : {}),
  });
/** So few go first that Ann waits. */
const winner = { winner: { test: 0.001, by: "clicked", after: "P2D", confidence: 0.8 } };

/** Ann waits at the split until the shorter has won among a hundred others. */
async function decided(): Promise<ByHand> {
  const live = await begun(split(winner));
  live.store.splitNumbers = () =>
    Promise.resolve([
      { variant: "a", contacts: 75, hits: 40 },
      { variant: "b", contacts: 25, hits: 2 },
    ]);
  await live.until(START + 2 * DAY);
  return live;
}

const consentDoc = flowOf([start, mail()]);
const CASES: Record<
  string,
  () => Promise<[ByHand, Sentence["about"], ((s: Sentence) => boolean)?]>
> = {
  "no consent": async () => [
    await begun(consentDoc, (live) =>
      live.happen(ANN, { kind: "consent", channel: "email", granted: false, source: "form" }),
    ),
    "message",
  ],
  "no record": async () => [
    await begun(consentDoc, (live) => live.store.setWorkspace({ consent: "denied" }, live.now)),
    "message",
  ],
  topic: async () => [
    await begun(flowOf([start, mail("mail", { topic: "offers" })]), (live) =>
      live.happen(ANN, {
        kind: "consent",
        channel: "email",
        topic: "offers",
        granted: false,
        source: "one-click",
      }),
    ),
    "message",
  ],
  stopped: async () => [
    await begun(flowOf([start, ["mail", "sms", { text: "Hi", label: "Hi" }]]), async (live) => {
      await live.happen(ANN, { kind: "set", fields: { phone: "+966500000001" } });
      await live.happen(ANN, { kind: "inbound", channel: "sms", text: "STOP" });
    }),
    "message",
  ],
  bounced: async () => [
    await begun(flowOf([start, mail(), ["w", "wait", { for: "P1D" }], mail("again")])).then(
      async (live) => {
        await live.happen(ANN, { kind: "receipt", node: "mail", event: "bounced" });
        await live.until(START + 2 * DAY);
        return live;
      },
    ),
    "message",
    (s) => s.node === "again",
  ],
  "cap skip": async () => [
    await begun(flowOf([start, mail("one"), mail()], { settings: cap("skip") })),
    "message",
    (s) => s.node === "mail",
  ],
  "cap delay": async () => [
    await begun(flowOf([start, mail("one"), mail()], { settings: cap("delay") })),
    "waiting",
  ],
  late: async () => {
    const live = await begun(
      flowOf([start, ["w", "wait", { for: "P1D" }], mail()], {
        settings: { late: { after: "PT6H", do: "skip" } },
      }),
    );
    live.asleep(START + 3 * DAY);
    await live.engine.untilIdle();
    return [live, "message"];
  },
  once: async () => {
    const live = await begun(flowOf([start, mail()], { settings: reentry("once") }));
    await live.until(START + DAY);
    await live.enroll("welcome", ANN);
    return [live, "ignored"];
  },
  running: async () => {
    const live = await begun(
      flowOf([start, ["w", "wait", { for: "P9D" }], mail()], { settings: reentry("after-exit") }),
    );
    await live.until(START + DAY);
    await live.enroll("welcome", ANN);
    return [live, "ignored"];
  },
  cooldown: async () => {
    const live = await begun(
      flowOf([start, mail()], { settings: reentry("after-exit", { cooldown: "P30D" }) }),
    );
    await live.until(START + DAY);
    await live.enroll("welcome", ANN);
    return [live, "ignored"];
  },
  "key used": async () => {
    const live = await begun(
      flowOf([["start", "trigger.event", { event: "order", label: "Order" }], mail()], {
        settings: reentry("per-key", { key: "id" }),
      }),
    );
    await live.happen(ANN, { kind: "event", name: "order", data: { id: "A-1" } });
    await live.until(START + HOUR);
    await live.happen(ANN, { kind: "event", name: "order", data: { id: "A-1" } });
    return [live, "ignored"];
  },
  "no key": async () => {
    const live = await begun(
      flowOf([["start", "trigger.event", { event: "order", label: "Order" }], mail()], {
        settings: reentry("per-key", { key: "id" }),
      }),
    );
    await live.happen(ANN, { kind: "event", name: "order", data: {} });
    return [live, "ignored"];
  },
  "consent withdrawn inside": async () => {
    const live = await begun(flowOf([start, ["w", "wait", { for: "P9D", label: "Rest" }], mail()]));
    await live.happen(ANN, {
      kind: "consent",
      channel: "email",
      granted: false,
      source: "one-click",
    });
    return [live, "exited"];
  },
  "goal exit": async () => {
    const live = await begun(
      flowOf([start, ["w", "wait", { for: "P9D", label: "Rest" }], mail()], {
        settings: { goal: { when: { event: "order" }, exit: true } },
      }),
    );
    await live.happen(ANN, { kind: "event", name: "order", data: {} });
    return [live, "goal"];
  },
  "stand-in": async () => {
    const live = await begun(
      flowOf([start, ["old", "wait", { for: "P9D", label: "Old rest" }], mail()]),
    );
    await live.publish(
      flowOf([start, ["fresh", "wait", { for: "P2D", label: "New rest" }], mail()]),
      { migrate: true, move: { old: "fresh" } },
    );
    await live.engine.untilIdle();
    return [live, "migrated"];
  },
  recomputed: async () => {
    const live = await begun(flowOf([start, ["w", "wait", { for: "P9D", label: "Rest" }], mail()]));
    await live.until(START + DAY);
    await live.publish(flowOf([start, ["w", "wait", { for: "P2D", label: "Rest" }], mail()]), {
      migrate: true,
    });
    await live.engine.untilIdle();
    return [live, "waiting", (s) => s.at !== START];
  },
  reply: async () => {
    const live = await begun(
      flowOf([start, ["w", "wait", { for: "P9D", label: "Rest" }], mail()], {
        settings: { onReply: { do: "pause", resume: "P3D" } },
      }),
    );
    await live.happen(ANN, { kind: "inbound", channel: "sms", text: "hello" });
    return [live, "paused"];
  },
  "late to the window": async () => {
    const settings = {
      sendWindow: { from: "08:00", to: "18:00" },
      late: { after: "PT6H", do: "window" as const },
    };
    const live = await begun(flowOf([start, ["w", "wait", { for: "P1D" }], mail()], { settings }));
    live.asleep(START + 3 * DAY);
    await live.engine.untilIdle();
    return [live, "waiting", (s) => s.node === "mail"];
  },
  "told to leave": async () => {
    const live = await begun(
      flowOf([start, ["old", "wait", { for: "P9D", label: "Old rest" }], mail()]),
    );
    await live.publish(flowOf([start, mail()]), { migrate: true, move: { old: "leave" } });
    await live.engine.untilIdle();
    return [live, "exited"];
  },
  share: async () => [await begun(split({})), "step", atSplit],
  holdout: async () => [await begun(split({ holdout: 100 })), "step", atSplit],
  "waits for the winner": async () => [await begun(split(winner)), "waiting", atSplit],
  "waits for the winner now": async () => [await begun(split(winner)), "now"],
  decided: async () => [await decided(), "decided"],
  "takes the winner": async () => [await decided(), "step", atSplit],
  "drawn before": async () => {
    const live = await begun(split({}, { mode: "always" }));
    await live.until(START + DAY);
    await live.enroll("welcome", ANN);
    return [live, "step", (s) => atSplit(s) && s.at === START + DAY];
  },
  resumed: async () => {
    const live = await begun(
      flowOf([start, ["w", "wait", { for: "P9D", label: "Rest" }], mail()], {
        settings: { onReply: { do: "pause", resume: "P3D" } },
      }),
    );
    await live.happen(ANN, { kind: "inbound", channel: "sms", text: "hello" });
    await live.until(START + 4 * DAY);
    return [live, "resumed"];
  },
};

describe("every rule that admits, holds, skips, moves or ends somebody is told with what it saw and when it goes on", () => {
  test.each(Object.keys(CASES))("%s", async (name) => {
    const { rule: _, ...told } = await said(...((await CASES[name]?.()) ?? [new ByHand(), "now"]));
    expect(told).toEqual(TOLD[name]);
  });
});

import { describe, expect, test } from "vitest";
import type { FlowDoc } from "../../engine/core/document.ts";
import { explain, explanationJson } from "../../engine/why/explain.ts";
import { ByHand, DAY, email, flowOf, HOUR, START } from "../live/by-hand.ts";

const ANN = "ann@x.example";

async function told(live: ByHand, flow = "welcome", contact = ANN, language: "en" | "ar" = "en") {
  const found = await explain(live.store, contact, flow, { language, now: live.now });
  if (!found.ok) throw new Error(found.message.en);
  return found.sentences;
}
/** What has not happened, and where things stand. */
const open = async (live: ByHand): Promise<string[]> =>
  (await told(live)).filter((s) => s.at === null).map((s) => s.text);

async function world(doc: FlowDoc): Promise<ByHand> {
  const live = new ByHand();
  await live.people(ANN);
  await live.publish(doc);
  return live;
}

const branches = flowOf(
  [
    ["start", "trigger.manual"],
    ["vip", "condition", { rule: { tag: "vip" }, label: "VIP?" }],
    ["gold", "email", { ...email("Gold"), label: "Gold" }],
    ["pause", "wait", { for: "P3D", label: "Rest" }],
    ["plain", "email", { ...email("Plain"), label: "Plain" }],
  ],
  {
    edges: ["start vip", "vip/yes gold", "vip/no pause", "pause plain"],
    settings: { exitWhen: { tag: "client" } },
  },
);

describe("someone who is inside", () => {
  test("is told where they stand, what comes when, and which message lies on a way they didn't take", async () => {
    const live = await world(branches);
    await live.enroll("welcome", ANN);
    expect((await told(live)).map((s) => [s.about, s.node])).toEqual([
      ["entered", "start"],
      ["step", "start"],
      ["step", "vip"],
      ["waiting", "pause"],
      ["now", "pause"],
      ["not-sent", "gold"],
      ["not-yet", "plain"],
    ]);
    expect(await open(live)).toEqual([
      "Now: waits at “Rest” since Mon, 2 Mar 2026, 09:00, until Thu, 5 Mar 2026, 09:00.",
      "The message “Gold” (email) was not sent: at “VIP?” they went by “No”, and it lies on another way.",
      "The message “Plain” (email) has not been reached: the contact waits at “Rest” until Thu, 5 Mar 2026, 09:00.",
    ]);
    expect((await told(live)).at(-1)?.next).toBe(START + 3 * DAY);
  });

  test("is told that their time zone isn't one, and whose counts", async () => {
    const live = await world(branches);
    await live.enroll("welcome", ANN);
    await live.happen(ANN, { kind: "set", fields: { timezone: "Mars/Base" } });
    expect((await open(live))[0]).toBe(
      "The contact's time zone “Mars/Base” isn't one, so the workspace's counts: UTC.",
    );
    const [, , , , arabic] = await told(live, "welcome", ANN, "ar");
    expect(arabic?.text).toContain("«Mars/Base» لجهة الاتصال غير معروفة");
  });

  test("is told that a message ahead would be skipped as things are", async () => {
    const live = await world(branches);
    await live.enroll("welcome", ANN);
    await live.happen(ANN, { kind: "set", fields: { email: null, phone: "+966500000001" } });
    const found = await explain(live.store, "+966500000001", "welcome", {
      language: "en",
      now: live.now,
    });
    expect(found.ok && found.sentences.at(-1)?.text).toMatch(
      /As things are, it would be skipped: there was no address to send to\.$/,
    );
  });

  test("is told that the run ended before a message, and by which rule", async () => {
    const live = await world(branches);
    await live.enroll("welcome", ANN);
    await live.happen(ANN, { kind: "tag", add: "client" });
    const sentences = await told(live);
    expect(sentences.find((s) => s.about === "exited")).toMatchObject({
      text: "Left the flow at “Rest”: the flow's exit rule came true: tagged “client” (seen: tag “client”: yes).",
      rule: "/settings/exitWhen",
      facts: { "tag:client": true },
    });
    expect(sentences.at(-1)?.text).toBe(
      "The message “Plain” (email) was not sent: the run ended before it, because the flow's exit rule came true.",
    );
  });

  test("is told of a pause of the whole flow", async () => {
    const live = await world(branches);
    await live.enroll("welcome", ANN);
    await live.store.pauseFlow("welcome", live.now);
    expect(await open(live)).toContain(
      "The flow is paused, so nobody in it goes on until it is resumed.",
    );
  });

  test("is told what a held message waits for", async () => {
    const doc = flowOf(
      [
        ["start", "trigger.manual"],
        ["mail", "email", { ...email("Hi"), label: "Hi" }],
      ],
      { settings: { sendWindow: { from: "20:00", to: "21:00" } } },
    );
    const live = await world(doc);
    await live.enroll("welcome", ANN);
    expect(await open(live)).toEqual([
      "Now: waits at “Hi” since Mon, 2 Mar 2026, 09:00, with its message until the send window opens (20:00–21:00), on Mon, 2 Mar 2026, 20:00.",
      "The message “Hi” (email) is next: the contact is held with its message until the send window opens (20:00–21:00), on Mon, 2 Mar 2026, 20:00.",
    ]);
  });

  test("is told what the rule that is waited for sees now", async () => {
    const doc = flowOf([
      ["start", "trigger.manual"],
      ["paid", "wait-for", { rule: { event: "paid", count: 2 }, timeout: "P3D", label: "Paid?" }],
    ]);
    const live = await world(doc);
    await live.enroll("welcome", ANN);
    await live.until(START + HOUR);
    await live.happen(ANN, { kind: "event", name: "paid", data: {} });
    expect((await open(live))[0]).toBe(
      "Now: waits at “Paid?” since Mon, 2 Mar 2026, 09:00, until paid happened at least 2 times, but no longer than until Thu, 5 Mar 2026, 09:00 (seen: event paid: once).",
    );
  });

  test("names in each line the version that it was written in", async () => {
    const live = await world(branches);
    await live.enroll("welcome", ANN);
    const renamed = structuredClone(branches);
    for (const node of renamed.nodes)
      if (node.id === "pause") node.data = { for: "P3D", label: "Break" };
    await live.publish(renamed, { migrate: true });
    await live.engine.untilIdle();
    const texts = (await told(live)).map((s) => s.text);
    expect(texts).toContain("Waits at “Rest” until Thu, 5 Mar 2026, 09:00.");
    expect(texts).toContain(
      "A new version was published: moved from version 1 to version 2, at “Break”.",
    );
  });
});

describe("someone who never entered", () => {
  const trigger = (type: string, data: Record<string, unknown>, settings = {}) =>
    flowOf(
      [
        ["start", type, { ...data, label: "Start" }],
        ["mail", "email", email("Hi")],
      ],
      { settings },
    );
  test.each<[string, Record<string, unknown>, string]>([
    ["trigger.manual", {}, "“Start”: nobody has added them by hand."],
    ["trigger.tag", { tag: "lead", on: "added" }, "“Start”: they do not have the tag “lead”."],
    [
      "trigger.tag",
      { tag: "old", on: "removed" },
      "“Start”: the tag “old” was not taken off while the flow listened.",
    ],
    ["trigger.event", { event: "paid" }, "“Start”: the event paid has not happened."],
    ["trigger.webhook", {}, "“Start”: no webhook call about them has come."],
    [
      "trigger.created",
      { where: { field: "city", op: "=", value: "Riyadh" } },
      "“Start”: its rule does not hold: city is “Riyadh” (seen: city: empty).",
    ],
    [
      "trigger.field",
      { field: "city" },
      "“Start”: the field city has not changed since the flow was published.",
    ],
    ["trigger.date", { field: "birthday" }, "“Start”: the field birthday holds no date."],
    [
      "trigger.message",
      { channel: "sms", keywords: ["offer"] },
      "“Start”: no message by SMS with “offer” has come at a time when it counts.",
    ],
    [
      "trigger.idle",
      { for: "P30D" },
      "“Start”: it needs a silence of 30 days, and the last touch was on Mon, 2 Mar 2026, 09:00. The next moment is Wed, 1 Apr 2026, 09:00.",
    ],
    [
      "trigger.schedule",
      { cron: "0 9 1 * *", audience: { tag: "vip" } },
      "“Start”: they are not in its audience: tagged “vip” (seen: tag “vip”: no). The next moment is Wed, 1 Apr 2026, 09:00.",
    ],
  ])("is told why %s %o did not fire", async (type, data, sentence) => {
    const live = await world(trigger(type, data));
    expect(await open(live)).toEqual(["They have never entered this flow.", sentence]);
    const arabic = (await told(live, "welcome", ANN, "ar")).map((s) => s.text);
    expect(arabic).toHaveLength(2);
    for (const text of arabic) expect(text).toMatch(/\p{Script=Arabic}.*\.$/u);
  });

  test("is told that they are not in the segment, and what its rule sees", async () => {
    const live = new ByHand();
    await live.people(ANN);
    await live.store.saveSegment("buyers", { event: "paid" }, live.now);
    await live.publish(trigger("trigger.segment", { segment: "buyers", on: "entered" }));
    expect((await open(live))[1]).toBe(
      "“Start”: they are not in the segment “buyers”: paid happened (seen: event paid: never).",
    );
  });

  test("is told which segment let them in, and what its rule saw", async () => {
    for (const [on, set, sentence] of [
      [
        "entered",
        "Riyadh",
        "Entered the flow through “Start”, because in segment “local” (seen: segment “local”: yes; city: “Riyadh”), in version 1.",
      ],
      [
        "left",
        "Jeddah",
        "Entered the flow through “Start”, because not in segment “local” (seen: segment “local”: no; city: “Jeddah”), in version 1.",
      ],
    ] as const) {
      const live = new ByHand();
      await live.people(ANN);
      await live.store.saveSegment("local", { field: "city", op: "=", value: "Riyadh" }, live.now);
      await live.publish(trigger("trigger.segment", { segment: "local", on }));
      await live.happen(ANN, { kind: "set", fields: { city: "Riyadh" } });
      await live.happen(ANN, { kind: "set", fields: { city: set } });
      const [entered] = await told(live);
      expect(entered).toMatchObject({
        about: "entered",
        text: sentence,
        rule: "/nodes/0/data/segment",
        facts: { "segment:local": on === "entered", "field:city": set },
      });
    }
  });

  test("is told the next moment of a date", async () => {
    const live = new ByHand();
    await live.people(ANN);
    await live.happen(ANN, { kind: "set", fields: { birthday: "1990-05-20" } });
    await live.publish(trigger("trigger.date", { field: "birthday", at: "09:00" }));
    expect((await open(live))[1]).toBe(
      "“Start”: the field birthday is “1990-05-20”, and its moment is still ahead. The next moment is Wed, 20 May 2026, 09:00.",
    );
  });

  test("is told that the exit rule and a missing consent would stop them too", async () => {
    const live = await world(trigger("trigger.manual", {}, { exitWhen: { tag: "client" } }));
    await live.happen(ANN, { kind: "tag", add: "client" });
    await live.happen(ANN, { kind: "consent", channel: "email", granted: false });
    expect((await open(live)).slice(2)).toEqual([
      "They would not be let in now: the exit rule holds: tagged “client” (seen: tag “client”: yes).",
      "If they entered now, its messages by email would be skipped: there was no consent to be messaged there.",
    ]);
  });

  test("is told why a trigger that fired did not let them in", async () => {
    const live = await world(
      trigger("trigger.tag", { tag: "lead", on: "added" }, { exitWhen: { tag: "client" } }),
    );
    await live.happen(ANN, { kind: "tag", add: "client" });
    await live.happen(ANN, { kind: "tag", add: "lead" });
    expect((await told(live))[0]).toMatchObject({
      about: "ignored",
      text: "“Start” would have started the flow, but they did not enter: the flow's exit rule already held: tagged “client” (seen: tag “client”: yes).",
    });
  });

  test("is told that a draft lets nobody in", async () => {
    const live = new ByHand();
    await live.people(ANN);
    await live.store.saveDraft(branches, START);
    expect(await open(live)).toEqual([
      "The flow has not been published, so nobody can enter it: a draft never runs.",
    ]);
  });
});

describe("someone whose message waits", () => {
  const held = async (workspace: Parameters<ByHand["store"]["setWorkspace"]>[0]) => {
    const live = new ByHand();
    await live.people(ANN);
    await live.store.setWorkspace(workspace, live.now);
    await live.publish(
      flowOf(
        [
          ["start", "trigger.manual"],
          ["hello", "email", { ...email("Hello"), label: "Hello" }],
        ],
        { settings: { hours: "observe" } },
      ),
    );
    await live.enroll("welcome", ANN);
    const waits = async (language: "en" | "ar") =>
      (await told(live, "welcome", ANN, language))
        .filter((s) => s.about === "waiting" || s.about === "now")
        .map((s) => s.text);
    return { en: await waits("en"), ar: await waits("ar") };
  };

  test("for a holiday is told which one, in both languages", async () => {
    const said = await held({
      holidays: [{ date: "03-02", days: 2, name: { en: "Founding Day", ar: "يوم التأسيس" } }],
    });
    expect(said.en).toEqual([
      "Waits at “Hello” with its message until the holiday is over (Founding Day, 2026-03-02), on Wed, 4 Mar 2026, 09:00.",
      "Now: waits at “Hello” since Mon, 2 Mar 2026, 09:00, with its message until the holiday is over (Founding Day, 2026-03-02), on Wed, 4 Mar 2026, 09:00.",
    ]);
    expect(said.ar[0]).toMatch(
      /^تنتظر عند «Hello» مع رسالتها حتى تنقضي العطلة \(يوم التأسيس، 2026-03-02\)، في /,
    );
  });

  test("for the hours of the workspace is told which hours they are", async () => {
    const said = await held({ hours: { from: "10:00", to: "16:00" }, weekend: ["fri", "sat"] });
    expect(said.en[0]).toBe(
      "Waits at “Hello” with its message until the hours of the workspace begin (10:00–16:00, Sun–Thu), on Mon, 2 Mar 2026, 10:00.",
    );
    expect(said.ar[0]).toContain("حتى تبدأ ساعات العمل (من 10:00 إلى 16:00، الأحد–الخميس)، في ");
  });
});

describe("what isn't there", () => {
  test("an unknown contact or flow is one sentence in both languages", async () => {
    const live = await world(branches);
    const asked = { language: "en" as const, now: START };
    expect(await explain(live.store, "nobody@x.example", "welcome", asked)).toEqual({
      ok: false,
      unknown: "contact",
      message: {
        en: "There is no contact “nobody@x.example”.",
        ar: "لا توجد جهة اتصال «nobody@x.example».",
      },
    });
    expect(await explain(live.store, ANN, "nothing", asked)).toMatchObject({
      ok: false,
      unknown: "flow",
    });
  });

  test("an erased contact is told apart, and names nobody", async () => {
    const live = await world(branches);
    await live.enroll("welcome", ANN);
    const id = await live.id(ANN);
    await live.happen(ANN, { kind: "erase" });
    const sentences = await told(live, "welcome", id);
    expect(sentences.at(-1)?.text).toMatch(/^This contact was erased/);
    expect(JSON.stringify(sentences)).not.toContain("ann@");
  });
});

test("as JSON its moments are ISO 8601 in UTC", async () => {
  const live = await world(branches);
  await live.enroll("welcome", ANN);
  const found = await explain(live.store, ANN, "welcome", { language: "en", now: live.now });
  if (!found.ok) throw new Error("not found");
  const json = explanationJson(found) as { timezone: string; sentences: Record<string, unknown>[] };
  expect(json.timezone).toBe("UTC");
  expect(json.sentences.find((s) => s.about === "waiting")).toMatchObject({
    at: "2026-03-02T09:00:00Z",
    enrollment: 1,
    node: "pause",
    next: "2026-03-05T09:00:00Z",
  });
});

import { afterEach, describe, expect, test } from "vitest";
import type { Rule } from "../../nodes/index.ts";
import { ByHand, DAY, flowOf, HOUR, START } from "./by-hand.ts";

const ANN = "ann@x.example";
const BOB = "bob@x.example";
let live = new ByHand();

/** Two flows that listen to `who`: `came` and `went`. */
const came = flowOf([["came", "trigger.segment", { segment: "who", on: "entered" }]], {
  id: "came",
  settings: { reentry: { mode: "always" } },
});
const went = flowOf([["went", "trigger.segment", { segment: "who", on: "left" }]], {
  id: "went",
  settings: { reentry: { mode: "always" } },
});

async function begin(...segments: [name: string, rule: Rule][]): Promise<void> {
  live = new ByHand();
  for (const [name, rule] of segments) await live.store.saveSegment(name, rule, live.now);
}

async function listen(): Promise<void> {
  await live.publish(came);
  await live.publish(went);
}

const save = (name: string, rule: Rule) => live.store.saveSegment(name, rule, live.now);
const tag = (email: string, name: string) => live.happen(email, { kind: "tag", add: name });
const untag = (email: string, name: string) => live.happen(email, { kind: "tag", remove: name });

/** Who came and went, in the order of time. */
async function moves(): Promise<string[]> {
  await live.engine.untilIdle();
  return (await live.lines())
    .filter((line) => line.kind === "entered")
    .map((line) => `${line.contact} ${line.flow} ${line.at.slice(5, 13)}`);
}

afterEach(() => live.store.close());

describe("publishing a flow that listens to a segment", () => {
  test("takes who is in it as the baseline, without a turn of anybody", async () => {
    await begin(["who", { tag: "vip" }]);
    await live.people(ANN, BOB);
    await tag(ANN, "vip");
    await listen();
    const { ticked } = await live.engine.untilIdle();
    expect(ticked.contacts).toBe(0);
    await tag(ANN, "other");
    await untag(ANN, "vip");
    live.now += HOUR;
    await tag(ANN, "vip");
    await tag(BOB, "vip");
    expect(await moves()).toEqual([
      `${ANN} went 03-02T09`,
      `${ANN} came 03-02T10`,
      `${BOB} came 03-02T10`,
    ]);
  });

  test("sees who comes and goes by time alone, also before anything has happened to them", async () => {
    await begin(["who", { field: "created_at", op: "within-last", value: "P7D" }]);
    await live.people(ANN);
    live.now += 2 * DAY;
    await listen();
    await live.people(BOB);
    expect(await moves()).toEqual([]);
    await live.until(START + 20 * DAY);
    expect(await moves()).toEqual([`${ANN} went 03-09T09`, `${BOB} went 03-11T09`]);
  });

  test("forgets nobody whose moment comes while the program is down", async () => {
    await begin(["who", { not: { event: "paid", since: "P7D" } }]);
    await live.people(ANN, BOB);
    await live.happen(ANN, { kind: "event", name: "paid", data: {} });
    await listen();
    live.asleep(START + 30 * DAY);
    expect(await moves()).toEqual([`${ANN} came 04-01T09`]);
  });

  test("looks at nobody whom time can't move", async () => {
    await begin(["who", { field: "created_at", op: "within-last", value: "P7D" }]);
    await live.people(ANN);
    live.now += 30 * DAY;
    await live.people(BOB);
    await listen();
    const { ticked } = await live.engine.untilIdle();
    expect(ticked.contacts).toBe(1);
  });

  test("again, or with another flow, doesn't forget what has yet to be looked at", async () => {
    await begin(["who", { tag: "vip" }]);
    await live.people(ANN);
    await listen();
    const contact = await live.id(ANN);
    const input = { kind: "tag", add: "vip", at: live.now, id: "t" } as const;
    await live.store.addInputs([{ contact, input }]);
    await live.publish(came);
    expect(await moves()).toEqual([`${ANN} came 03-02T09`]);
  });

  test("after nobody has listened for a while, the baseline is who is in it then", async () => {
    await begin(["who", { tag: "vip" }]);
    await live.people(ANN);
    await listen();
    const deaf = flowOf([["start", "trigger.manual"]], { id: "came" });
    await live.publish(deaf);
    await live.publish({ ...deaf, id: "went" });
    await tag(ANN, "vip");
    await listen();
    await tag(ANN, "other");
    await untag(ANN, "vip");
    expect(await moves()).toEqual([`${ANN} went 03-02T09`]);
  });
});

describe("a segment that means something else while a flow listens to it", () => {
  test("is entered and left by nobody through that alone", async () => {
    await begin(["who", { tag: "vip" }]);
    await live.people(ANN, BOB);
    await listen();
    await tag(ANN, "vip");
    await tag(BOB, "lead");
    await save("who", { tag: "lead" });
    await live.happen(ANN, { kind: "set", fields: { city: "Jeddah" } });
    await untag(ANN, "vip");
    await tag(BOB, "vip");
    expect(await moves()).toEqual([`${ANN} came 03-02T09`]);
    live.now += HOUR;
    await untag(BOB, "lead");
    await tag(ANN, "lead");
    expect((await moves()).slice(1)).toEqual([`${ANN} came 03-02T10`, `${BOB} went 03-02T10`]);
  });

  test("even where the change of the contact arrived before, and is looked at after", async () => {
    await begin(["who", { tag: "vip" }]);
    await live.people(ANN);
    await listen();
    const input = { kind: "tag", add: "lead", at: live.now, id: "t" } as const;
    await live.store.addInputs([{ contact: await live.id(ANN), input }]);
    await save("who", { tag: "lead" });
    // She wasn't tagged yet when the segment changed, as far as anybody had looked.
    expect(await moves()).toEqual([`${ANN} came 03-02T09`]);
  });

  test("through a segment that it is made of, or the zone of the workspace", async () => {
    await begin(["inner", { tag: "vip" }], ["who", { all: [{ segment: "inner" }] }]);
    await live.people(ANN);
    await tag(ANN, "lead");
    await listen();
    await save("inner", { tag: "lead" });
    await tag(ANN, "other");
    expect(await moves()).toEqual([]);
    await save("who", { field: "day", op: "within-last", value: "P1D" });
    await live.happen(ANN, { kind: "set", fields: { day: "2026-03-02T20:30" } });
    // In Riyadh it is 12:00, in Auckland 22:00: the moment has come without anybody's coming.
    await live.store.setWorkspace({ timezone: "Pacific/Auckland" }, live.now);
    expect(await moves()).toEqual([]);
    await live.until(START + 2 * DAY);
    expect(await moves()).toEqual([`${ANN} went 03-03T07`]);
  });

  test("to one that time moves has those looked at whom it may move", async () => {
    await begin(["who", { tag: "vip" }]);
    await live.people(ANN);
    await listen();
    live.now += DAY;
    await save("who", { field: "created_at", op: "within-last", value: "P7D" });
    await live.until(START + 20 * DAY);
    expect(await moves()).toEqual([`${ANN} went 03-09T09`]);
  });
});

describe("an import while a flow listens to a segment", () => {
  const row = (email: string, tags: string[], id: string | null = null) => ({
    id,
    fields: { email },
    tags,
    consent: null,
    created: live.now - DAY,
    source: "import",
  });

  test("that is silent puts nobody through an entry, new or known; leaving counts", async () => {
    await begin(["who", { tag: "vip" }]);
    await live.people(ANN);
    await listen();
    await live.store.writeContacts(
      [row(ANN, ["vip"], await live.id(ANN)), row(BOB, ["vip"])],
      live.now,
      false,
    );
    await tag(ANN, "other");
    await tag(BOB, "other");
    expect(await moves()).toEqual([]);
    await untag(BOB, "vip");
    expect(await moves()).toEqual([`${BOB} went 03-02T09`]);
  });

  test("that fires has the new ones enter, also when a later row makes them so", async () => {
    await begin(["who", { tag: "vip" }]);
    await listen();
    await live.store.writeContacts([row(ANN, ["vip"]), row(BOB, [])], live.now, true);
    await live.store.writeContacts([row(BOB, ["vip"], await live.id(BOB))], live.now, true);
    expect((await moves()).sort()).toEqual([`${ANN} came 03-02T09`, `${BOB} came 03-02T09`]);
  });
});

import { describe, expect, test } from "vitest";
import { forgetOld, RETENTION, RetentionError } from "../engine/retention.ts";
import { ByHand, DAY, email, flowOf, START } from "./live/by-hand.ts";

const doc = flowOf([
  ["start", "trigger.manual"],
  ["hello", "email", email("Hello")],
  ["pause", "wait", { for: "P60D" }],
  ["bye", "email", email("Bye")],
]);

/** Ann is through after 60 days, Bob came 50 days later and is still inside. */
async function lived(): Promise<ByHand> {
  const live = new ByHand();
  await live.people("ann@x.example", "bob@x.example");
  await live.publish(doc);
  await live.enroll("welcome", "ann@x.example");
  await live.until(START + 50 * DAY);
  await live.enroll("welcome", "bob@x.example");
  await live.until(START + 100 * DAY);
  return live;
}

describe("how long the journal is kept", () => {
  test("for ever, unless a setting says otherwise", async () => {
    const live = await lived();
    const lines = await live.lines();
    expect(await forgetOld(live.store, live.now)).toBe(0);
    expect(await live.lines()).toEqual(lines);
  });

  test("older lines of runs that have ended go, and the sums stay as they were", async () => {
    const live = await lived();
    const [counts, lines] = [await live.store.flowCounts("welcome"), await live.lines()];
    await live.store.setSetting(RETENTION, "P45D");
    expect(await forgetOld(live.store, live.now)).toBeGreaterThan(0);
    const kept = await live.lines();
    const limit = START + 55 * DAY;
    expect(kept).toEqual(
      lines.filter((l) => l.contact === "bob@x.example" || Date.parse(l.at) >= limit),
    );
    expect(kept.some((l) => l.contact === "ann@x.example")).toBe(true);
    expect(await live.store.flowCounts("welcome")).toEqual(counts);
    expect(await forgetOld(live.store, live.now)).toBe(0);
  });

  test("the lines of someone who is still inside stay, so that it stays told why they stand there", async () => {
    const live = await lived();
    await live.store.setSetting(RETENTION, "P1D");
    await forgetOld(live.store, live.now);
    expect(await live.story("ann@x.example")).toEqual([]);
    expect((await live.story("bob@x.example"))[0]).toBe("entered start");
    await live.until(START + 120 * DAY);
    await forgetOld(live.store, live.now);
    expect(await live.story("bob@x.example")).toEqual([]);
    expect(await live.store.flowCounts("welcome")).toMatchObject({
      entered: 2,
      completed: 2,
      active: 0,
    });
  });

  test("what is deleted changes nothing about who may enter again", async () => {
    const live = await lived();
    await live.store.setSetting(RETENTION, "P1D");
    await forgetOld(live.store, live.now);
    await live.enroll("welcome", "ann@x.example");
    expect(await live.story("ann@x.example")).toEqual(["ignored start already-entered"]);
  });

  test("much is deleted in many small transactions", async () => {
    const live = await lived();
    expect(await live.store.forgetLines(live.now, 1)).toBe(1);
    expect(await live.store.forgetLines(live.now, 1)).toBe(1);
  });

  test.each(["soon", "-P1D", "P0D", "PT0S"])(
    "a setting of “%s” is refused and deletes nothing",
    async (value) => {
      const live = await lived();
      const lines = await live.lines();
      await live.store.setSetting(RETENTION, value);
      await expect(forgetOld(live.store, live.now)).rejects.toThrow(RetentionError);
      expect(await live.lines()).toEqual(lines);
    },
  );
});

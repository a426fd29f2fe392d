import { describe, expect, test } from "vitest";
import { Jobs, type Outcome, type Progress } from "../engine/jobs.ts";
import { openSqlite } from "../engine/store/sqlite/store.ts";
import type { Store } from "../engine/store/store.ts";

const NOW = Date.UTC(2026, 2, 2, 9);

/** Jobs on a store in memory, and work that goes on when the test says so. */
function setup(store: Store = openSqlite(":memory:", { now: NOW })) {
  const clock = { now: NOW };
  const warnings: string[] = [];
  const jobs = new Jobs({
    store,
    clock: () => clock.now,
    warn: (message) => warnings.push(message),
  });
  return { store, clock, warnings, jobs };
}

/** Work whose end and progress are in the test's hands. */
function byHand() {
  let tell: (progress: Progress) => void = () => undefined;
  let end: (outcome: Outcome | Error) => void = () => undefined;
  const outcome = new Promise<Outcome>((done, fail) => {
    end = (how) => (how instanceof Error ? fail(how) : done(how));
  });
  return {
    work: (told: (progress: Progress) => void, signal: AbortSignal): Promise<Outcome> => {
      tell = told;
      signal.addEventListener("abort", () => end(new Error("given up")));
      return outcome;
    },
    tell: (progress: Progress) => tell(progress),
    end: (how: Outcome | Error) => end(how),
  };
}

const import1 = { id: "j1", kind: "import", name: "a.csv", total: 10 };

describe("a job", () => {
  test("tells its progress as it goes, and what came of it, in this process and the next", async () => {
    const { store, jobs } = setup();
    const hand = byHand();
    const begun = await jobs.start(import1, hand.work);
    expect(begun).toMatchObject({
      state: "running",
      name: "a.csv",
      progress: { done: 0, total: 10 },
    });
    const change = jobs.change("j1");
    hand.tell({ done: 4, total: 10 });
    await change;
    expect(await jobs.get("j1")).toMatchObject({ progress: { done: 4 } });
    const end = jobs.change("j1");
    hand.end({ ok: true, result: { rows: 10 } });
    await end;
    expect(await jobs.get("j1")).toMatchObject({
      state: "done",
      result: { rows: 10 },
      problem: null,
    });
    expect(await setup(store).jobs.get("j1")).toEqual(await jobs.get("j1"));
    expect(jobs.change("j1")).toBeNull();
  });

  test("that fails says why, and what nobody expected is told to the operator alone", async () => {
    const { jobs, warnings } = setup();
    const [expected, unexpected] = [byHand(), byHand()];
    await jobs.start(import1, expected.work);
    await jobs.start({ ...import1, id: "j2" }, unexpected.work);
    const ended = Promise.all([jobs.change("j1"), jobs.change("j2")]);
    expected.end({ ok: false, problem: { en: "No file.", ar: "لا ملف." } });
    unexpected.end(new Error("the disk is on fire"));
    await ended;
    expect(await jobs.get("j1")).toMatchObject({ state: "failed", problem: { en: "No file." } });
    expect(JSON.stringify(await jobs.get("j2"))).not.toContain("fire");
    expect(warnings).toEqual(["job j2: the disk is on fire"]);
  });

  test("can be cancelled, once", async () => {
    const { jobs, warnings } = setup();
    await jobs.start(import1, byHand().work);
    const end = jobs.change("j1");
    expect(jobs.cancel("j1")).toBe(true);
    await end;
    expect(await jobs.get("j1")).toMatchObject({ state: "cancelled", problem: null });
    expect(jobs.cancel("j1")).toBe(false);
    expect(warnings).toEqual([]);
  });

  test("is interrupted when the program stops, and when its process was lost", async () => {
    const { store, jobs } = setup();
    await jobs.start(import1, byHand().work);
    const other = setup(store);
    other.clock.now = NOW + 29_000;
    expect(await other.jobs.get("j1")).toMatchObject({ state: "running" });
    other.clock.now = NOW + 31_000;
    expect(await other.jobs.get("j1")).toMatchObject({ state: "interrupted" });
    expect(await other.jobs.list({ limit: 5 })).toMatchObject([{ state: "interrupted" }]);
    await jobs.stop();
    expect(await jobs.get("j1")).toMatchObject({ state: "interrupted" });
  });

  test("waits for no more than three others", async () => {
    const { jobs } = setup();
    const hands = [1, 2, 3, 4].map(() => byHand());
    for (const [i, hand] of hands.entries()) {
      expect(jobs.isFull).toBe(false);
      await jobs.start({ ...import1, id: `j${i}` }, hand.work);
    }
    expect(jobs.isFull).toBe(true);
    const end = jobs.change("j0");
    hands[0]?.end({ ok: true, result: {} });
    await end;
    expect(jobs.isFull).toBe(false);
    await jobs.stop();
  });
});

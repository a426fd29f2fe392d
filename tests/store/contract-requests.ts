import { expect, test } from "vitest";
import type { Open } from "./contract.ts";
import { DAY, T0 } from "./make.ts";

const MINUTE = 60_000;
const asked = { key: "k", fingerprint: "f", now: T0, lease: 5 * MINUTE, life: 2 * DAY };

export function requestsContract(open: Open): void {
  test("of two requests with one key at once only one is to be done", async () => {
    const store = await open();
    const begun = await Promise.all([1, 2, 3].map(() => store.beginRequest(asked)));
    expect(begun.map(({ is }) => is).sort()).toEqual(["new", "running", "running"]);
    expect(await store.beginRequest({ ...asked, key: "another" })).toEqual({ is: "new" });
  });

  test("one that has ended is answered again, as long as it is kept", async () => {
    const store = await open();
    await store.beginRequest(asked);
    await store.endRequest("k", T0, "the answer");
    const later = { ...asked, now: T0 + 2 * DAY - 1 };
    expect(await store.beginRequest(later)).toEqual({ is: "answered", answer: "the answer" });
    expect(await store.beginRequest({ ...asked, now: T0 + 2 * DAY })).toEqual({ is: "new" });
  });

  test("another request with the key is told apart, under way or ended", async () => {
    const store = await open();
    await store.beginRequest(asked);
    const other = { ...asked, fingerprint: "g" };
    expect(await store.beginRequest(other)).toEqual({ is: "other" });
    await store.endRequest("k", T0, "the answer");
    expect(await store.beginRequest(other)).toEqual({ is: "other" });
  });

  test("one that was let go, or given up by whoever did it, may be done again", async () => {
    const store = await open();
    await store.beginRequest(asked);
    await store.endRequest("k", T0, null);
    expect(await store.beginRequest(asked)).toEqual({ is: "new" });
    const again = { ...asked, now: T0 + 5 * MINUTE };
    expect(await store.beginRequest({ ...again, now: again.now - 1 })).toEqual({ is: "running" });
    expect(await store.beginRequest(again)).toEqual({ is: "new" });
    await store.endRequest("k", T0, "too late to count");
    expect(await store.beginRequest(again)).toEqual({ is: "running" });
  });

  test("old ones are deleted, some at a time", async () => {
    const store = await open();
    for (const key of ["a", "b", "c"]) await store.beginRequest({ ...asked, key });
    await store.beginRequest({ ...asked, key: "d", now: T0 + 1 });
    expect(await store.forgetRequests(T0 + 1, 2)).toBe(2);
    expect(await store.forgetRequests(T0 + 1, 2)).toBe(1);
    expect(await store.beginRequest({ ...asked, key: "d", now: T0 + 1 })).toEqual({
      is: "running",
    });
  });
}

import { expect, test } from "vitest";
import { LiveCounts } from "../../engine/http/live.ts";
import type { FlowCounts } from "../../engine/store/store.ts";
import { MAIL, Site } from "./site.ts";

/** The next figures that a stream tells. */
async function next(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<FlowCounts> {
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error("the stream ended");
    text += new TextDecoder().decode(value);
    const [, data] = /event: counts\ndata: (.*)\n/.exec(text) ?? [];
    if (data !== undefined) return JSON.parse(data) as FlowCounts;
  }
}

test("figures come at once, and again when something has changed", async () => {
  const site = new Site();
  await site.person({ email: "ann@x.example" });
  await site.publish(MAIL);
  const response = await site.request("/api/flows/mail/stream");
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  const reader = response.body?.getReader();
  if (!reader) throw new Error("no stream");
  expect(await next(reader)).toMatchObject({ entered: 0, nodes: {} });
  await site.send("POST", "/api/flows/mail/enrollments", { all: true });
  await site.work();
  expect(await next(reader)).toMatchObject({
    entered: 1,
    nodes: { start: { passed: { next: 1 } }, step: { messages: { sent: 1 } } },
  });
  await reader.cancel();
  expect((await site.request("/api/flows/none/stream")).status).toBe(404);
});

test("one look serves all who follow, tells each what changed, and stops with the last", async () => {
  const counts = (passed: number): FlowCounts => ({
    ...{ entered: passed, active: 0, completed: 0, exited: 0, failed: 0, goals: {} },
    nodes: {
      still: { here: {}, passed: { next: 1 }, messages: {} },
      moving: { here: {}, passed: { next: passed }, messages: {} },
    },
  });
  let [looks, passed] = [0, 0];
  const store = {
    flowCounts: async () => {
      looks++;
      return counts(passed);
    },
  };
  const live = new LiveCounts(store as never, 5);
  const told: string[][] = [[], []];
  const follow = (who: number) =>
    live.follow("f", ({ nodes }) => void told[who]?.push(Object.keys(nodes).join("+")));
  const stops = await Promise.all([follow(0), follow(1)]);
  passed = 1;
  await expect.poll(() => told.map((all) => all.at(-1))).toEqual(["moving", "moving"]);
  expect(told[0]).toEqual(["still+moving", "moving"]);
  stops[0]?.();
  stops[0]?.();
  passed = 2;
  await expect.poll(() => told[1]?.length).toBe(3);
  expect(told[0]).toHaveLength(2);
  stops[1]?.();
  const before = looks;
  await new Promise((done) => setTimeout(done, 25));
  expect(looks).toBe(before);
});

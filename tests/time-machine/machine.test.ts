import { afterEach, expect, test } from "vitest";
import type { FlowDoc } from "../../engine/core/document.ts";
import { plainWorkspace } from "../../engine/simulate/workspace.ts";
import { MachineBusy, type Run, TimeMachine } from "../../engine/time-machine/machine.ts";
import type { Plan } from "../../engine/time-machine/plan.ts";
import { flow } from "../core/journey.ts";

const FROM = Date.UTC(2026, 0, 5);
const DAY = 86_400_000;
const doc: FlowDoc = flow([
  ["start", "trigger.manual"],
  ["rest", "wait", { for: "P1D" }],
  ["mail", "email", { subject: "Hello", body: "Text" }],
]);
const planOf = (count: number, more: Partial<Plan> = {}): Plan => ({
  doc,
  ...{ params: {}, others: [], workspace: plainWorkspace(), from: FROM, until: FROM + 30 * DAY },
  people: { count, zones: [], languages: ["en"], tags: [], consent: 100 },
  entry: { how: "hand", over: 0 },
  does: {
    ...{ opens: 0, clicks: 0, replies: 0, bounces: 0, optsOut: 0 },
    ...{ rates: 0, answers: 0, declines: 0, finishes: 0 },
  },
  happens: [],
  ...more,
});

const machines: TimeMachine[] = [];
afterEach(() => {
  for (const machine of machines.splice(0)) machine.close();
});
function machineOf(options: ConstructorParameters<typeof TimeMachine>[0] = {}): TimeMachine {
  const machine = new TimeMachine(options);
  machines.push(machine);
  return machine;
}
const ended = (machine: TimeMachine, run: Run): Promise<Run> =>
  new Promise((done) => {
    const look = (): void => {
      if (run.state !== "waiting" && run.state !== "running") done(run);
    };
    machine.watch(run.id, look);
    look();
  });

test("a simulation runs beside the program, and answers about single people afterwards", async () => {
  const machine = machineOf();
  const run = machine.start("a", planOf(30), null);
  expect(run.state).toBe("running");
  expect(await machine.list("a", { after: 0, limit: 5 })).toBeNull();
  await ended(machine, run);
  expect(run).toMatchObject({ state: "done", fault: null, at: FROM + 30 * DAY });
  expect(run.report).toMatchObject({ people: 30, stopped: null, ends: { completed: 30 } });
  const list = await machine.list("a", { after: 0, limit: 2, search: "person3" });
  expect(list).toMatchObject({ total: 2, next: null });
  expect(list?.rows.map(({ key }) => key)).toEqual(["person3@example.com", "person30@example.com"]);
  const page = await machine.list("a", { after: 0, limit: 2, node: "mail" });
  expect(page).toMatchObject({ total: 30, next: 2 });
  const story = await machine.story("a", 2, "en");
  expect(story?.messages).toMatchObject([
    { node: "mail", at: FROM + DAY, to: "person3@example.com" },
  ]);
  expect((await machine.story("a", 999, "en"))?.sentences).toEqual([]);
});

test("one runs at a time, the next begins when it ends, and one that is stopped leaves nothing", async () => {
  const machine = machineOf();
  const [first, second] = [
    machine.start("a", planOf(5_000), null),
    machine.start("b", planOf(3), null),
  ];
  expect([first.state, second.state]).toEqual(["running", "waiting"]);
  machine.cancel("a");
  expect([first.state, second.state]).toEqual(["cancelled", "running"]);
  await ended(machine, second);
  expect(second.state).toBe("done");
  expect(await machine.story("a", 0, "en")).toBeNull();
});

test("what was asked for longest ago goes when there is no room, and what runs never does", async () => {
  const machine = machineOf({ keep: 2 });
  for (const id of ["a", "b", "c"]) await ended(machine, machine.start(id, planOf(2), null));
  expect(["a", "b", "c"].map((id) => machine.get(id)?.state ?? null)).toEqual([
    null,
    "done",
    "done",
  ]);
  machine.start("d", planOf(2_000), null);
  machine.start("e", planOf(2), null);
  expect(() => machine.start("f", planOf(2), null)).toThrow(MachineBusy);
});

test("a flow that can't be lived through is told as a failure, and the next goes on", async () => {
  const failed: Run[] = [];
  const machine = machineOf({ failed: (run) => failed.push(run) });
  const broken = { ...doc, nodes: [{ ...doc.nodes[0], type: "none" }] } as FlowDoc;
  const run = await ended(machine, machine.start("a", planOf(2, { doc: broken }), null));
  expect(run).toMatchObject({ state: "failed", report: null });
  expect(run.fault).toContain("none");
  expect(failed).toEqual([run]);
  expect((await ended(machine, machine.start("b", planOf(2), null))).state).toBe("done");
});

test("people who can't be read fail it", async () => {
  const machine = machineOf();
  // biome-ignore lint/correctness/useYield: it fails before there is anything to yield
  const reader = async function* (): AsyncIterable<never> {
    throw new Error("the disk is gone");
  };
  const run = await ended(machine, machine.start("a", planOf(0, { people: null }), reader));
  expect(run).toMatchObject({ state: "failed", fault: "the disk is gone" });
});

test("one that takes too long ends early with what it has", async () => {
  const machine = machineOf({ seconds: 0 });
  const run = await ended(machine, machine.start("a", planOf(10_000), null));
  expect(run.report).toMatchObject({ stopped: "time" });
  expect(run.report?.end).toBeLessThan(FROM + 30 * DAY);
});

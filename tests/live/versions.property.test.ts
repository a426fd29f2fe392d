import fc from "fast-check";
import { expect, test } from "vitest";
import type { FlowDoc } from "../../engine/core/document.ts";
import { PublishRefused } from "../../engine/store/store.ts";
import { ByHand, DAY, email, flowOf, HOUR, START } from "./by-hand.ts";

type Placed = [id: string, type: string, data: Record<string, unknown>];
type Kind = "wait" | "email" | "wait-for" | "call" | "survey" | "condition" | "tag";
const KINDS: Kind[] = ["wait", "email", "wait-for", "call", "survey", "condition", "tag"];
const WHO = ["ann", "bob", "cem", "dua", "eli"].map((name) => `${name}@x.example`);

/** A node of a kind; `n` varies what it waits for. */
function placed(id: string, kind: Kind, n: number): Placed {
  const timeout = `P${1 + (n % 4)}D`;
  switch (kind) {
    case "wait":
      return [id, kind, n % 3 === 0 ? { until: { time: "18:00" } } : { for: `PT${6 + 7 * n}H` }];
    case "email":
      return [id, kind, email(`${id}-${n}`)];
    case "wait-for":
      return [id, kind, { rule: { tag: `t${n % 3}` }, timeout }];
    case "call":
      return [id, kind, { script: "Hello", timeout }];
    case "survey":
      return [id, kind, { kind: "csat", question: "Well?", channel: "email", timeout }];
    case "condition":
      return [id, kind, { rule: { tag: `t${n % 3}` } }];
    case "tag":
      return [id, kind, { add: [{ tag: `t${n % 3}` }] }];
  }
}

/** Every output leads to the next node of the list, so that every flow is sound and nobody goes round. */
const OUTPUTS: Record<string, string[]> = {
  wait: ["next"],
  email: ["next"],
  tag: ["next"],
  "wait-for": ["matched", "timeout"],
  call: ["answered", "no-answer", "not-interested", "timeout"],
  survey: ["satisfied", "unsatisfied", "timeout"],
  condition: ["yes", "no"],
  "trigger.manual": ["next"],
};

function docOf(nodes: Placed[], window: boolean): FlowDoc {
  const all: Placed[] = [["start", "trigger.manual", {}], ...nodes];
  const edges = all.flatMap(([id, type], i) => {
    const next = all[i + 1]?.[0];
    return next === undefined
      ? []
      : (OUTPUTS[type] ?? []).map((output) => `${id}/${output} ${next}`);
  });
  const settings = window ? { sendWindow: { from: "10:00", to: "16:00" } } : {};
  return flowOf(all, { edges, settings });
}

const node = fc.tuple(fc.constantFrom(...KINDS), fc.nat(8));
const edit = fc.oneof(
  fc.record({ do: fc.constant("retype" as const), at: fc.nat(9), node }),
  fc.record({ do: fc.constant("remove" as const), at: fc.nat(9) }),
  fc.record({ do: fc.constant("insert" as const), at: fc.nat(9), node }),
  fc.record({ do: fc.constant("swap" as const), at: fc.nat(9) }),
);
const round = fc.record({
  edits: fc.array(edit, { minLength: 1, maxLength: 3 }),
  how: fc.constantFrom("continue" as const, "move" as const, "leave" as const),
  target: fc.nat(9),
  hours: fc.nat(60),
  window: fc.boolean(),
  happens: fc.array(
    fc.record({
      who: fc.nat(4),
      what: fc.constantFrom("tag" as const, "answer" as const, "score" as const, "reply" as const),
      n: fc.nat(2),
    }),
    { maxLength: 3 },
  ),
});

let made = 0;
function edited(
  nodes: Placed[],
  edits: (typeof edit extends fc.Arbitrary<infer E> ? E : never)[],
): Placed[] {
  const list = [...nodes];
  for (const one of edits) {
    const at = list.length === 0 ? 0 : one.at % list.length;
    const here = list[at];
    if (one.do === "insert") list.splice(at, 0, placed(`n${++made}`, ...one.node));
    else if (one.do === "remove" && list.length > 1) list.splice(at, 1);
    else if (one.do === "retype" && here) list[at] = placed(here[0], ...one.node);
    else if (one.do === "swap" && here) {
      list.splice(at, 1);
      list.splice(at + 1, 0, here);
    }
  }
  return list;
}

async function happen(
  live: ByHand,
  { who, what, n }: { who: number; what: string; n: number },
): Promise<void> {
  const key = WHO[who] ?? "";
  if (what === "tag") return live.happen(key, { kind: "tag", add: `t${n}` });
  if (what === "reply")
    return live.happen(key, { kind: "inbound", channel: "email", text: "hello" });
  const run = await live.run(key, "welcome");
  if (run.node === null) return;
  if (what === "answer" && run.waiting === "task") {
    return live.happen(key, { kind: "task", node: run.node, outcome: "answered" });
  }
  if (what === "score" && run.waiting === "reply") {
    return live.happen(key, { kind: "survey", node: run.node, score: 5 });
  }
}

/** Publishes; who stands on a removed node goes where the round says. Refused first, with exactly those nodes. */
async function publish(live: ByHand, doc: FlowDoc, how: string, target: number): Promise<void> {
  if (how === "continue") return void (await live.publish(doc));
  const ids = new Set(doc.nodes.map((n) => n.id));
  const standing = new Map<string, number>();
  for (const key of WHO) {
    const { state, node } = await live.run(key, "welcome");
    const isGone = node !== null && !ids.has(node) && (state === "active" || state === "paused");
    if (isGone) standing.set(node, (standing.get(node) ?? 0) + 1);
  }
  if (standing.size > 0) {
    const error = await live.publish(doc, { migrate: true }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(PublishRefused);
    expect((error as PublishRefused).nodes).toEqual(Object.fromEntries(standing));
  }
  const to = how === "leave" ? "leave" : (doc.nodes[target % doc.nodes.length]?.id ?? "leave");
  const move = Object.fromEntries([...standing.keys()].map((id) => [id, to]));
  await live.publish(doc, { migrate: true, move });
}

/** Where the journal alone says that a person is: read anew, without the engine's code. */
function placeOf(
  lines: Record<string, unknown>[],
  docs: Map<number, FlowDoc>,
): { state: string; node: unknown; version: unknown } {
  let [state, node, version]: [string, unknown, unknown] = ["nowhere", null, null];
  for (const line of lines) {
    version = line.version;
    if (line.kind === "entered") [state, node] = ["active", line.trigger];
    else if (line.kind === "waiting" || line.kind === "migrated") node = line.node;
    else if (line.kind === "paused") state = "paused";
    else if (line.kind === "resumed") state = "active";
    else if (line.kind === "completed" || line.kind === "exited" || line.kind === "failed")
      state = line.kind;
    else if (line.kind === "step" && typeof line.version === "number") {
      const edges = docs.get(line.version)?.edges ?? [];
      const edge = edges.find(
        (e) => e.source === line.node && (e.sourceHandle ?? "next") === line.output,
      );
      node = edge?.target ?? line.node;
    }
  }
  return { state, node, version };
}

async function check(live: ByHand, docs: Map<number, FlowDoc>): Promise<void> {
  const all = await live.lines();
  for (const key of WHO) {
    const own = all.filter((l) => l.contact === key);
    expect(own.filter((l) => l.kind === "entered")).toHaveLength(1);
    const run = await live.run(key, "welcome");
    const told = placeOf(own, docs);
    const isOpen = run.state === "active" || run.state === "paused";
    expect(told.state, key).toBe(run.state);
    if (isOpen) expect([told.node, told.version], key).toEqual([run.node, run.version]);
    if (isOpen && run.state === "active")
      expect(run.until !== null || run.waiting === "task" || run.waiting === "rule").toBe(true);
    const messages = await live.store.messages({ contact: await live.id(key), limit: 1000 });
    expect(new Set(messages.map((m) => m.key)).size).toBe(messages.length);
    const sent = own.filter((l) => l.kind === "message" && l.state === "sent");
    expect(sent).toHaveLength(messages.filter((m) => m.message.state === "sent").length);
    const open = (
      await live.store.tasks({ contact: await live.id(key), open: true, limit: 99 })
    ).map((t) => t.node);
    expect(open).toEqual(isOpen && run.waiting === "task" ? [run.node] : []);
  }
  expect(live.warnings).toEqual([]);
  await checkStanding(live);
}

/** The sums say of every node what a count of the runs says. */
async function checkStanding({ store }: ByHand): Promise<void> {
  const counted: Record<string, number> = {};
  for (const { node, state } of await store.enrollments({ flow: "welcome", limit: 99 })) {
    if (node === null || !["active", "paused", "failed"].includes(state)) continue;
    counted[`${node} ${state}`] = (counted[`${node} ${state}`] ?? 0) + 1;
  }
  const { nodes } = await store.flowCounts("welcome");
  const summed = Object.entries(nodes).flatMap(([node, { here }]) =>
    Object.entries(here).map(([state, n]): [string, number] => [`${node} ${state}`, n]),
  );
  expect(Object.fromEntries(summed)).toEqual(counted);
}

test("nobody is lost, moved unseen or messaged twice, whatever is published while people are inside", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(node, { minLength: 2, maxLength: 5 }),
      fc.array(round, { minLength: 1, maxLength: 4 }),
      async (first, rounds) => {
        made = 0;
        const live = new ByHand();
        let nodes = first.map(([kind, n]) => placed(`n${++made}`, kind, n));
        const docs = new Map([[1, docOf(nodes, false)]]);
        await live.people(...WHO);
        await live.publish(docs.get(1) as FlowDoc);
        for (const [i, key] of WHO.entries()) {
          await live.until(START + i * 5 * HOUR);
          await live.enroll("welcome", key);
        }
        for (const { edits, how, target, hours, window, happens } of rounds) {
          nodes = edited(nodes, edits);
          const doc = docOf(nodes, window);
          docs.set(docs.size + 1, doc);
          await publish(live, doc, how, target);
          await live.engine.untilIdle();
          await check(live, docs);
          for (const one of happens) await happen(live, one);
          await live.until(live.now + hours * HOUR);
          await check(live, docs);
        }
        await live.until(live.now + 200 * DAY);
        await check(live, docs);
        await live.store.close();
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 40), seed: Number(process.env.SEED ?? 7) },
  );
}, 120_000);

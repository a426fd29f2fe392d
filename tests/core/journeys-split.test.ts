import { describe, expect, test } from "vitest";
import { email, flow, type Placed, rows, run, start, wait } from "./journey.ts";

const people = (n: number) => Array.from({ length: n }, (_, i) => `p${i}@x.example`);
const split = (data: Record<string, unknown>): Placed => ["s", "split", data];
const ab = [
  { id: "a", weight: 1 },
  { id: "b", weight: 3 },
];
const sides = (told: ReturnType<typeof run>) =>
  new Map(
    told.lines.filter((l) => l.kind === "step" && l.node === "s").map((l) => [l.contact, l.output]),
  );
const share = (drawn: Map<unknown, unknown>, side: string) =>
  [...drawn.values()].filter((s) => s === side).length;

describe("a split", () => {
  test("shares follow the weights, the holdout drawn first", () => {
    const drawn = sides(
      run({ flow: flow([start, split({ variants: ab, holdout: 20 })]), contacts: people(5000) }),
    );
    expect(drawn.size).toBe(5000);
    expect(Math.abs(share(drawn, "holdout") - 1000)).toBeLessThan(100);
    expect(Math.abs(share(drawn, "a") - 1000)).toBeLessThan(100);
    expect(Math.abs(share(drawn, "b") - 3000)).toBeLessThan(120);
  });

  test("the same contact gets the same side, whatever the order and who else is there", () => {
    const doc = flow([start, split({ variants: ab, holdout: 20 })]);
    const all = sides(run({ flow: doc, contacts: people(300) }));
    const some = sides(run({ flow: doc, contacts: people(300).reverse().slice(0, 120) }));
    for (const [contact, side] of some) expect(side).toBe(all.get(contact));
  });

  test("a drawn variant is stored: coming again doesn't draw again, even at changed weights in between", () => {
    const doc = flow([["start", "trigger.event", { event: "go" }], split({ variants: ab })], {
      settings: { reentry: { mode: "always" } },
    });
    const told = run({
      flow: doc,
      contacts: people(40),
      events: people(40).flatMap((contact) => [
        { contact, at: "2026-01-06T08:00:00Z", event: "go" },
        { contact, at: "2026-01-07T08:00:00Z", event: "go" },
      ]),
    });
    const of = (n: number) =>
      told.lines
        .filter((l) => l.node === "s" && l.enrollment === n)
        .map((l) => [l.contact, l.output]);
    expect(of(2)).toEqual(of(1));
  });
});

describe("a winner", () => {
  const test10 = (by: string) =>
    flow(
      [
        start,
        split({
          variants: [
            { id: "a", weight: 1 },
            { id: "b", weight: 1 },
          ],
          winner: { test: 40, by, after: "P2D" },
        }),
        email("ma"),
        email("mb"),
        email("both"),
      ],
      {
        edges: ["start > s", "s:a > ma > both", "s:b > mb > both"],
      },
    );

  /** Everybody's steps without clicks, to know who is in the test and on which side. */
  const tested = (doc: ReturnType<typeof flow>, contacts: string[]) => {
    const drawn = sides(run({ flow: doc, contacts, until: "2026-01-06T00:00:00Z" }));
    return (side: string) =>
      [...drawn].filter(([, s]) => s === side).map(([contact]) => contact as string);
  };

  test("the test group goes first, the others wait; the better variant binds them and those who come later", () => {
    const doc = test10("clicked");
    const contacts = people(200);
    const of = tested(doc, contacts);
    expect(of("a").length + of("b").length).toBeGreaterThan(50);
    const told = run({
      flow: doc,
      contacts: [
        ...contacts.map((email) => ({ email })),
        { email: "late@x.example", created_at: "2026-01-09T00:00:00Z" },
      ],
      events: of("b").map((contact) => ({
        contact,
        at: "2026-01-06T08:00:00Z",
        message: { node: "mb", event: "clicked" },
      })),
    });
    const waiting = rows(told, "waiting");
    expect(waiting).toHaveLength(200 - of("a").length - of("b").length);
    expect(new Set(waiting)).toEqual(new Set(["01-05T00:00 s waiting winner null"]));
    const [decided] = told.lines.filter((l) => l.kind === "decided");
    expect(decided).toEqual({
      at: "2026-01-07T00:00:00Z",
      contact: null,
      flow: "f",
      version: 1,
      enrollment: null,
      kind: "decided",
      node: "s",
      winner: "b",
      by: "clicked",
      numbers: [
        { variant: "a", contacts: of("a").length, hits: 0 },
        { variant: "b", contacts: of("b").length, hits: of("b").length },
      ],
    });
    const later = told.lines.filter(
      (l) => l.kind === "step" && l.node === "s" && l.at >= "2026-01-07",
    );
    expect(later).toHaveLength(waiting.length + 1);
    expect(new Set(later.map((l) => l.output))).toEqual(new Set(["b"]));
    expect(new Set(later.slice(0, -1).map((l) => l.at))).toEqual(new Set(["2026-01-07T00:00:00Z"]));
  });

  test("when nothing tells them apart it is undecided, and the shares stay", () => {
    const told = run({ flow: test10("clicked"), contacts: people(400) });
    expect(rows(told, "decided")).toEqual(["01-07T00:00 s decided undecided"]);
    const drawn = sides(told);
    expect(drawn.size).toBe(400);
    expect(Math.abs(share(drawn, "a") - 200)).toBeLessThan(40);
  });

  test("opens by machines, and what happens after the branches meet again, decide nothing", () => {
    const contacts = people(200);
    for (const [by, event] of [
      ["opened", { node: "mb", event: "opened", machine: true }],
      ["clicked", { node: "both", event: "clicked" }],
    ] as const) {
      const doc = test10(by);
      const of = tested(doc, contacts);
      const told = run({
        flow: doc,
        contacts,
        events: of("b").map((contact) => ({ contact, at: "2026-01-06T08:00:00Z", message: event })),
      });
      expect(rows(told, "decided")).toEqual(["01-07T00:00 s decided undecided"]);
    }
  });

  test("by goal: the conversions of those who took the variant", () => {
    const doc = { ...test10("goal"), settings: { goal: { when: { event: "order.placed" } } } };
    const contacts = people(200);
    const of = tested(doc, contacts);
    const told = run({
      flow: doc,
      contacts,
      events: of("a").map((contact) => ({
        contact,
        at: "2026-01-06T08:00:00Z",
        event: "order.placed",
      })),
    });
    expect(rows(told, "decided")).toEqual(["01-07T00:00 s decided a"]);
  });

  test("a run that leaves while it waits is not bound", () => {
    const doc = { ...test10("clicked"), settings: { exitWhen: { tag: "client" } } };
    const contacts = people(50);
    const told = run({
      flow: doc,
      contacts,
      events: contacts.map((contact) => ({
        contact,
        at: "2026-01-06T00:00:00Z",
        addTag: "client",
      })),
    });
    expect(told.lines.filter((l) => l.at > "2026-01-06T00:00:00Z").map((l) => l.kind)).toEqual([
      "decided",
    ]);
  });
});

test("the order of the contacts in the file changes no byte", () => {
  const doc = flow(
    [
      start,
      split({ variants: ab, winner: { test: 50, by: "clicked", after: "P1D" } }),
      wait("w", "P1D"),
      email("m"),
    ],
    {
      edges: ["start > s", "s:a > w > m", "s:b > m"],
    },
  );
  const forth = run({ flow: doc, contacts: people(60) });
  const back = run({ flow: doc, contacts: people(60).reverse() });
  expect(back.text).toBe(forth.text);
  expect(run({ flow: doc, contacts: people(60) }).text).toBe(forth.text);
});

import { describe, expect, test } from "vitest";
import type { FlowDoc } from "../../engine/core/document.ts";
import type { ContactState } from "../../engine/core/state.ts";
import { plainWorkspace } from "../../engine/simulate/workspace.ts";
import { framesOf, type Sparse } from "../../engine/time-machine/frames.ts";
import { madeUp } from "../../engine/time-machine/made-up.ts";
import type { Plan } from "../../engine/time-machine/plan.ts";
import { Span } from "../../engine/time-machine/span.ts";
import newLead from "../../flows/new-lead.json" with { type: "json" };
import { flow, type Placed } from "../core/journey.ts";

const FROM = Date.UTC(2026, 0, 5);
const DAY = 86_400_000;
const NOTHING = {
  ...{ opens: 0, clicks: 0, replies: 0, bounces: 0, optsOut: 0 },
  ...{ rates: 0, answers: 0, declines: 0, finishes: 0 },
};
const LIVELY = {
  ...{ opens: 40, clicks: 10, replies: 3, bounces: 2, optsOut: 1 },
  ...{ rates: 30, answers: 60, declines: 10, finishes: 90 },
};
const people = {
  count: 60,
  zones: ["Asia/Riyadh"],
  languages: ["ar", "en"],
  tags: [],
  consent: 90,
};

const planOf = (doc: FlowDoc, more: Partial<Plan> = {}): Plan => ({
  doc,
  params: {},
  others: [],
  workspace: { ...plainWorkspace(), timezone: "Asia/Riyadh" },
  from: FROM,
  until: FROM + 60 * DAY,
  people,
  entry: { how: "hand", over: 7 },
  does: LIVELY,
  happens: [],
  ...more,
});
const lived = (plan: Plan, states: ContactState[] = []) => new Span(plan, states).run(() => null);
const total = (sparse: Sparse = []): number =>
  sparse.reduce((sum, n, i) => sum + (i % 2 ? n : 0), 0);
/** Quotation marks inside others change to the second pair. */
const bare = (text: string): string => text.replace(/[“”‘’«»]/g, "");
const nodes = (...list: Placed[]): FlowDoc => flow([["start", "trigger.manual"], ...list]);
const MAIL: Placed = ["mail", "email", { subject: "Hello {{contact.first_name}}", body: "Text" }];

describe("a simulated span", () => {
  const doc = newLead as unknown as FlowDoc;

  test("gives the same figures for the same input, and the people of a smaller crowd are those of a larger", () => {
    const { figures } = lived(planOf(doc));
    expect(lived(planOf(doc)).figures).toEqual(figures);
    const few = lived(planOf(doc, { people: { ...people, count: 10 } }));
    const many = lived(planOf(doc)).people.slice(0, 10);
    expect(few.people.map(({ sent, kept }) => [sent, kept])).toEqual(
      many.map(({ sent, kept }) => [sent, kept]),
    );
  });

  test("counts who stands at a node as those who came less those who went", () => {
    const { figures } = lived(planOf(doc, { until: FROM + 5 * DAY }));
    expect(total(figures.entered)).toBe(Object.values(figures.ends).reduce((a, b) => a + b, 0));
    const here = Object.values(figures.nodes).reduce((sum, node) => sum + total(node.here), 0);
    expect(here).toBe((figures.ends.active ?? 0) + (figures.ends.paused ?? 0));
    expect(here).toBeGreaterThan(0);
  });

  test("tells one person's story as it went among all", () => {
    const span = new Span(planOf(doc), []);
    const { people: all } = span.run(() => null);
    for (const [place, person] of all.slice(0, 12).entries()) {
      const { key, sentences, messages } = span.story(place, "en");
      expect(key).toBe(person.state.contact.fields.email);
      expect(messages).toHaveLength(person.sent);
      const told = sentences.filter((s) => s.message !== undefined);
      expect(told).toHaveLength(person.sent);
      for (const { text, message = -1 } of told)
        expect(bare(text)).toContain(bare(messages[message]?.content.subject ?? "?"));
    }
    expect(span.story(0, "ar").sentences[0]?.text).toContain("دخلت الخطة");
  });

  test("draws reactions in the shares that were asked for", () => {
    const plan = planOf(nodes(MAIL, ["rest", "wait", { for: "P30D" }]), {
      people: { ...people, count: 2_000, consent: 100 },
      does: { ...NOTHING, opens: 40, clicks: 10, replies: 3 },
    });
    const { figures } = lived(plan);
    expect(total(figures.sent.email)).toBe(2_000);
    expect(figures.receipts.opened).toBeGreaterThan(720);
    expect(figures.receipts.opened).toBeLessThan(880);
    expect(figures.receipts.clicked).toBeGreaterThan(150);
    expect(figures.receipts.clicked).toBeLessThan(250);
    expect(figures.receipts.replied).toBeGreaterThan(30);
    expect(figures.receipts.replied).toBeLessThan(95);
    expect(figures.receipts.bounced).toBeUndefined();
  });

  test("says of every message that was kept back why, and of how many people", () => {
    const plan = planOf(nodes(MAIL), { people: { ...people, count: 200, consent: 50 } });
    const { figures, people: all } = lived(plan);
    const [group] = figures.groups.filter(({ about }) => about === "skipped");
    expect(group).toMatchObject({ reason: "no-consent", node: "mail" });
    expect(group?.people).toBe(200 - total(figures.sent.email));
    const place = figures.groups.indexOf(group as NonNullable<typeof group>);
    expect(all.filter(({ groups }) => groups.has(place))).toHaveLength(group?.people ?? -1);
  });

  test("ends where it is told to, and says why", () => {
    const entry = { how: "hand", over: 0 } as const;
    const plan = planOf(doc, { people: { ...people, count: 600 }, entry });
    const { end, stopped, figures } = new Span(plan, []).run(() => "time");
    expect(stopped).toBe("time");
    expect(end).toBeLessThan(plan.until);
    expect(total(figures.entered)).toBeGreaterThan(0);
  });
});

describe("how people come in", () => {
  test("by hand they enter whatever starts the flow, evenly over the days", () => {
    const doc = flow([["start", "trigger.tag", { tag: "lead", on: "added" }], MAIL]);
    const { figures } = lived(planOf(doc, { does: NOTHING }));
    expect(total(figures.entered)).toBe(60);
    expect(figures.entered.length / 2).toBeGreaterThan(5);
  });

  test("by triggers alone nobody enters unless something happens to them", () => {
    const doc = flow([["start", "trigger.event", { event: "order.placed" }], MAIL]);
    const triggers = { how: "triggers", over: 0 } as const;
    expect(lived(planOf(doc, { entry: triggers })).figures.entered).toEqual([]);
    const happens = [{ event: "order.placed", share: 50, data: { amount: 5 } }];
    const { figures } = lived(planOf(doc, { entry: triggers, happens }));
    expect(total(figures.entered)).toBeGreaterThan(15);
    expect(total(figures.entered)).toBeLessThan(45);
  });

  test("by triggers made-up people come to be, so that what is new about them starts flows", () => {
    const doc = flow([["start", "trigger.tag", { tag: "lead", on: "added" }], MAIL]);
    const tagged = { ...people, tags: [{ tag: "lead", share: 100 }] };
    const { figures } = lived(planOf(doc, { people: tagged, entry: { how: "triggers", over: 3 } }));
    expect(total(figures.entered)).toBe(60);
  });
});

describe("real people", () => {
  const state = (email: string, more: Partial<ContactState> = {}): ContactState => ({
    contact: {
      ...{ id: `id-${email}`, seed: email, created: FROM - 100 * DAY },
      fields: { email, first_name: "Ann" },
      ...{ fieldsSet: {}, tags: {}, consents: [], stopped: [], suppressed: {}, erased: false },
    },
    ...{ events: [], messages: [], tasks: [], runs: [], drawn: {}, fired: {}, members: {} },
    ...more,
  });

  test("bring their state with them, and it stays as it was", () => {
    const ann = state("ann@x.example");
    ann.contact.stopped = ["email"];
    ann.contact.tags = { vip: { since: FROM - DAY, expires: null } };
    const bob = state("bob@x.example");
    const before = structuredClone([ann, bob]);
    const doc = flow(
      [
        ["start", "trigger.manual"],
        ["is", "condition", { rule: { tag: "vip" } }],
        MAIL,
        ["other", "email", MAIL[2]],
      ],
      { edges: ["start > is", "is:yes > mail", "is:no > other"] },
    );
    const span = new Span(planOf(doc, { people: null, does: NOTHING }), [ann, bob]);
    const { figures } = span.run(() => null);
    expect(figures.nodes.mail?.messages).toEqual({ skipped: 1 });
    expect(figures.nodes.other?.messages).toEqual({ sent: 1 });
    expect(span.story(1, "en").messages).toMatchObject([{ content: { subject: "Hello Ann" } }]);
    expect([ann, bob]).toEqual(before);
  });

  test("take the variants that were drawn for them before", () => {
    const doc = flow(
      [
        ["start", "trigger.manual"],
        [
          "ab",
          "split",
          {
            variants: [
              { id: "a", weight: 50 },
              { id: "b", weight: 50 },
            ],
          },
        ],
        ["one", "tag", { add: [{ tag: "one" }] }],
        ["two", "tag", { add: [{ tag: "two" }] }],
      ],
      { edges: ["start > ab", "ab:a > one", "ab:b > two"] },
    );
    const all = Array.from({ length: 20 }, (_, i) =>
      state(`p${i}@x.example`, { drawn: { "f/ab": "b" } }),
    );
    const { figures } = lived(planOf(doc, { people: null }), all);
    expect(total(figures.nodes.ab?.passed.b)).toBe(20);
  });
});

describe("a split with a winner", () => {
  test("goes for one person as all of them decided it", () => {
    const doc = flow(
      [
        ["start", "trigger.manual"],
        [
          "ab",
          "split",
          {
            variants: [
              { id: "a", weight: 50 },
              { id: "b", weight: 50 },
            ],
            winner: { by: "clicked", test: 40, after: "P3D" },
          },
        ],
        ["one", "email", { subject: "One", body: "Text" }],
        ["two", "email", { subject: "Two", body: "Text" }],
      ],
      { edges: ["start > ab", "ab:a > one", "ab:b > two"] },
    );
    const span = new Span(planOf(doc, { entry: { how: "hand", over: 0 } }), []);
    const { people: all, decided } = span.run(() => null);
    expect(decided).toHaveLength(1);
    const places = all.map((_, place) => place).slice(0, 25);
    const variants = places.map((place) => all[place]?.state.drawn["f/ab"]);
    const subjects = places.map((place) => span.story(place, "en").messages.map((m) => m.node));
    expect(subjects).toEqual(
      places.map((place) => (all[place]?.sent ? [variants[place] === "a" ? "one" : "two"] : [])),
    );
  });
});

describe("made-up people", () => {
  test("are the same for the same description, with shares near what was asked for", () => {
    const described = { ...people, count: 1_000, tags: [{ tag: "vip", share: 20 }], consent: 90 };
    const made = madeUp(described, { how: "hand", over: 0 }, FROM);
    expect(madeUp(described, { how: "hand", over: 0 }, FROM)).toEqual(made);
    const among = (fits: (row: (typeof made)[number]) => boolean) => made.filter(fits).length;
    expect(among((row) => row.tags.includes("vip"))).toBeGreaterThan(160);
    expect(among((row) => row.tags.includes("vip"))).toBeLessThan(240);
    expect(among((row) => row.fields.locale === "ar")).toBeGreaterThan(430);
    expect(among((row) => row.consent?.length === 0)).toBeLessThan(140);
    expect(made.every((row) => String(row.fields.email).endsWith("@example.com"))).toBe(true);
  });
});

describe("frames", () => {
  test("are the days of the zone, across a change of its clocks too", () => {
    const from = Date.parse("2026-03-27T10:00:00Z");
    const frames = framesOf(from, from + 4 * DAY, "Europe/Berlin");
    expect(frames.map((at) => new Date(at).toISOString().slice(5, 16))).toEqual([
      ...["03-27T10:00", "03-27T23:00", "03-28T23:00", "03-29T22:00", "03-30T22:00"],
    ]);
  });

  test("are hours in a short span", () => {
    expect(framesOf(FROM + 60_000, FROM + 2 * 3_600_000, "UTC")).toEqual([
      FROM + 60_000,
      FROM + 3_600_000,
    ]);
  });
});

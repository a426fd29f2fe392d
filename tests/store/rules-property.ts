import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { evaluate } from "../../engine/core/rules.ts";
import type { ContactState, Workspace } from "../../engine/core/state.ts";
import type { DialectName } from "../../engine/store/dialects.ts";
import { flipsToSql } from "../../engine/store/flips-sql.ts";
import type { Sql } from "../../engine/store/sql.ts";
import type { Store } from "../../engine/store/store.ts";
import type { Rule } from "../../nodes/index.ts";
import { person, work } from "./make.ts";
import { rng } from "./random.ts";
import { randomContact } from "./random-contact.ts";
import { forgetSegments, nameSegment, randomRule } from "./random-rule.ts";

/** Moments next to clock changes, ends of months and leap days, where calendars are hardest. */
const MOMENTS: [zone: string, now: string][] = [
  ["Asia/Riyadh", "2026-03-01T09:00:00Z"],
  ["America/New_York", "2026-03-08T07:30:00Z"],
  ["America/New_York", "2026-11-01T05:30:00Z"],
  ["America/New_York", "2026-11-01T06:15:00Z"],
  ["Africa/Cairo", "2026-04-24T00:30:00Z"],
  ["Europe/Berlin", "2024-02-29T23:30:00Z"],
  ["Europe/Berlin", "2026-02-28T12:00:00Z"],
  ["Australia/Lord_Howe", "2026-10-03T16:10:00Z"],
  ["Pacific/Apia", "2026-03-31T11:00:00Z"],
];
const SEED = Number(process.env.SEED ?? 20261122);
const CONTACTS = 60;
const RULES = Number(process.env.RULES ?? 250);

/** Whether everything that is known of the contact has happened: in a store nothing else is. */
const isPast = ({ events, messages, tasks }: ContactState, now: number): boolean =>
  [
    ...events.map((event) => event.at),
    ...messages.flatMap(({ receipts }) => receipts.map(({ at }) => at)),
    ...tasks.map(({ closed }) => closed ?? 0),
  ].every((at) => at <= now);

/** A store of one kind, as this test sees it. */
export interface Subject {
  store: Store;
  /** By id, what an expression over the row `c` of contacts gives for each. */
  ask(expression: Sql): Promise<{ id: string; at: number | null }[]>;
  close(): Promise<void>;
}

/** What rules compiled for a dialect must do, at each of the moments. */
export function rulesProperty(
  dialect: DialectName,
  open: (now: number) => Promise<Subject>,
  rules = RULES,
): void {
  describe.each(MOMENTS)(`${dialect} in %s at %s`, (zone, written) =>
    property(dialect, open, rules, zone, Date.parse(written)),
  );
}

/** By id, when a look at the segment `looked` is due at the earliest. */
async function earliest({ ask }: Subject, dialect: DialectName, workspace: Workspace, now: number) {
  const found = new Map<string, number>();
  for (const piece of flipsToSql("looked", { now, workspace, dialect })) {
    for (const { id, at } of await ask(piece)) {
      if (at !== null) found.set(id, Math.min(at, found.get(id) ?? at));
    }
  }
  return found;
}

function property(
  dialect: DialectName,
  open: (now: number) => Promise<Subject>,
  rules: number,
  zone: string,
  now: number,
): void {
  const random = rng(SEED + now);
  const contacts = new Map<string, ContactState>();
  let subject: Subject;
  let store: Store;
  let workspace: Workspace;

  beforeAll(async () => {
    subject = await open(now);
    store = subject.store;
    forgetSegments();
    const segments: Record<string, Rule> = {};
    for (const name of ["buyers", "quiet"]) {
      segments[name] = { any: [randomRule(random, now, 2), randomRule(random, now, 1)] };
      nameSegment(name);
    }
    const consent = random.pick(["granted", "denied"] as const);
    await store.setWorkspace({ timezone: zone, segments, consent }, now);
    workspace = await store.workspace();
    const rows = Array.from({ length: CONTACTS }, (_, i) =>
      person({ email: `p${i}@x.example` }, { created: now - 1_000_000 * i }),
    );
    await store.writeContacts(rows, now, false);
    const look = { kind: "resume", flow: "none", at: now, id: "look" } as const;
    await store.addInputForAll(null, look, now);
    let i = 0;
    await work(store, now, (changes) => randomContact(random, now, changes, i++));
    for (const { id } of await store.contacts(null, now, { limit: CONTACTS })) {
      const state = await store.loadContact(id);
      if (state) contacts.set(id, state);
    }
  });
  afterAll(() => subject.close());

  test.each([SEED])(
    "a rule as SQL finds exactly those for whom the interpreter says yes (seed %i)",
    async () => {
      expect(contacts.size).toBe(CONTACTS);
      let held = 0;
      for (let i = 0; i < rules; i++) {
        const rule = randomRule(random, now, i % 4);
        const expected = [...contacts]
          .filter(
            ([, state]) =>
              evaluate(rule, { state, now, workspace, zone, run: null, since: "ever" }).holds,
          )
          .map(([id]) => id)
          .sort();
        const found = (await store.contacts(rule, now, { limit: CONTACTS })).map((c) => c.id);
        if (found.join() !== expected.join()) {
          const wrong = [...contacts.keys()].filter(
            (id) => found.includes(id) !== expected.includes(id),
          );
          const one = wrong[0] ?? "";
          const yes = found.includes(one) ? "SQL" : "the interpreter";
          const state = JSON.stringify(contacts.get(one));
          expect.fail(
            `${wrong.length} differ; only ${yes} says yes to ${JSON.stringify(rule)} for ${state}`,
          );
        }
        expect(await store.countContacts(rule, now)).toBe(expected.length);
        held += expected.length;
      }
      // Rules that always or never hold would prove nothing.
      expect(held / rules / CONTACTS).toBeGreaterThan(0.1);
      expect(held / rules / CONTACTS).toBeLessThan(0.9);
    },
  );

  test.each([SEED])(
    "what time may flip is looked at in time, and nothing flips before it is looked at (seed %i)",
    async () => {
      let flips = 0;
      const flipping = Math.max(50, rules / 5);
      for (let i = 0; i < flipping; i++) {
        const rule = randomRule(random, now, i % 3);
        const segments = { ...workspace.segments, looked: rule };
        const found = await earliest(subject, dialect, { ...workspace, segments }, now);
        for (const [id, state] of [...contacts].filter(([, of]) => isPast(of, now))) {
          const at = (then: number) =>
            evaluate(rule, { state, now: then, workspace, zone, run: null, since: "ever" });
          const { holds, until } = at(now);
          if (until === null) continue;
          flips++;
          const wrong = `${JSON.stringify(rule)} for ${JSON.stringify(state)}`;
          expect(until, wrong).toBeGreaterThan(now);
          for (const share of [0.3, 0.9]) {
            const before = Math.min(until - 1, Math.floor(now + (until - now) * share));
            expect(at(before).holds, wrong).toBe(holds);
          }
          const look = found.get(id) ?? Number.POSITIVE_INFINITY;
          expect(look, wrong).toBeGreaterThanOrEqual(now);
          // A tag that expires has its contact looked at anyway.
          const over = Object.values(state.contact.tags).map(({ expires }) => expires ?? look);
          expect(Math.min(look, ...over), wrong).toBeLessThanOrEqual(until);
        }
      }
      expect(flips).toBeGreaterThan(flipping / 4);
    },
  );
}

import { describe, expect, test } from "vitest";
import type { JournalLine } from "../../engine/core/journal.ts";
import { simulate, trial } from "./case.ts";
import { checkLines, checkRuns } from "./checker.ts";
import { checkSending } from "./checker-send.ts";
import { fuzz } from "./run.ts";
import { hint, shrink } from "./shrink.ts";

const SEED = 20261122;
const random = Date.now() % 1_000_000_000;

describe("random flows over random people", () => {
  test.each([SEED, random])(
    "keep every rule of the journal, the same twice (seed %i)",
    async (seed) => {
      expect((await fuzz({ flows: 25, live: 0, seed })).failures).toEqual([]);
    },
  );

  test.each([SEED, random])(
    "are lived as they were simulated, whatever the batches (seed %i)",
    async (seed) => {
      expect((await fuzz({ flows: 0, live: 8, seed })).failures).toEqual([]);
    },
  );

  test("a seed gives the same flow, people and events every time", () => {
    expect(trial(SEED)).toEqual(trial(SEED));
    expect(trial(SEED + 1)).not.toEqual(trial(SEED));
  });

  test("what fails is made smaller for as long as it fails", async () => {
    const given = trial(SEED);
    const small = await shrink(given, ({ plan }) => plan.doc.nodes.some((n) => n.id === "n1"));
    expect(small.plan.doc.nodes.map((n) => n.id)).toEqual(["n1"]);
    expect(small.people.events).toEqual([]);
    expect(hint(small)).toContain("settings {}; 0 contacts, 0 events");
  });
});

/** A span whose journal has a message that somebody got, and the judge's verdict on a changed copy. */
function judged(change: (lines: JournalLine[]) => JournalLine[]): string[] {
  for (let seed = 1; ; seed++) {
    const { plan, people } = trial(seed);
    const { lines } = simulate({ plan, people });
    const isLong = lines.some(
      (l) => l.kind === "message" && l.state === "sent" && l.channel === "email",
    );
    if (!isLong || lines.some((l) => l.contact === null)) continue;
    const facts = {
      docs: new Map([plan.doc, ...plan.others].map((doc) => [doc.id, doc])),
      from: plan.from,
      until: plan.until,
      workspace: plan.workspace,
      ...people,
    };
    const found: string[] = [];
    const tell = (_: JournalLine | null, what: string): void => void found.push(what);
    const changed = change(structuredClone(lines));
    checkLines(changed, facts, tell);
    checkRuns(changed, facts, tell);
    checkSending(changed, facts, tell);
    return found;
  }
}

const atSent = (lines: JournalLine[]): number =>
  lines.findIndex((l) => l.kind === "message" && l.state === "sent" && l.channel === "email");

describe("the judge of journals", () => {
  test("finds nothing wrong with a sound one", () => {
    expect(judged((lines) => lines)).toEqual([]);
  });

  test("sees a message sent twice for one visit", () => {
    const found = judged((lines) =>
      lines.toSpliced(atSent(lines), 0, lines[atSent(lines)] as JournalLine),
    );
    expect(found).toContain("a second decision for one visit");
  });

  test("sees a step that is missing", () => {
    const found = judged((lines) =>
      lines.filter((_, i) => i !== lines.findIndex((l) => l.kind === "step")),
    );
    expect(found.join()).toMatch(/while the contact stands on|left by an output|completed while/);
  });

  test("sees an unknown kind, an unknown reason and time that goes back", () => {
    const found = judged((lines) => [
      ...lines,
      { ...(lines[0] as JournalLine), kind: "vanished" },
      { ...(lines[0] as JournalLine), kind: "ignored", enrollment: null, reason: "mood" },
    ]);
    expect(found).toContain("unknown kind");
    expect(found).toContain("reason mood is not in the list");
    expect(found).toContain("time goes back");
  });

  test("sees a line after the end of an enrollment", () => {
    const found = judged((lines) => {
      const end = lines.findIndex((l) => l.kind === "completed");
      const last = lines[end] as JournalLine;
      return lines.toSpliced(end + 1, 0, { ...last, kind: "waiting", until: null, for: "wait" });
    });
    expect(found).toContain("comes after completed");
  });
});

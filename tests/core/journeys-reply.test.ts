import { describe, expect, test } from "vitest";
import {
  annWithPhone,
  email,
  flow,
  lineOf,
  type Placed,
  rows,
  run,
  sms,
  start,
  wait,
} from "./journey.ts";

const replied = (at: string, text = "Tell me more", channel = "email") => ({
  at,
  inbound: { channel, text },
});
const on = (onReply: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  settings: { onReply, ...more } as never,
});
const pauseTwo = { do: "pause", resume: "P2D" };

describe("onReply", () => {
  test("pause writes paused with until and no waiting; a `for` wait shifts by the pause", () => {
    const told = run({
      flow: flow([start, wait("w", "P5D"), email("m")], on(pauseTwo)),
      events: [replied("2026-01-06T08:00:00Z")],
    });
    expect(rows(told)).toEqual([
      "01-05T00:00 start entered start",
      "01-05T00:00 start step next",
      "01-05T00:00 w waiting wait 01-10T00:00",
      "01-06T08:00 w paused 01-08T08:00",
      "01-08T08:00 w resumed",
      "01-08T08:00 w waiting wait 01-12T00:00",
      "01-12T00:00 w step next",
      "01-12T00:00 m message email sent",
      "01-12T00:00 m step next",
      "01-12T00:00 m completed",
    ]);
  });

  test("a second reply writes it again and starts `resume` anew; the wait shifts by the whole pause", () => {
    const told = run({
      flow: flow([start, wait("w", "P5D")], on(pauseTwo)),
      events: [replied("2026-01-06T08:00:00Z"), replied("2026-01-07T20:00:00Z")],
    });
    expect(rows(told, "paused", "resumed", "waiting", "completed").slice(1)).toEqual([
      "01-06T08:00 w paused 01-08T08:00",
      "01-07T20:00 w paused 01-09T20:00",
      "01-09T20:00 w resumed",
      "01-09T20:00 w waiting wait 01-13T12:00",
      "01-13T12:00 w completed",
    ]);
  });

  test("a dated wait keeps its moment; one that came meanwhile goes on at the resume", () => {
    const dated = (date: string) =>
      rows(
        run({
          flow: flow([start, ["w", "wait", { date }]], on(pauseTwo)),
          events: [replied("2026-01-06T08:00:00Z")],
        }),
        "resumed",
        "step",
      ).slice(1);
    expect(dated("2026-01-10")).toEqual(["01-08T08:00 w resumed", "01-10T00:00 w step next"]);
    expect(dated("2026-01-07")).toEqual(["01-08T08:00 w resumed", "01-08T08:00 w step next"]);
  });

  test("manual pauses until a person resumes: until null", () => {
    const told = run({
      flow: flow([start, wait("w", "P5D")], on({ do: "pause", resume: "manual" })),
      events: [replied("2026-01-06T08:00:00Z")],
    });
    expect(lineOf(told, "paused").until).toBeNull();
    expect(rows(told, "resumed", "completed")).toEqual([]);
  });

  test("exit ends the run with the reason reply; continue does nothing", () => {
    const events = [replied("2026-01-06T08:00:00Z")];
    const left = run({ flow: flow([start, wait("w", "P2D")], on({ do: "exit" })), events });
    expect(rows(left, "exited", "completed")).toEqual(["01-06T08:00 w exited reply"]);
    const stayed = run({ flow: flow([start, wait("w", "P2D")]), events });
    expect(rows(stayed, "paused", "exited", "completed")).toEqual(["01-07T00:00 w completed"]);
  });

  test("what a wait-for waited for is kept for the resume, and its timeout shifts", () => {
    const waiting = flow(
      [start, ["wf", "wait-for", { rule: { event: "quiz" }, timeout: "P2D" }]],
      on({ do: "pause", resume: "P3D" }),
    );
    const pause = replied("2026-01-06T00:00:00Z");
    const matched = run({
      flow: waiting,
      events: [pause, { at: "2026-01-08T12:00:00Z", event: "quiz" }],
    });
    expect(rows(matched, "paused", "resumed", "step").slice(1)).toEqual([
      "01-06T00:00 wf paused 01-09T00:00",
      "01-09T00:00 wf resumed",
      "01-09T00:00 wf step matched",
    ]);
    const late = run({ flow: waiting, events: [pause] });
    expect(rows(late, "resumed", "waiting", "step").slice(2)).toEqual([
      "01-09T00:00 wf resumed",
      "01-09T00:00 wf waiting rule 01-10T00:00",
      "01-10T00:00 wf step timeout",
    ]);
  });

  test("exits and goals still work while paused", () => {
    const told = run({
      flow: flow(
        [start, wait("w", "P5D")],
        on(pauseTwo, { exitWhen: { tag: "client" }, goal: { when: { tag: "client" } } }),
      ),
      events: [replied("2026-01-06T08:00:00Z"), { at: "2026-01-07T08:00:00Z", addTag: "client" }],
    });
    expect(rows(told, "paused", "goal", "exited", "resumed")).toEqual([
      "01-06T08:00 w paused 01-08T08:00",
      "01-07T08:00 - goal",
      "01-07T08:00 w exited exit-when",
    ]);
  });

  test("exits come before onReply: a reply that ends the run doesn't pause it", () => {
    const told = run({
      flow: flow(
        [start, wait("w", "P5D")],
        on(pauseTwo, { exitWhen: { field: "last_reply_at", op: "exists" } }),
      ),
      events: [replied("2026-01-06T08:00:00Z")],
    });
    expect(rows(told, "paused", "exited")).toEqual(["01-06T08:00 w exited exit-when"]);
  });

  test("onReply comes before wait-for: the run pauses, and the match waits for the resume", () => {
    const told = run({
      flow: flow(
        [start, ["wf", "wait-for", { rule: { field: "last_reply_at", op: "exists" } }]],
        on(pauseTwo),
      ),
      events: [replied("2026-01-06T08:00:00Z")],
    });
    expect(rows(told, "paused", "resumed", "step").slice(1)).toEqual([
      "01-06T08:00 wf paused 01-08T08:00",
      "01-08T08:00 wf resumed",
      "01-08T08:00 wf step matched",
    ]);
  });

  test.each([
    ["an opt-out word", "STOP!"],
    ["a HELP word", "مساعدة"],
  ])("%s doesn't count", (_, text) => {
    const told = run({
      flow: flow([start, wait("w", "P5D")], on(pauseTwo)),
      events: [replied("2026-01-06T08:00:00Z", text)],
    });
    expect(rows(told, "paused", "exited")).toEqual([]);
  });

  test("the message that started the run doesn't count; the next one does", () => {
    const told = run({
      flow: flow(
        [["start", "trigger.message", { channel: "email", match: "any" }], wait("w", "P5D")],
        on(pauseTwo),
      ),
      events: [replied("2026-01-06T08:00:00Z"), replied("2026-01-07T08:00:00Z")],
    });
    expect(rows(told, "entered", "paused", "ignored")).toEqual([
      "01-06T08:00 start entered start",
      "01-07T08:00 start ignored running",
      "01-07T08:00 w paused 01-09T08:00",
    ]);
  });

  test("the run's own call doesn't count; another flow's handled call does", () => {
    const calls = (id: string): Placed => [id, "call", { script: "Hello" }];
    const other = flow([["start", "trigger.event", { event: "go" }], calls("theirs")], {
      id: "other",
    });
    const told = run({
      flow: flow([start, calls("ours"), wait("w", "P5D")], {
        edges: ["start > ours", "ours:answered > w"],
        ...on(pauseTwo),
      }),
      others: [other],
      events: [
        { at: "2026-01-06T08:00:00Z", task: { node: "ours", outcome: "answered" } },
        { at: "2026-01-06T09:00:00Z", event: "go" },
        { at: "2026-01-06T10:00:00Z", task: { node: "theirs", outcome: "answered" } },
      ],
    });
    expect(rows(told, "paused")).toEqual(["01-06T10:00 w paused 01-08T10:00"]);
  });

  test("a task closed while paused moves the contact at the resume; a call's timeout shifts and closes it", () => {
    const calls = flow([start, ["c", "call", { script: "Hi", timeout: "P1D" }]], on(pauseTwo));
    const closed = run({
      flow: calls,
      events: [
        replied("2026-01-05T08:00:00Z"),
        { at: "2026-01-06T08:00:00Z", task: { node: "c", outcome: "no-answer" } },
      ],
    });
    expect(rows(closed, "task", "resumed", "step").slice(1)).toEqual([
      "01-05T00:00 c task call open",
      "01-06T08:00 c task call closed no-answer",
      "01-07T08:00 c resumed",
      "01-07T08:00 c step no-answer",
    ]);
    const timedOut = run({ flow: calls, events: [replied("2026-01-05T08:00:00Z")] });
    expect(rows(timedOut, "task", "step").slice(2)).toEqual([
      "01-08T00:00 c task call closed timeout",
      "01-08T00:00 c step timeout",
    ]);
  });

  test("a message held for its window stays held over the pause", () => {
    const told = run({
      flow: flow([start, email("m")], on(pauseTwo, { sendWindow: { from: "09:00", to: "10:00" } })),
      events: [replied("2026-01-05T08:00:00Z")],
    });
    expect(rows(told, "waiting", "paused", "resumed", "message")).toEqual([
      "01-05T00:00 m waiting window 01-05T09:00",
      "01-05T08:00 m paused 01-07T08:00",
      "01-07T08:00 m resumed",
      "01-07T08:00 m waiting window 01-07T09:00",
      "01-07T09:00 m message email sent",
    ]);
  });
});

describe("an inbound message", () => {
  test("marks the latest message of that channel replied", () => {
    const told = run({
      flow: flow([start, email("a"), sms("s"), wait("w", "P1D"), email("b"), wait("w2", "P9D")]),
      contacts: [annWithPhone],
      events: [
        replied("2026-01-05T08:00:00Z"),
        replied("2026-01-06T08:00:00Z"),
        replied("2026-01-07T08:00:00Z", "yes", "sms"),
      ],
    });
    expect(rows(told, "message")).toEqual([
      "01-05T00:00 a message email sent",
      "01-05T00:00 s message sms sent",
      "01-05T08:00 a message email replied",
      "01-06T00:00 b message email sent",
      "01-06T08:00 b message email replied",
      "01-07T08:00 s message sms replied",
    ]);
  });
});

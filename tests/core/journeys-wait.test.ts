import { describe, expect, test } from "vitest";
import { ANN, email, flow, lineOf, type Placed, rows, run, start, wait } from "./journey.ts";

/** Enters on the lead event, waits, and is told. */
const lead: Placed = ["start", "trigger.event", { event: "lead" }];
const waits = (
  data: Record<string, unknown>,
  at: string,
  more: Parameters<typeof run>[0] | object = {},
) =>
  rows(
    run({
      flow: flow([lead, ["w", "wait", data]]),
      events: [{ at, event: "lead", data: { on: "2026-01-10" } }],
      ...more,
    }),
    "waiting",
    "step",
    "completed",
  ).slice(1);

describe("a wait", () => {
  test.each<[string, Record<string, unknown>, string, string | null]>([
    ["for a duration", { for: "PT36H" }, "2026-01-06T08:00:00Z", "01-07T20:00"],
    [
      "until a time still ahead today",
      { until: { time: "09:00" } },
      "2026-01-06T08:00:00Z",
      "01-06T09:00",
    ],
    ["until a time that is just now", { until: { time: "08:00" } }, "2026-01-06T08:00:00Z", null],
    [
      "until a time on certain days",
      { until: { time: "09:00", days: ["fri"] } },
      "2026-01-06T10:00:00Z",
      "01-09T09:00",
    ],
    ["until a date", { date: "2026-02-01" }, "2026-01-06T08:00:00Z", "02-01T00:00"],
    [
      "until a date with an offset",
      { date: "2026-02-01T10:00:00+03:00" },
      "2026-01-06T08:00:00Z",
      "02-01T07:00",
    ],
    ["until a date that is over", { date: "2026-01-01" }, "2026-01-06T08:00:00Z", null],
    [
      "until a field of the event",
      { field: { name: "event.on" } },
      "2026-01-06T08:00:00Z",
      "01-10T00:00",
    ],
    [
      "until before a field of the event",
      { field: { name: "event.on", offset: "-P2D" } },
      "2026-01-06T08:00:00Z",
      "01-08T00:00",
    ],
    ["until the third day", { day: { n: 3 } }, "2026-01-06T08:00:00Z", "01-08T08:00"],
    [
      "until the third day at an hour",
      { day: { n: 3, at: "07:00" } },
      "2026-01-06T08:00:00Z",
      "01-08T07:00",
    ],
    ["until a day that is over", { day: { n: 1, at: "07:00" } }, "2026-01-06T08:00:00Z", null],
    [
      "until the best hour, ten where nothing is known",
      { best: { within: "P1D" } },
      "2026-01-06T08:00:00Z",
      "01-06T10:00",
    ],
    [
      "for a window that is open",
      { window: { from: "08:00", to: "09:00" } },
      "2026-01-06T08:00:00Z",
      null,
    ],
    [
      "for a window that has just closed",
      { window: { from: "08:00", to: "09:00" } },
      "2026-01-06T09:00:00Z",
      "01-07T08:00",
    ],
    [
      "for days alone, keeping the time of day",
      { window: { days: ["wed", "fri"] } },
      "2026-01-04T08:00:00Z",
      "01-07T08:00",
    ],
    [
      "for a duration, then a window",
      { for: "PT1H", window: { from: "10:00", to: "11:00" } },
      "2026-01-06T08:00:00Z",
      "01-06T10:00",
    ],
  ])("%s", (_, data, at, until) => {
    const from = { from: "2026-01-04T00:00:00Z" };
    const entered = at.slice(5, 16);
    expect(waits(data, at, from)).toEqual(
      until === null
        ? [`${entered} w step next`, `${entered} w completed`]
        : [`${entered} w waiting wait ${until}`, `${until} w step next`, `${until} w completed`],
    );
  });

  test.each([
    ["missing", {}],
    ["not a date", { due: "soon" }],
  ])("for a field that is %s goes on at once and says no-date", (_, fields) => {
    const told = run({
      flow: flow([start, ["w", "wait", { field: { name: "due" } }]]),
      contacts: [{ email: ANN, ...fields }],
    });
    expect(rows(told, "waiting", "step")).toEqual([
      "01-05T00:00 start step next",
      "01-05T00:00 w step next no-date",
    ]);
  });

  test("counts on the wall clock of the contact's zone: a day is a day across the change, 24 hours are 24", () => {
    const told = run({
      flow: flow([start, wait("day", "P1D"), wait("hours", "PT24H")]),
      contacts: [{ email: ANN, timezone: "Europe/London" }],
      from: "2026-03-28T09:00:00Z",
      until: "2026-04-05T00:00:00Z",
    });
    expect(rows(told, "step")).toEqual([
      "03-28T09:00 start step next",
      "03-29T08:00 day step next",
      "03-30T08:00 hours step next",
    ]);
  });

  test("the flow's own zone counts for everybody; a contact's zone that isn't valid counts as missing", () => {
    const at = (timezone: string, own?: string) =>
      rows(
        run({
          flow: flow([start, ["w", "wait", { until: { time: "09:00" } }]], {
            settings: { timezone },
          }),
          workspace: { timezone: "Asia/Riyadh" },
          events: own ? [{ at: "2026-01-04T00:00:00Z", set: { timezone: own } }] : [],
        }),
        "waiting",
      );
    expect(at("America/New_York")).toEqual(["01-05T00:00 w waiting wait 01-05T14:00"]);
    expect(at("contact")).toEqual(["01-05T00:00 w waiting wait 01-05T06:00"]);
    expect(at("contact", "Europe/Paris")).toEqual(["01-05T00:00 w waiting wait 01-05T08:00"]);
    expect(at("contact", "Mars/Olympus")).toEqual(["01-05T00:00 w waiting wait 01-05T06:00"]);
  });

  test("the best hour is the one at which the contact clicked and answered most", () => {
    const told = run({
      flow: flow([start, email("m"), wait("d", "P1D"), ["w", "wait", { best: { within: "P1D" } }]]),
      events: [
        { at: "2026-01-05T14:20:00Z", message: { node: "m", event: "clicked" } },
        { at: "2026-01-05T14:40:00Z", inbound: { channel: "email", text: "Thanks" } },
        { at: "2026-01-05T18:00:00Z", message: { node: "m", event: "opened" } },
        { at: "2026-01-05T18:10:00Z", message: { node: "m", event: "opened" } },
        { at: "2026-01-05T18:20:00Z", message: { node: "m", event: "opened" } },
      ],
    });
    expect(rows(told, "waiting")).toEqual([
      "01-05T00:00 d waiting wait 01-06T00:00",
      "01-06T00:00 w waiting wait 01-06T14:00",
    ]);
  });
});

describe("a daily loop", () => {
  test.each<[string, Record<string, unknown>, string[]]>([
    ["until", { until: { time: "09:00" } }, ["01-07T09:00", "01-08T09:00", "01-09T09:00"]],
    [
      "window",
      { window: { from: "09:00", to: "18:00" } },
      ["01-06T09:30", "01-07T09:00", "01-08T09:00", "01-09T09:00"],
    ],
    [
      "best",
      { best: { within: "PT1H" } },
      ["01-06T10:00", "01-07T10:00", "01-08T10:00", "01-09T10:00"],
    ],
  ])("with `%s` sends once a day", (_, data, moments) => {
    const told = run({
      flow: flow([lead, ["w", "wait", data], email("m")], { edges: ["start > w > m > w"] }),
      events: [{ at: "2026-01-06T09:30:00Z", event: "lead" }],
      until: "2026-01-10T00:00:00Z",
    });
    expect(rows(told, "message", "failed")).toEqual(
      moments.map((at) => `${at} m message email sent`),
    );
  });
});

describe("wait-for", () => {
  const waitFor = (rule: Record<string, unknown>, timeout?: string): Placed => [
    "wf",
    "wait-for",
    timeout === undefined ? { rule } : { rule, timeout },
  ];
  const told = (
    nodes: Placed[],
    events: Record<string, unknown>[],
    more: Partial<Parameters<typeof run>[0]> = {},
  ) =>
    run({
      flow: flow(
        [start, ...nodes, ["yes", "exit", { reason: "yes" }], ["no", "exit", { reason: "no" }]],
        {
          edges: [
            ["start", ...nodes.map(([id]) => id)].join(" > "),
            "wf:matched > yes",
            "wf:timeout > no",
          ],
        },
      ),
      events,
      ...more,
    });
  const end = (t: ReturnType<typeof run>) => rows(t, "exited");

  test("looks at the rule on arrival: a duration or since enrollment can already hold, and no waiting is written", () => {
    for (const since of ["enrollment", "P30D"]) {
      const t = told(
        [wait("w", "P2D"), waitFor({ event: "quiz", since })],
        [{ at: "2026-01-06T00:00:00Z", event: "quiz" }],
      );
      expect(rows(t, "waiting", "exited")).toEqual([
        "01-05T00:00 w waiting wait 01-07T00:00",
        "01-07T00:00 yes exited node yes",
      ]);
    }
  });

  test("an event counts from the node's own entry on, its instant included", () => {
    const before = told(
      [wait("w", "P2D"), waitFor({ event: "quiz" }, "P1D")],
      [{ at: "2026-01-06T23:59:59Z", event: "quiz" }],
    );
    expect(end(before)).toEqual(["01-08T00:00 no exited node no"]);
    const same = told(
      [wait("w", "P2D"), waitFor({ event: "quiz" }, "P1D")],
      [{ at: "2026-01-07T00:00:00Z", event: "quiz" }],
    );
    expect(end(same)).toEqual(["01-07T00:00 yes exited node yes"]);
  });

  test.each([
    [
      "at the deadline itself, matched beats timeout",
      "2026-01-08T00:00:00Z",
      "01-08T00:00 yes exited node yes",
    ],
    ["a second later it is too late", "2026-01-08T00:00:01Z", "01-08T00:00 no exited node no"],
  ])("%s", (_, at, expected) => {
    expect(end(told([waitFor({ event: "quiz" }, "P3D")], [{ at, event: "quiz" }]))).toEqual([
      expected,
    ]);
  });

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ["a tag", { tag: "vip" }, { addTag: "vip" }],
    ["a field", { field: "city", op: "=", value: "جدة" }, { set: { city: "جده" } }],
    ["a segment", { segment: "local" }, { set: { city: "Jeddah" } }],
    ["a consent", { consent: "sms" }, { consent: { channel: "sms", granted: true } }],
    [
      "an inbound message",
      { field: "last_reply_at", op: "within-last", value: "P1D" },
      { inbound: { channel: "sms", text: "ok" } },
    ],
    [
      "an event with its data",
      { event: "quiz", where: [{ data: "score", op: ">=", value: 5 }] },
      { event: "quiz", data: { score: 5 } },
    ],
  ])("is satisfied by %s, at that instant", (_, rule, change) => {
    const t = told([waitFor(rule, "P30D")], [{ at: "2026-01-09T10:00:00Z", ...change }], {
      contacts: [{ email: ANN, consent: "email" }],
      workspace: { segments: { local: { field: "city", op: "=", value: "jeddah" } } },
    });
    expect(rows(t, "waiting", "exited")).toEqual([
      "01-05T00:00 wf waiting rule 02-04T00:00",
      "01-09T10:00 yes exited node yes",
    ]);
  });

  test("is satisfied by a receipt of this run's message and by a task's outcome", () => {
    const clicked = told(
      [email("m"), waitFor({ message: "clicked", node: "m", link: "https://a.example" })],
      [
        {
          at: "2026-01-06T10:00:00Z",
          message: { node: "m", event: "clicked", link: "https://b.example" },
        },
        {
          at: "2026-01-06T11:00:00Z",
          message: { node: "m", event: "clicked", link: "https://a.example" },
        },
      ],
    );
    expect(end(clicked)).toEqual(["01-06T11:00 yes exited node yes"]);
    const done = told(
      [["t", "task", { title: "Pack" }], waitFor({ task: "done", node: "t" })],
      [{ at: "2026-01-06T10:00:00Z", task: { node: "t", outcome: "done" } }],
    );
    expect(end(done)).toEqual(["01-06T10:00 yes exited node yes"]);
  });

  test("an open by a machine satisfies nothing", () => {
    const t = told(
      [email("m"), waitFor({ message: "opened", node: "m" }, "P2D")],
      [{ at: "2026-01-06T00:00:00Z", message: { node: "m", event: "opened", machine: true } }],
    );
    expect(end(t)).toEqual(["01-07T00:00 no exited node no"]);
  });

  test("is satisfied by time alone: a tag that expires, a date that comes near", () => {
    const expired = told(
      [
        ["t", "tag", { add: [{ tag: "trial", expires: "P4D" }] }],
        waitFor({ not: { tag: "trial" } }, "P30D"),
      ],
      [],
    );
    expect(end(expired)).toEqual(["01-09T00:00 yes exited node yes"]);
    const near = told(
      [waitFor({ field: "renewal", op: "within-next", value: "P7D" }, "P30D")],
      [],
      {
        contacts: [{ email: ANN, renewal: "2026-01-20T12:00:00Z" }],
      },
    );
    expect(end(near)).toEqual(["01-13T12:00 yes exited node yes"]);
  });

  test("the event that started the run never counts", () => {
    const t = run({
      flow: flow([lead, waitFor({ event: "lead", since: "enrollment" }, "P1D")]),
      events: [{ at: "2026-01-06T08:00:00Z", event: "lead" }],
    });
    expect(rows(t, "waiting", "step").slice(1)).toEqual([
      "01-06T08:00 wf waiting rule 01-07T08:00",
      "01-07T08:00 wf step timeout",
    ]);
  });

  test("without a timeout it waits for as long as it takes, and says until null", () => {
    const t = told([waitFor({ event: "quiz" })], []);
    expect(lineOf(t, "waiting")).toMatchObject({ for: "rule", until: null });
    expect(end(t)).toEqual([]);
  });

  test("the step carries the rule and the facts it saw, matched or not", () => {
    const matched = told(
      [waitFor({ event: "quiz" }, "P3D")],
      [{ at: "2026-01-06T00:00:00Z", event: "quiz" }],
    );
    expect(lineOf(matched, "step", "wf")).toMatchObject({
      output: "matched",
      rule: "/nodes/1/data/rule",
      facts: { "event:quiz": 1 },
    });
    const late = told([waitFor({ event: "quiz" }, "P3D")], []);
    expect(lineOf(late, "step", "wf")).toMatchObject({
      output: "timeout",
      rule: "/nodes/1/data/rule",
      facts: { "event:quiz": 0 },
    });
  });
});

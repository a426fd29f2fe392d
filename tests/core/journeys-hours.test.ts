import { describe, expect, test } from "vitest";
import type { Settings } from "../../engine/core/document.ts";
import { holidayOn, holidayProblems } from "../../engine/core/holidays.ts";
import type { Workspace } from "../../engine/core/state.ts";
import {
  ANN,
  annWithPhone,
  email,
  flow,
  lineOf,
  type Placed,
  rows,
  run,
  start,
  wait,
} from "./journey.ts";

// 2026: 1 January is a Thursday; 1 Shawwal 1447 (Eid al-Fitr) is Friday 20 March by Umm al-Qura.
const lead: Placed = ["start", "trigger.event", { event: "lead" }];
const EID = {
  date: "10-01",
  calendar: "islamic-umalqura",
  days: 3,
  name: { en: "Eid al-Fitr", ar: "عيد الفطر" },
} as const;

const sentAt = (
  at: string,
  workspace: Partial<Workspace>,
  settings: Settings = {},
  contact: Record<string, unknown> = { email: ANN },
  data: Record<string, unknown> = {},
) =>
  rows(
    run({
      flow: flow([lead, email("hello", data)], { settings }),
      contacts: [contact],
      events: [{ at, event: "lead" }],
      until: "2026-12-01T00:00:00Z",
      workspace,
    }),
    "waiting",
    "message",
  );

describe("the hours of a workspace", () => {
  const hours = { from: "09:00", to: "17:00" };
  const keeps: Settings = { hours: "observe" };
  test("hold no message of a flow that doesn't say so", () => {
    expect(sentAt("2026-01-09T18:00:00Z", { hours })).toEqual([
      "01-09T18:00 hello message email sent",
    ]);
  });
  test("hold the messages of a flow that keeps them until the next working day, Friday and Saturday off", () => {
    // Thursday evening; Sunday is the next working day.
    expect(sentAt("2026-01-08T18:00:00Z", { hours }, keeps)).toEqual([
      "01-08T18:00 hello waiting window 01-11T09:00",
      "01-11T09:00 hello message email sent",
    ]);
  });
  test("follow the weekend of the workspace, and their own days before it", () => {
    expect(sentAt("2026-01-08T18:00:00Z", { hours, weekend: ["sat", "sun"] }, keeps).at(-1)).toBe(
      "01-09T09:00 hello message email sent",
    );
    expect(sentAt("2026-01-08T18:00:00Z", { hours, weekend: [] }, keeps).at(-1)).toBe(
      "01-09T09:00 hello message email sent",
    );
    expect(
      sentAt("2026-01-08T18:00:00Z", { hours: { ...hours, days: ["sat"] } }, keeps).at(-1),
    ).toBe("01-10T09:00 hello message email sent");
  });
  test("are the contact's hours: by the flow's zone, which is theirs", () => {
    const riyadh = { email: ANN, timezone: "Asia/Riyadh" };
    expect(sentAt("2026-01-08T02:00:00Z", { hours }, keeps, riyadh).at(-1)).toBe(
      "01-08T06:00 hello message email sent",
    );
  });
  test("give way to the flow's own send window", () => {
    const settings: Settings = { ...keeps, sendWindow: { from: "18:00", to: "20:00" } };
    expect(sentAt("2026-01-09T18:00:00Z", { hours }, settings)).toEqual([
      "01-09T18:00 hello message email sent",
    ]);
  });
  test("are narrowed by the contact's own times", () => {
    const contact = { email: ANN, preferred_times: "16:00-18:00" };
    expect(sentAt("2026-01-07T10:00:00Z", { hours }, keeps, contact).at(-1)).toBe(
      "01-07T16:00 hello message email sent",
    );
  });
  test("don't hold a transactional message", () => {
    expect(
      sentAt("2026-01-09T18:00:00Z", { hours, holidays: ["2026-01-09"] }, keeps, undefined, {
        transactional: true,
      }),
    ).toEqual(["01-09T18:00 hello message email sent"]);
  });
  test("write in the journal that they held the message, and which hours they are", () => {
    const told = run({
      flow: flow([lead, email("hello")], { settings: keeps }),
      events: [{ at: "2026-01-08T18:00:00Z", event: "lead" }],
      workspace: { hours },
    });
    expect(lineOf(told, "waiting")).toMatchObject({
      for: "window",
      reason: "hours",
      facts: { hours: { ...hours, days: ["mon", "tue", "wed", "thu", "sun"] } },
    });
  });
});

describe("a holiday of the workspace", () => {
  test("holds messages until the day after, at the same time of day", () => {
    expect(sentAt("2026-09-23T10:30:00Z", { holidays: ["2026-09-23"] })).toEqual([
      "09-23T10:30 hello waiting window 09-24T10:30",
      "09-24T10:30 hello message email sent",
    ]);
  });
  test("closes the flow's send window: it opens on the next day that it has", () => {
    const settings: Settings = {
      sendWindow: { days: ["sun", "mon", "tue", "wed", "thu"], from: "09:00", to: "17:00" },
    };
    // Thursday 24 September after the National Day, then Friday and Saturday.
    expect(
      sentAt("2026-09-23T10:00:00Z", { holidays: ["09-23", "2026-09-24"] }, settings).at(-1),
    ).toBe("09-27T09:00 hello message email sent");
  });
  test("holds what would have gone on it after a night", () => {
    const told = run({
      flow: flow([lead, email("hello")], {
        settings: { sendWindow: { from: "09:00", to: "17:00" } },
      }),
      events: [{ at: "2026-03-19T20:00:00Z", event: "lead" }],
      until: "2026-04-01T00:00:00Z",
      workspace: { holidays: [EID] },
    });
    expect(lineOf(told, "waiting")).toMatchObject({
      until: "2026-03-23T09:00:00Z",
      reason: "holiday",
      facts: { holiday: { date: "2026-03-20", name: EID.name } },
    });
  });
  test("comes round by the Hijri calendar, for as many days as it has", () => {
    const holidays = ["hijri:10-01/P3D"];
    for (const at of ["2026-03-20T08:00:00Z", "2026-03-21T08:00:00Z", "2026-03-22T08:00:00Z"]) {
      expect(sentAt(at, { holidays }).at(-1)).toBe("03-23T08:00 hello message email sent");
    }
    expect(sentAt("2026-03-19T08:00:00Z", { holidays })).toHaveLength(1);
    // The year after it falls on 9 March; the year before it fell on 30 March.
    expect(holidayOn(holidays, Date.parse("2027-03-09T12:00Z"), "UTC")).toEqual({
      date: "2027-03-09",
    });
    expect(holidayOn(holidays, Date.parse("2025-03-30T12:00Z"), "UTC")).toEqual({
      date: "2025-03-30",
    });
  });
  test("is no day of a wait's window, nor of a wait until a time on named days", () => {
    const waits = (data: Record<string, unknown>, settings: Settings = {}) =>
      rows(
        run({
          flow: flow([lead, ["w", "wait", data]], { settings }),
          events: [{ at: "2026-03-19T20:00:00Z", event: "lead" }],
          until: "2026-04-01T00:00:00Z",
          workspace: { holidays: [EID] },
        }),
        "waiting",
      )[0];
    const days = ["sun", "mon", "tue", "wed", "thu"];
    expect(waits({ window: { days, from: "09:00", to: "17:00" } })).toContain("03-23T09:00");
    expect(waits({ until: { time: "08:00", days } })).toContain("03-23T08:00");
    expect(waits({ until: { time: "08:00" } })).toContain("03-20T08:00");
    expect(waits({ for: "P1D" })).toContain("03-20T20:00");
    const own: Settings = { holidays: "ignore" };
    expect(waits({ until: { time: "08:00", days } }, own)).toContain("03-22T08:00");
  });
  test("is a day of the contact's zone", () => {
    const auckland = { email: ANN, timezone: "Pacific/Auckland" };
    expect(sentAt("2026-09-22T13:00:00Z", { holidays: ["2026-09-23"] }, {}, auckland).at(-1)).toBe(
      "09-23T13:00 hello message email sent",
    );
  });
  test("is no reason to wait for a flow that ignores holidays, such as a greeting for the feast", () => {
    expect(sentAt("2026-03-20T08:00:00Z", { holidays: [EID] }, { holidays: "ignore" })).toEqual([
      "03-20T08:00 hello message email sent",
    ]);
  });
  test("on every day of the year loses nobody: what never ends holds no message", () => {
    const holidays = Array.from(
      { length: 12 },
      (_, i) => `${String(i + 1).padStart(2, "0")}-01/P31D`,
    );
    expect(sentAt("2026-03-20T08:00:00Z", { holidays })).toEqual([
      "03-20T08:00 hello message email sent",
    ]);
  });
  test("and a frequency cap hold together: the message goes when both let it", () => {
    const told = run({
      flow: flow([start, email("one"), wait("w", "PT1H"), email("two")], {
        settings: { frequencyCap: [{ channel: "email", max: 1, per: "P1D" }] },
      }),
      from: "2026-01-05T09:00:00Z",
      workspace: { holidays: ["2026-01-06"] },
    });
    expect(rows(told, "message").at(-1)).toBe("01-07T09:00 two message email sent");
  });
});

describe("work for the team", () => {
  const due = (kind: "call" | "task", workspace: Partial<Workspace>, contact: object = {}) =>
    lineOf(
      run({
        flow: flow([
          lead,
          kind === "call"
            ? ["c", "call", { script: "Hi", due: "PT2H" }]
            : ["c", "task", { title: "Look", due: "PT2H" }],
        ]),
        contacts: [{ ...annWithPhone, timezone: "Asia/Riyadh", ...contact }],
        events: [{ at: "2026-01-08T16:00:00Z", event: "lead" }],
        workspace,
      }),
      "task",
    ).due;
  test("is due in its hours: a call in the contact's day, a task in the team's", () => {
    const hours = { from: "09:00", to: "17:00" };
    expect(due("call", { hours })).toBe("2026-01-11T06:00:00Z");
    expect(due("task", { hours })).toBe("2026-01-11T09:00:00Z");
    expect(due("call", { hours }, { preferred_times: "sun 10-12" })).toBe("2026-01-11T07:00:00Z");
  });
  test("isn't due on a holiday", () => {
    expect(due("call", { holidays: ["2026-01-08"] })).toBe("2026-01-09T18:00:00Z");
    expect(due("task", { holidays: ["2026-01-08"] })).toBe("2026-01-09T18:00:00Z");
  });
});

describe("office hours of a message trigger", () => {
  const answers = (data: Record<string, unknown>, settings: Settings = {}) =>
    rows(
      run({
        flow: flow(
          [
            ["start", "trigger.message", { channel: "sms", match: "any", ...data }],
            ["hi", "sms", { text: "Hi", transactional: true }],
          ],
          { settings },
        ),
        contacts: [annWithPhone],
        events: [{ at: "2026-09-23T10:00:00Z", inbound: { channel: "sms", text: "hello?" } }],
        until: "2026-10-01T00:00:00Z",
        workspace: { holidays: ["09-23"] },
      }),
      "message",
    ).length;
  const office = { from: "08:00", to: "22:00" };
  test("end with a holiday: it is outside them all day", () => {
    expect(answers({ outside: office })).toBe(1);
    expect(answers({ within: office })).toBe(0);
    expect(answers({ outside: office }, { holidays: "ignore" })).toBe(0);
    expect(answers({ within: office }, { holidays: "ignore" })).toBe(1);
  });
});

describe("a list of holidays", () => {
  test.each([
    "2026-02-30",
    "13-01",
    "00-10",
    "10-00",
    "hijri:10-31",
    "hijri:1447-13-01",
    "hijri:9999-13-01",
    "2026-1-1",
    "10-01/P0D",
    "10-01/P32D",
    "tomorrow",
    "",
    7,
    null,
    { date: "10-01", days: 0 },
    { date: "10-01", dayz: 1 },
    { date: "hijri:10-01" },
    { date: "10-01", calendar: "julian" },
    { date: "10-01", name: 7 },
    ["10-01"],
  ])("refuses %j and says in both languages how one is written", (holiday) => {
    const [problem] = holidayProblems(["09-23", holiday]);
    expect(problem?.at).toBe(1);
    expect(problem?.message.en).toContain("is not a holiday: write 2026-09-23");
    expect(problem?.message.ar).toContain("ليس عطلة صحيحة");
  });
  test.each([
    "02-29",
    "hijri:12-30",
    "hijri:1447-10-01/P3D",
    "2028-02-29",
    "hijri:9999-10-01",
    { date: "1447-12-10", calendar: "islamic-umalqura", days: 4, name: "Eid" },
  ])("takes %j", (holiday) => {
    expect(holidayProblems([holiday])).toEqual([]);
  });
  test("moves the 29th of February and a Hijri 30th to the last day of a shorter month", () => {
    expect(holidayOn(["02-29"], Date.parse("2026-02-28T12:00Z"), "UTC")).not.toBeNull();
    expect(holidayOn(["02-29"], Date.parse("2028-02-28T12:00Z"), "UTC")).toBeNull();
  });
});

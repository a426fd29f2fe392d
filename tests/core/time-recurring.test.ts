import { describe, expect, test } from "vitest";
import {
  cronNext,
  cronProblem,
  isAnniversary,
  nextRecurrence,
  type Recurrence,
  TimeError,
} from "../../engine/core/time.ts";

const at = (text: string): number => Temporal.Instant.from(text).epochMilliseconds;
const local = (instant: number | null, zone: string): string | null =>
  instant === null
    ? null
    : Temporal.Instant.fromEpochMilliseconds(instant)
        .toZonedDateTimeISO(zone)
        .toString({ timeZoneName: "never", smallestUnit: "minute" });

/** The next `count` moments, each strictly after the one before. */
function series(
  recurrence: Omit<Recurrence, "after">,
  after: string,
  count: number,
): (string | null)[] {
  const found: (string | null)[] = [];
  let from: number | null = at(after);
  for (let i = 0; i < count && from !== null; i++) {
    from = nextRecurrence({ ...recurrence, after: from, strict: i > 0 });
    found.push(local(from, recurrence.zone));
  }
  return found;
}

const yearly = { every: "year", calendar: "gregory", zone: "UTC" } as const;
const monthly = { every: "month", calendar: "gregory", zone: "UTC" } as const;

describe("a date that recurs by the Gregorian calendar", () => {
  test("comes each year on its day, at 00:00 when no time is known", () => {
    expect(series({ ...yearly, date: "1990-05-01" }, "2026-01-01T00:00Z", 2)).toEqual([
      "2026-05-01T00:00+00:00",
      "2027-05-01T00:00+00:00",
    ]);
  });

  test.each([
    ["`at` comes first", "1990-05-01T08:30", "09:00", "2026-05-01T09:00+00:00"],
    ["else the field's own time", "1990-05-01T08:30", undefined, "2026-05-01T08:30+00:00"],
  ])("%s", (_name, date, time, expected) => {
    expect(series({ ...yearly, date, at: time }, "2026-01-01T00:00Z", 1)).toEqual([expected]);
  });

  test("29 February falls on the 28th in other years", () => {
    expect(series({ ...yearly, date: "2000-02-29" }, "2026-01-01T00:00Z", 3)).toEqual([
      "2026-02-28T00:00+00:00",
      "2027-02-28T00:00+00:00",
      "2028-02-29T00:00+00:00",
    ]);
  });

  test("the 31st falls on a month's last day", () => {
    expect(series({ ...monthly, date: "2025-12-31" }, "2026-01-31T00:00Z", 4)).toEqual([
      "2026-01-31T00:00+00:00",
      "2026-02-28T00:00+00:00",
      "2026-03-31T00:00+00:00",
      "2026-04-30T00:00+00:00",
    ]);
  });

  test("once comes once", () => {
    const once = { every: "once", calendar: "gregory", zone: "UTC", date: "2026-05-01" } as const;
    expect(series({ ...once, at: "09:00" }, "2026-05-01T09:00Z", 2)).toEqual([
      "2026-05-01T09:00+00:00",
      null,
    ]);
  });

  test("a date in the future doesn't come before itself", () => {
    expect(series({ ...yearly, date: "2030-05-01" }, "2026-01-01T00:00Z", 1)).toEqual([
      "2030-05-01T00:00+00:00",
    ]);
    expect(series({ ...monthly, date: "2026-05-15" }, "2026-01-01T00:00Z", 2)).toEqual([
      "2026-05-15T00:00+00:00",
      "2026-06-15T00:00+00:00",
    ]);
  });

  test("at the moment itself it fires, strictly later it is the next", () => {
    const birthday = { ...yearly, date: "1990-05-01", at: "09:00", after: at("2026-05-01T09:00Z") };
    expect(local(nextRecurrence(birthday), "UTC")).toBe("2026-05-01T09:00+00:00");
    expect(local(nextRecurrence({ ...birthday, strict: true }), "UTC")).toBe(
      "2027-05-01T09:00+00:00",
    );
  });

  test.each([
    ["-P3D", "1990-01-02", "2026-06-01T00:00Z", "2026-12-30T09:00+00:00"],
    ["P1M", "1990-12-31", "2026-01-15T00:00Z", "2026-01-31T09:00+00:00"],
    ["-PT2H", "1990-05-01", "2026-05-01T07:00Z", "2026-05-01T07:00+00:00"],
    ["-P1M", "1990-03-31", "2026-02-28T09:00Z", "2026-02-28T09:00+00:00"],
    ["P400D", "1990-05-01", "2026-01-01T00:00Z", "2026-06-05T09:00+00:00"],
  ])("the offset %s counts from the date %s", (offset, date, after, expected) => {
    expect(series({ ...yearly, date, offset, at: "09:00" }, after, 1)).toEqual([expected]);
  });

  test("the day is that of the zone when the date has an offset", () => {
    const date = "1990-04-30T22:00:00Z";
    expect(series({ ...yearly, zone: "Asia/Riyadh", date }, "2026-01-01T00:00Z", 1)).toEqual([
      "2026-05-01T01:00+03:00",
    ]);
  });

  test("an hour that doesn't exist is the one after", () => {
    const zone = "America/New_York";
    expect(
      series({ ...yearly, zone, date: "1990-03-08", at: "02:30" }, "2026-01-01T00:00Z", 1),
    ).toEqual(["2026-03-08T03:30-04:00"]);
  });

  test("what is no date never comes, and an offset that is none throws", () => {
    expect(nextRecurrence({ ...yearly, date: "soon", after: 0 })).toBeNull();
    expect(() =>
      nextRecurrence({ ...yearly, date: "1990-05-01", offset: "3 days", after: 0 }),
    ).toThrow(TimeError);
  });
});

describe("a date that recurs by the Hijri calendar", () => {
  const hijri = { calendar: "islamic-umalqura", zone: "Asia/Riyadh" } as const;

  test("1 Ramadan comes on its Gregorian days", () => {
    // 2020-04-24 is 1 Ramadan 1441
    expect(
      series({ ...hijri, every: "year", date: "2020-04-24", at: "09:00" }, "2025-01-01T00:00Z", 3),
    ).toEqual(["2025-03-01T09:00+03:00", "2026-02-18T09:00+03:00", "2027-02-08T09:00+03:00"]);
  });

  test("two Hijri years can begin in one Gregorian year", () => {
    // 2030 has 1 Ramadan in January and in December
    expect(series({ ...hijri, every: "year", date: "2020-04-24" }, "2030-01-01T00:00Z", 2)).toEqual(
      ["2030-01-05T00:00+03:00", "2030-12-26T00:00+03:00"],
    );
  });

  test("the 30th falls on the 29th in a month that has no 30th", () => {
    const days = series({ ...hijri, every: "month", date: "2026-03-19" }, "2026-03-18T00:00Z", 12);
    const shown = days.map((day) =>
      Temporal.PlainDate.from((day ?? "").slice(0, 10)).withCalendar("islamic-umalqura"),
    );
    expect(shown.map((day) => day.month)).toEqual([9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(shown.map((day) => day.day)).toEqual(shown.map((day) => day.daysInMonth));
    expect(new Set(shown.map((day) => day.day))).toEqual(new Set([29, 30]));
  });

  test("a yearly 30 Ramadan falls on the 29th where Ramadan has 29 days", () => {
    // 2026-03-19 is 30 Ramadan 1447; Ramadan 1448 has 29 days
    expect(series({ ...hijri, every: "year", date: "2026-03-19" }, "2026-01-01T00:00Z", 2)).toEqual(
      ["2026-03-19T00:00+03:00", "2027-03-08T00:00+03:00"],
    );
  });
});

describe("an anniversary is today's", () => {
  test.each([
    ["1990-05-01", "2026-05-01T12:00Z", "UTC", "gregory", true],
    ["1990-05-01", "2026-05-02T00:00Z", "UTC", "gregory", false],
    ["1990-05-01", "2026-04-30T21:30Z", "Asia/Riyadh", "gregory", true],
    ["1990-05-01", "2026-04-30T21:30Z", "UTC", "gregory", false],
    ["2000-02-29", "2026-02-28T12:00Z", "UTC", "gregory", true],
    ["2000-02-29", "2028-02-28T12:00Z", "UTC", "gregory", false],
    ["2000-02-29", "2028-02-29T12:00Z", "UTC", "gregory", true],
    ["2026-05-01", "2026-05-01T12:00Z", "UTC", "gregory", true],
    ["2027-05-01", "2026-05-01T12:00Z", "UTC", "gregory", false],
    ["2020-04-24", "2026-02-18T12:00Z", "UTC", "islamic-umalqura", true],
    ["2020-04-24", "2026-04-24T12:00Z", "UTC", "islamic-umalqura", false],
    ["2026-03-19", "2027-03-08T12:00Z", "UTC", "islamic-umalqura", true],
    ["1990-04-30T22:00:00Z", "2026-05-01T12:00Z", "Asia/Riyadh", "gregory", true],
    ["soon", "2026-05-01T12:00Z", "UTC", "gregory", false],
    [19900501, "2026-05-01T12:00Z", "UTC", "gregory", false],
  ] as const)("%s on %s in %s (%s): %s", (value, now, zone, calendar, expected) => {
    expect(isAnniversary(value, at(now), zone, calendar)).toBe(expected);
  });
});

function crons(pattern: string, zone: string, after: string, count: number): (string | null)[] {
  const found: (string | null)[] = [];
  let from: number | null = at(after);
  for (let i = 0; i < count && from !== null; i++) {
    from = cronNext(pattern, from, zone);
    found.push(local(from, zone));
  }
  return found;
}

describe("cron moments", () => {
  test("are strictly later than the moment asked about", () => {
    expect(crons("0 9 * * 1", "UTC", "2026-10-05T08:59:59.999Z", 2)).toEqual([
      "2026-10-05T09:00+00:00",
      "2026-10-12T09:00+00:00",
    ]);
    expect(crons("0 9 * * 1", "UTC", "2026-10-05T09:00Z", 1)).toEqual(["2026-10-12T09:00+00:00"]);
  });

  test("may have seconds as a first of six fields", () => {
    expect(cronNext("*/20 * * * * *", at("2026-10-02T00:00:05Z"), "UTC")).toBe(
      at("2026-10-02T00:00:20Z"),
    );
  });

  test.each([
    [
      "America/New_York",
      "30 2 * * *",
      "2026-03-07T12:00Z",
      ["2026-03-08T03:00-04:00", "2026-03-09T02:30-04:00"],
    ],
    [
      "Africa/Cairo",
      "0 0 * * *",
      "2026-04-23T00:00Z",
      ["2026-04-24T01:00+03:00", "2026-04-25T00:00+03:00"],
    ],
    [
      "Pacific/Chatham",
      "15 3 * * *",
      "2026-09-26T00:00Z",
      ["2026-09-27T03:45+13:45", "2026-09-28T03:15+13:45"],
    ],
    [
      "Australia/Lord_Howe",
      "15 2 * * *",
      "2026-10-03T00:00Z",
      ["2026-10-04T02:30+11:00", "2026-10-05T02:15+11:00"],
    ],
  ])("a time in a gap fires at the gap's end: %s %s", (zone, pattern, after, expected) => {
    expect(crons(pattern, zone, after, 2)).toEqual(expected);
  });

  test.each([
    [
      "America/New_York",
      "30 1 * * *",
      "2026-10-31T12:00Z",
      ["2026-11-01T01:30-04:00", "2026-11-02T01:30-05:00"],
    ],
    [
      "America/New_York",
      "30 1 * * *",
      "2026-11-01T05:45Z",
      ["2026-11-02T01:30-05:00", "2026-11-03T01:30-05:00"],
    ],
    [
      "Africa/Cairo",
      "30 23 * * *",
      "2026-10-29T00:00Z",
      ["2026-10-29T23:30+03:00", "2026-10-30T23:30+02:00"],
    ],
    [
      "Pacific/Chatham",
      "0 3 * * *",
      "2026-04-04T00:00Z",
      ["2026-04-05T03:00+13:45", "2026-04-06T03:00+12:45"],
    ],
    [
      "Australia/Lord_Howe",
      "45 1 * * *",
      "2026-04-04T00:00Z",
      ["2026-04-05T01:45+11:00", "2026-04-06T01:45+10:30"],
    ],
  ])(
    "a fixed time that occurs twice fires once: %s %s after %s",
    (zone, pattern, after, expected) => {
      expect(crons(pattern, zone, after, 2)).toEqual(expected);
    },
  );

  test.each([
    ["Asia/Kathmandu", "0 9 * * *", "2026-10-02T00:00Z", "2026-10-02T09:00+05:45"],
    ["Australia/Eucla", "*/15 9 * * *", "2026-10-02T00:16Z", "2026-10-02T09:15+08:45"],
  ])("zones of quarter hours: %s %s", (zone, pattern, after, expected) => {
    expect(crons(pattern, zone, after, 1)).toEqual([expected]);
  });

  test("a pattern that never comes is refused", () => {
    expect(cronProblem("0 0 30 2 *")).toBe("The cron pattern “0 0 30 2 *” never comes.");
    expect(() => cronNext("0 0 30 2 *", 0, "UTC")).toThrow(TimeError);
    expect(cronProblem("0 9 * * 1-5")).toBeNull();
  });

  test.each([
    [
      "61 * * * *",
      "In the cron pattern “61 * * * *”, “61” is no minute.",
      "«61» غير صالحة في خانة الدقيقة",
    ],
    [
      "0 0 * * 8",
      "In the cron pattern “0 0 * * 8”, “8” is no day of the week.",
      "خانة يوم الأسبوع",
    ],
    ["0 25 * * *", "In the cron pattern “0 25 * * *”, “25” is no hour.", "خانة الساعة"],
    ["* * * *", "“* * * *” is no cron pattern: it needs five fields", "يلزم خمسة حقول"],
    ["@daily", "“@daily” is no cron pattern", "ليس نمط cron"],
    ["x".repeat(61), `“${"x".repeat(60)}” is no cron pattern`, `«${"x".repeat(60)}» ليس نمط cron`],
    ["* * * * * * *", "it needs five fields", "يلزم خمسة حقول"],
    ["2026-01-01T00:00:00", "is no cron pattern", "ليس نمط cron"],
    ["", "“” is no cron pattern", "ليس نمط cron"],
  ])("%j is refused with a sentence in both languages", (pattern, english, arabic) => {
    expect(cronProblem(pattern)).toContain(english);
    expect(cronProblem(pattern, "ar")).toContain(arabic);
  });
});

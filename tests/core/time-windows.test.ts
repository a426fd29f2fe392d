import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  atTime,
  DAYS,
  dayOf,
  inWindow,
  opening,
  openingOfAll,
  TimeError,
} from "../../engine/core/time.ts";
import { instantOf, wallClock } from "../../engine/core/zone.ts";
import type { Window } from "../../nodes/node.ts";

const at = (text: string): number => Temporal.Instant.from(text).epochMilliseconds;
const wall = (text: string, zone = "UTC"): number =>
  Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;
const local = (instant: number, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(instant)
    .toZonedDateTimeISO(zone)
    .toString({ timeZoneName: "never", smallestUnit: "minute" });

// 2026-03-01 is a Sunday.
const OFFICE: Window = { days: ["sun", "mon", "tue", "wed", "thu"], from: "09:00", to: "17:00" };
const NIGHT: Window = { days: ["fri"], from: "22:00", to: "06:00" };

describe("a window is half-open", () => {
  test.each([
    ["2026-03-01T08:59:59.999", false],
    ["2026-03-01T09:00", true],
    ["2026-03-01T16:59:59.999", true],
    ["2026-03-01T17:00", false],
    ["2026-03-06T12:00", false],
  ])("09:00–17:00 Sunday to Thursday holds %s: %s", (moment, inside) => {
    expect(inWindow(OFFICE, wall(moment), "UTC")).toBe(inside);
  });

  test.each([
    ["only from", { from: "16:00" }, "2026-03-01T15:59", false],
    ["only from", { from: "16:00" }, "2026-03-01T23:59", true],
    ["only from", { from: "16:00" }, "2026-03-02T00:00", false],
    ["only to", { to: "10:00" }, "2026-03-01T00:00", true],
    ["only to", { to: "10:00" }, "2026-03-01T10:00", false],
    ["to midnight", { from: "22:00", to: "00:00" }, "2026-03-01T23:59", true],
    ["to midnight", { from: "22:00", to: "00:00" }, "2026-03-02T00:00", false],
    ["days alone", { days: ["sun"] }, "2026-03-01T23:59:59.999", true],
    ["days alone", { days: ["sun"] }, "2026-03-02T00:00", false],
  ] as [string, Window, string, boolean][])(
    "%s %j holds %s: %s",
    (_name, window, moment, inside) => {
      expect(inWindow(window, wall(moment), "UTC")).toBe(inside);
    },
  );

  test("missing days mean every day", () => {
    const days = DAYS.map((_, i) => wall(`2026-03-0${i + 1}T10:00`));
    expect(days.map((day) => inWindow({ from: "09:00", to: "11:00" }, day, "UTC"))).toEqual(
      Array(7).fill(true),
    );
  });

  test("a time of day that is none throws an error that names it", () => {
    expect(() => opening({ from: "9am" }, 0, "UTC")).toThrow(TimeError);
    expect(() => opening({ from: "25:00" }, 0, "UTC")).toThrow("“25:00” is not a time of day");
  });
});

describe("over midnight a window belongs to the day on which it opens", () => {
  test.each([
    ["2026-03-06T21:59", false],
    ["2026-03-06T22:00", true],
    ["2026-03-07T05:59", true],
    ["2026-03-07T06:00", false],
    ["2026-03-06T05:00", false],
    ["2026-03-07T23:00", false],
  ])("Friday 22:00–06:00 holds %s: %s", (moment, inside) => {
    expect(inWindow(NIGHT, wall(moment), "UTC")).toBe(inside);
  });

  test.each([
    ["2026-03-06T12:00", "2026-03-06T22:00"],
    ["2026-03-07T03:00", "2026-03-07T03:00"],
    ["2026-03-07T06:00", "2026-03-13T22:00"],
  ])("from %s it opens at %s", (from, expected) => {
    expect(opening(NIGHT, wall(from), "UTC")).toBe(wall(expected));
  });
});

describe("a moment inside passes at once, otherwise the next opening is waited for", () => {
  test.each([
    ["2026-03-01T10:30", "2026-03-01T10:30"],
    ["2026-03-01T08:00", "2026-03-01T09:00"],
    ["2026-03-01T17:00", "2026-03-02T09:00"],
    ["2026-03-05T17:00", "2026-03-08T09:00"],
  ])("from %s to %s", (from, expected) => {
    expect(opening(OFFICE, wall(from), "UTC")).toBe(wall(expected));
  });

  test.each([
    [OFFICE, "2026-03-01T09:00", "2026-03-02T09:00"],
    [OFFICE, "2026-03-01T10:30", "2026-03-02T09:00"],
    [OFFICE, "2026-03-01T08:59", "2026-03-01T09:00"],
    [OFFICE, "2026-03-05T10:00", "2026-03-08T09:00"],
    [{ days: ["wed", "fri"] }, "2026-03-04T08:00", "2026-03-06T08:00"],
    [{ days: ["wed"] }, "2026-03-04T08:00", "2026-03-11T08:00"],
    [NIGHT, "2026-03-07T03:00", "2026-03-13T22:00"],
  ] as [Window, string, string][])(
    "strictly, %j from %s goes on at %s",
    (window, from, expected) => {
      expect(opening(window, wall(from), "UTC", true)).toBe(wall(expected));
    },
  );

  test.each([
    ["2026-03-01T08:00", "2026-03-04T08:00"],
    ["2026-03-04T23:30", "2026-03-04T23:30"],
    ["2026-03-05T00:15", "2026-03-06T00:15"],
    ["2026-03-07T08:00", "2026-03-11T08:00"],
  ])("with days alone the time of day is kept: %s goes on at %s", (from, expected) => {
    expect(opening({ days: ["wed", "fri"] }, wall(from), "UTC")).toBe(wall(expected));
  });
});

describe("windows across clock changes", () => {
  test.each([
    [
      "America/New_York",
      { from: "09:00", to: "17:00" },
      "2026-03-07T23:00Z",
      "2026-03-08T09:00-04:00",
    ],
    [
      "America/New_York",
      { from: "02:30", to: "06:00" },
      "2026-03-08T05:00Z",
      "2026-03-08T03:30-04:00",
    ],
    [
      "America/New_York",
      { from: "01:30", to: "06:00" },
      "2026-11-01T04:00Z",
      "2026-11-01T01:30-04:00",
    ],
    // 02:30 is 03:30 that day, which is later than 03:15: it doesn't open at all
    [
      "America/New_York",
      { from: "02:30", to: "03:15" },
      "2026-03-08T05:00Z",
      "2026-03-09T02:30-04:00",
    ],
    [
      "Africa/Cairo",
      { days: ["fri"], from: "00:00", to: "05:00" },
      "2026-04-23T12:00Z",
      "2026-04-24T01:00+03:00",
    ],
    ["Africa/Cairo", { days: ["fri"] }, "2026-04-22T22:30Z", "2026-04-24T01:30+03:00"],
    ["Asia/Kathmandu", { from: "09:00" }, "2026-03-01T03:00Z", "2026-03-01T09:00+05:45"],
    [
      "Pacific/Chatham",
      { from: "03:00", to: "05:00" },
      "2026-09-26T13:00Z",
      "2026-09-27T04:00+13:45",
    ],
  ] as [string, Window, string, string][])(
    "%s %j from %s opens at %s",
    (zone, window, from, expected) => {
      const opens = opening(window, at(from), zone);
      expect(local(opens, zone)).toBe(expected);
      expect(inWindow(window, opens, zone)).toBe(true);
    },
  );

  test("the hour that comes twice closes at its first end", () => {
    const early: Window = { to: "01:30" };
    expect(inWindow(early, at("2026-11-01T05:29Z"), "America/New_York")).toBe(true);
    expect(inWindow(early, at("2026-11-01T06:15Z"), "America/New_York")).toBe(false);
  });
});

const ZONES = [
  "UTC",
  "America/New_York",
  "Africa/Cairo",
  "Pacific/Chatham",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "America/St_Johns",
  "Africa/Casablanca",
  "Pacific/Apia",
];
const anyZone = fc.constantFrom(...ZONES);
const anyInstant = fc.integer({ min: at("1990-01-01T00:00Z"), max: at("2060-01-01T00:00Z") });
const anyTime = fc
  .integer({ min: 0, max: 95 })
  .map(
    (q) => `${String(Math.floor(q / 4)).padStart(2, "0")}:${String((q % 4) * 15).padStart(2, "0")}`,
  );
const anyWindow: fc.Arbitrary<Window> = fc
  .record({
    days: fc.uniqueArray(fc.constantFrom(...DAYS), { minLength: 1 }),
    from: anyTime,
    to: anyTime,
  })
  .filter((w) => w.from !== w.to);

test("wall clocks agree with Temporal in every zone and year", () => {
  fc.assert(
    fc.property(anyZone, anyInstant, (zone, instant) => {
      const zoned = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
      const shown = zoned.toPlainDateTime().toZonedDateTime("UTC").epochMilliseconds;
      expect(wallClock(instant, zone)).toBe(shown);
      expect(instantOf(shown, zone)).toBe(
        zoned.toPlainDateTime().toZonedDateTime(zone).epochMilliseconds,
      );
    }),
    { numRuns: 2_000 },
  );
});

test("wall clocks agree with Temporal around every clock change", () => {
  for (const zone of ZONES) {
    let change = Temporal.Instant.from("2024-01-01T00:00Z")
      .toZonedDateTimeISO(zone)
      .getTimeZoneTransition("next");
    for (let n = 0; n < 6 && change; n++, change = change.getTimeZoneTransition("next")) {
      for (let minutes = -180; minutes <= 180; minutes += 15) {
        const plain = change.toPlainDateTime().add({ minutes });
        const shown = plain.toZonedDateTime("UTC").epochMilliseconds;
        expect(instantOf(shown, zone)).toBe(plain.toZonedDateTime(zone).epochMilliseconds);
      }
    }
  }
});

test("an opening lies in the window and nothing between does", () => {
  fc.assert(
    fc.property(anyZone, anyInstant, anyWindow, (zone, from, window) => {
      const opens = opening(window, from, zone);
      expect(inWindow(window, opens, zone)).toBe(true);
      expect(opening(window, opens, zone)).toBe(opens);
      for (let t = from; t < opens; t += 15 * 60_000) expect(inWindow(window, t, zone)).toBe(false);
      expect(opening(window, opens, zone, true)).toBeGreaterThan(opens);
    }),
    { numRuns: 150 },
  );
});

describe("the opening of two sets of windows", () => {
  const evening: Window = { from: "16:00", to: "20:00" };
  test.each([
    ["neither", [], [], "2026-03-01T03:00", "2026-03-01T03:00"],
    ["the first alone", [OFFICE], [], "2026-03-01T03:00", "2026-03-01T09:00"],
    ["the second alone", [], [evening], "2026-03-01T03:00", "2026-03-01T16:00"],
    ["both, where they overlap", [OFFICE], [evening], "2026-03-01T03:00", "2026-03-01T16:00"],
    ["both, inside already", [OFFICE], [evening], "2026-03-01T16:30", "2026-03-01T16:30"],
    [
      "both, after the overlap of the week's last day",
      [OFFICE],
      [evening],
      "2026-03-05T17:00",
      "2026-03-08T16:00",
    ],
    [
      "one of several",
      [OFFICE],
      [{ days: ["fri"] }, { from: "08:00", to: "09:30" }],
      "2026-03-01T10:00",
      "2026-03-02T09:00",
    ],
    [
      "days alone against hours, whatever the hour now",
      [{ from: "09:00", to: "12:00" }],
      [{ days: ["wed"] }],
      "2026-03-01T20:00",
      "2026-03-04T09:00",
    ],
    [
      "hours against days alone",
      [{ days: ["wed"] }],
      [{ from: "09:00", to: "12:00" }],
      "2026-03-01T20:00",
      "2026-03-04T09:00",
    ],
    [
      "days alone on both sides keep the time of day",
      [{ days: ["wed", "thu"] }],
      [{ days: ["thu", "fri"] }],
      "2026-03-01T20:00",
      "2026-03-05T20:00",
    ],
    [
      "over midnight",
      [{ from: "22:00", to: "03:00" }],
      [{ days: ["tue"], from: "01:00", to: "05:00" }],
      "2026-03-01T12:00",
      "2026-03-03T01:00",
    ],
    [
      "never meeting: the contact's own wins",
      [OFFICE],
      [{ from: "18:00", to: "20:00" }],
      "2026-03-01T10:00",
      "2026-03-01T18:00",
    ],
    [
      "never meeting by day: the contact's own wins",
      [OFFICE],
      [{ days: ["fri"], from: "10:00", to: "11:00" }],
      "2026-03-01T10:00",
      "2026-03-06T10:00",
    ],
  ] as [string, Window[], Window[], string, string][])(
    "%s",
    (_name, first, second, from, expected) => {
      expect(openingOfAll(first, second, wall(from), "UTC")).toBe(wall(expected));
    },
  );
});

describe("at a time of day", () => {
  test.each([
    ["09:00", undefined, "2026-03-01T09:00", false, "2026-03-01T09:00"],
    ["09:00", undefined, "2026-03-01T09:00", true, "2026-03-02T09:00"],
    ["09:00", undefined, "2026-03-01T09:00:00.001", false, "2026-03-02T09:00"],
    ["09:00", ["wed"], "2026-03-01T08:00", false, "2026-03-04T09:00"],
    ["09:00", ["sun"], "2026-03-01T10:00", false, "2026-03-08T09:00"],
  ] as const)("until %s %j from %s (strict %s) is %s", (time, days, from, strict, expected) => {
    expect(atTime(time, days, wall(from), "UTC", strict)).toBe(wall(expected));
  });

  test.each([
    ["America/New_York", "02:30", "2026-03-08T05:00Z", "2026-03-08T03:30-04:00"],
    ["America/New_York", "01:30", "2026-11-01T05:45Z", "2026-11-02T01:30-05:00"],
    ["Africa/Cairo", "00:00", "2026-04-23T12:00Z", "2026-04-24T01:00+03:00"],
  ])("%s %s from %s is %s", (zone, time, from, expected) => {
    expect(local(atTime(time, undefined, at(from), zone), zone)).toBe(expected);
  });

  test.each([
    [1, undefined, "2026-03-01T10:20", "2026-03-01T10:20"],
    [1, "09:00", "2026-03-01T10:20", "2026-03-01T09:00"],
    [3, "09:00", "2026-03-01T10:20", "2026-03-03T09:00"],
    [7, undefined, "2026-03-01T10:20", "2026-03-07T10:20"],
  ])("day %s at %s, entered %s, is %s", (n, time, from, expected) => {
    expect(dayOf(n, time, wall(from), "UTC")).toBe(wall(expected));
  });

  test("the time of entry is kept across a clock change", () => {
    expect(
      local(dayOf(3, undefined, at("2026-03-07T14:00Z"), "America/New_York"), "America/New_York"),
    ).toBe("2026-03-09T09:00-04:00");
  });
});

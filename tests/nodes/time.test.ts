import { describe, expect, it } from "vitest";
import wait from "../../nodes/wait.ts";
import waitFor from "../../nodes/wait-for.ts";
import { at, NOW, pointers, runNode } from "./fake.ts";

const until = (text: string) => ({ wait: at(text), for: "wait" });
const next = { leave: "next" };
const HOUR = 3_600_000;

describe("wait", () => {
  it("waits a duration from arrival", () => {
    expect(runNode(wait, { for: "P3D" })).toEqual(until("2026-03-04T10:00"));
  });

  it("counts a duration from arrival and what pauses added, not from now", () => {
    const changes = { since: NOW - HOUR, shift: 2 * HOUR, woke: { by: "again" } as const };
    expect(runNode(wait, { for: "P1D" }, changes)).toEqual(until("2026-03-02T11:00"));
  });

  it("goes on at once when the time asked for has passed", () => {
    expect(runNode(wait, { date: "2026-02-01" })).toEqual(next);
    expect(runNode(wait, { date: "2026-03-01T10:00:00" })).toEqual(next);
    expect(runNode(wait, { for: "PT0S" })).toEqual(next);
  });

  it("goes on when its moment has come, without computing it anew", () => {
    expect(runNode(wait, { for: "P3D" }, { woke: { by: "time" } })).toEqual(next);
  });

  it("waits until a date, which a pause doesn't move", () => {
    const changes = { shift: 5 * HOUR, woke: { by: "again" } as const };
    expect(runNode(wait, { date: "2026-03-05T08:30" }, changes)).toEqual(until("2026-03-05T08:30"));
  });

  it("takes the first time of day on the days named, now included", () => {
    expect(runNode(wait, { until: { time: "10:00" } })).toEqual(next);
    expect(runNode(wait, { until: { time: "09:00" } })).toEqual(until("2026-03-02T09:00"));
    expect(runNode(wait, { until: { time: "09:00", days: ["wed", "fri"] } })).toEqual(
      until("2026-03-04T09:00"),
    );
  });

  it.each([
    [{ until: { time: "10:00" } }, "2026-03-02T10:00"],
    [{ window: { from: "10:00", to: "12:00" } }, "2026-03-02T10:00"],
    [{ best: { within: "P1D" } }, "2026-03-02T10:00"],
    [{ date: "2026-01-01", window: { from: "09:00", to: "12:00" } }, "2026-03-02T09:00"],
  ])("takes the next moment of %j in a run that left it at this instant", (data, moment) => {
    expect(runNode(wait, data, { left: NOW, visit: 2 })).toEqual(until(moment));
    expect(runNode(wait, data, { left: NOW - 1, visit: 2 })).toEqual(next);
  });

  it("keeps the next moment when it is computed anew after a pause", () => {
    const changes = { since: NOW, left: NOW, now: NOW + HOUR, woke: { by: "again" } as const };
    expect(runNode(wait, { until: { time: "10:00" } }, changes)).toEqual(until("2026-03-02T10:00"));
  });

  it("passes at once inside a window and else waits for its opening", () => {
    expect(runNode(wait, { window: { from: "09:00", to: "21:00" } })).toEqual(next);
    expect(runNode(wait, { window: { from: "12:00", to: "21:00" } })).toEqual(
      until("2026-03-01T12:00"),
    );
  });

  it("applies a window after the wait beside it", () => {
    const window = { from: "12:00", to: "21:00" };
    expect(runNode(wait, { for: "P1D", window })).toEqual(until("2026-03-02T12:00"));
    expect(runNode(wait, { for: "PT4H", window })).toEqual(until("2026-03-01T14:00"));
    expect(runNode(wait, { date: "2026-01-01", window })).toEqual(until("2026-03-01T12:00"));
  });

  it("waits until a date in a field, moved by its offset", () => {
    const values = { "event.appointment": "2026-03-10T15:00" };
    const field = { name: "event.appointment", offset: "-P1D" };
    expect(runNode(wait, { field }, {}, { values })).toEqual(until("2026-03-09T15:00"));
    expect(runNode(wait, { field: { name: field.name } }, {}, { values })).toEqual(
      until("2026-03-10T15:00"),
    );
  });

  it("goes on at once and says so when the field is missing or no date", () => {
    const decision = { leave: "next", reason: "no-date" };
    const field = { name: "renewal", offset: "P1D" };
    expect(runNode(wait, { field })).toEqual(decision);
    expect(runNode(wait, { field }, {}, { values: { renewal: "soon" } })).toEqual(decision);
    const window = { from: "12:00" };
    expect(runNode(wait, { field, window })).toEqual(decision);
  });

  it("counts days of the flow from entry, the day of entry being the first", () => {
    const entered = at("2026-02-28T18:00");
    expect(runNode(wait, { day: { n: 3, at: "09:00" } }, { entered })).toEqual(
      until("2026-03-02T09:00"),
    );
    expect(runNode(wait, { day: { n: 3 } }, { entered })).toEqual(until("2026-03-02T18:00"));
    expect(runNode(wait, { day: { n: 1 } }, { entered })).toEqual(next);
  });

  it("waits for the contact's best hour", () => {
    const best = at("2026-03-01T19:00");
    expect(runNode(wait, { best: { within: "P1D" } }, {}, { best })).toEqual(
      until("2026-03-01T19:00"),
    );
  });

  it("refuses no way of waiting, two of them, a closed window and a date that doesn't exist", () => {
    expect(pointers(wait, {})).toEqual([""]);
    expect(pointers(wait, { for: "P1D", day: { n: 2 } })).toEqual(["/day"]);
    expect(pointers(wait, { window: { from: "09:00", to: "09:00" } })).toEqual(["/window/to"]);
    expect(pointers(wait, { date: "2026-02-30" })).toEqual(["/date"]);
    expect(pointers(wait, { date: "2028-02-29T09:00+03:00" })).toEqual([]);
    expect(pointers(wait, { window: { days: ["mon"] } })).toEqual([]);
  });
});

describe("wait-for", () => {
  const rule = { message: "clicked" as const, node: "offer" };
  const data = { rule, timeout: "P3D" };
  const asked = { rule, pointer: "/rule" };
  const holds = ["/rule"];

  it("goes on at once when the rule holds on arrival", () => {
    expect(runNode(waitFor, data, {}, { holds })).toEqual({ leave: "matched" });
  });

  it("waits for the rule until the timeout, counted with what pauses added", () => {
    expect(runNode(waitFor, data)).toEqual({
      wait: at("2026-03-04T10:00"),
      for: "rule",
      rule: asked,
    });
    expect(runNode(waitFor, data, { shift: HOUR, woke: { by: "again" } })).toEqual({
      wait: at("2026-03-04T11:00"),
      for: "rule",
      rule: asked,
    });
  });

  it("waits for as long as it takes without a timeout", () => {
    expect(runNode(waitFor, { rule })).toEqual({ wait: null, for: "rule", rule: asked });
  });

  it("lets the match win over a timeout of the same instant", () => {
    const now = at("2026-03-04T10:00");
    expect(runNode(waitFor, data, { now, woke: { by: "time" } }, { holds })).toEqual({
      leave: "matched",
    });
    expect(runNode(waitFor, data, { now, woke: { by: "time" } })).toEqual({ leave: "timeout" });
  });

  it("leaves by matched when the rule woke it", () => {
    expect(runNode(waitFor, data, { woke: { by: "rule" } })).toEqual({ leave: "matched" });
  });

  it("leaves by timeout after a pause that outlasted it", () => {
    const now = at("2026-03-05T10:00");
    const due = at("2026-03-04T10:00");
    expect(runNode(waitFor, data, { now, woke: { by: "again" } })).toEqual({
      leave: "timeout",
      due,
    });
  });
});

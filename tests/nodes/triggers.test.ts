import { describe, expect, it } from "vitest";
import { NODE_TYPES, type NodeType } from "../../nodes/index.ts";
import created from "../../nodes/trigger.created.ts";
import date from "../../nodes/trigger.date.ts";
import event from "../../nodes/trigger.event.ts";
import field from "../../nodes/trigger.field.ts";
import idle from "../../nodes/trigger.idle.ts";
import manual from "../../nodes/trigger.manual.ts";
import message from "../../nodes/trigger.message.ts";
import schedule from "../../nodes/trigger.schedule.ts";
import segment from "../../nodes/trigger.segment.ts";
import tag from "../../nodes/trigger.tag.ts";
import webhook from "../../nodes/trigger.webhook.ts";
import { pointers, runNode } from "./fake.ts";

const vip = { tag: "vip" };
const starts = <D>(type: NodeType<D>, data: D) => type.starts?.(data);

describe("triggers", () => {
  it("are left by next at once", () => {
    for (const type of NODE_TYPES.filter((n) => n.group === "trigger")) {
      expect(runNode(type, type.example)).toEqual({ leave: "next" });
    }
  });

  it("listen to what they name", () => {
    expect(starts(manual, {})).toEqual({ on: "manual" });
    expect(starts(created, { where: vip })).toEqual({ on: "created", where: vip });
    expect(starts(field, { field: "city", where: vip })).toEqual({
      on: "field",
      field: "city",
      where: vip,
    });
    expect(starts(idle, { for: "P7D" })).toEqual({ on: "idle", for: "P7D" });
    expect(starts(webhook, { event: "form.submitted" })).toEqual({
      on: "webhook",
      event: "form.submitted",
    });
    const where = [{ data: "amount", op: ">" as const, value: 5 }];
    expect(starts(event, { event: "order.placed", where })).toEqual({
      on: "event",
      event: "order.placed",
      where,
    });
  });

  it("take a tag as added and a segment as entered unless told otherwise", () => {
    expect(starts(tag, { tag: "vip" })).toEqual({ on: "tag", tag: "vip", change: "added" });
    expect(starts(tag, { tag: "vip", on: "removed" })).toEqual({
      on: "tag",
      tag: "vip",
      change: "removed",
    });
    expect(starts(segment, { segment: "s" })).toEqual({
      on: "segment",
      segment: "s",
      change: "entered",
    });
    expect(starts(segment, { segment: "s", on: "left" })).toEqual({
      on: "segment",
      segment: "s",
      change: "left",
    });
  });
});

describe("trigger.schedule", () => {
  it("catches up with the latest moment and leaves the zone to the flow by default", () => {
    expect(starts(schedule, { cron: "0 9 * * *", audience: vip })).toEqual({
      on: "schedule",
      cron: "0 9 * * *",
      at: undefined,
      timezone: undefined,
      audience: vip,
      catchUp: "latest",
    });
  });

  it("needs a repetition or one moment, not both", () => {
    expect(pointers(schedule, { audience: vip })).toEqual([""]);
    expect(pointers(schedule, { cron: "0 9 * * *", at: "2026-05-01", audience: vip })).toEqual([
      "/at",
    ]);
    expect(pointers(schedule, { at: "1 May", audience: vip })).toEqual(["/at"]);
  });

  it.each([
    ["Asia/Riyadh", []],
    ["contact", []],
    ["UTC", []],
    ["Asia/Riyad", ["/timezone"]],
    ["+03:00", ["/timezone"]],
  ])("judges the zone %s", (timezone, problems) => {
    expect(pointers(schedule, { cron: "0 9 * * *", audience: vip, timezone })).toEqual(problems);
  });
});

describe("trigger.date", () => {
  it("comes round every Gregorian year without an offset by default", () => {
    expect(starts(date, { field: "birthday" })).toEqual({
      on: "date",
      field: "birthday",
      offset: "PT0S",
      at: undefined,
      every: "year",
      calendar: "gregory",
    });
  });
});

describe("trigger.message", () => {
  it("matches whole words by default", () => {
    expect(starts(message, { channel: "sms", keywords: ["offer"] })).toEqual({
      on: "message",
      channel: "sms",
      keywords: ["offer"],
      match: "word",
      within: undefined,
      outside: undefined,
    });
  });

  it("needs keywords unless any message will do", () => {
    expect(pointers(message, { channel: "sms" })).toEqual(["/keywords"]);
    expect(pointers(message, { channel: "sms", keywords: [], match: "exact" })).toEqual([
      "/keywords",
    ]);
    expect(pointers(message, { channel: "sms", match: "any" })).toEqual([]);
  });

  it("refuses windows that open and close at one time", () => {
    const window = { from: "08:00", to: "08:00" };
    expect(
      pointers(message, { channel: "sms", match: "any", within: window, outside: window }),
    ).toEqual(["/within/to", "/outside/to"]);
  });
});

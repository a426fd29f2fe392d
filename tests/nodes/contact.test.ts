import { describe, expect, it } from "vitest";
import field from "../../nodes/field.ts";
import score from "../../nodes/score.ts";
import stage from "../../nodes/stage.ts";
import tag from "../../nodes/tag.ts";
import { at, pointers, runNode } from "./fake.ts";

describe("tag", () => {
  it("adds tags for ever or until a moment, and removes others", () => {
    const data = { add: [{ tag: "client" }, { tag: "quoted", expires: "P7D" }], remove: ["lead"] };
    expect(runNode(tag, data)).toEqual({
      effects: [
        {
          do: "tag",
          add: [
            { tag: "client", expires: null },
            { tag: "quoted", expires: at("2026-03-08T10:00") },
          ],
          remove: ["lead"],
        },
      ],
      leave: "next",
    });
  });

  it("refuses to do nothing", () => {
    expect(pointers(tag, {})).toEqual([""]);
    expect(pointers(tag, { remove: ["lead"] })).toEqual([]);
  });
});

describe("field", () => {
  it("sets values, keeping the type of one path alone, and clears others", () => {
    const data = {
      set: { spent: "{{event.amount}}", note: "Paid {{event.amount}}", vip: true },
      clear: ["quote"],
    };
    expect(runNode(field, data, {}, { values: { "event.amount": 40 } })).toEqual({
      effects: [{ do: "set", fields: { spent: 40, note: "Paid 40", vip: true, quote: null } }],
      leave: "next",
    });
  });

  it("refuses to do nothing, or to set and clear the same field", () => {
    expect(pointers(field, { set: {} })).toEqual([""]);
    expect(pointers(field, { set: { a: 1 }, clear: ["b", "a"] })).toEqual(["/clear/1"]);
  });
});

describe("score and stage", () => {
  it("changes the score by what it says", () => {
    expect(runNode(score, { add: -3 })).toEqual({
      effects: [{ do: "score", add: -3 }],
      leave: "next",
    });
  });

  it("moves to a stage", () => {
    expect(runNode(stage, { pipeline: "sales", to: "won" })).toEqual({
      effects: [{ do: "stage", pipeline: "sales", to: "won" }],
      leave: "next",
    });
  });
});

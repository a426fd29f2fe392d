import { describe, expect, test } from "vitest";
import { checkFlow } from "../../engine/core/check.ts";
import { closest } from "../../engine/core/closest.ts";
import { sayProblem } from "../../engine/core/problems.ts";
import { flowWith } from "./check-flow.ts";

describe("a sentence", () => {
  test("names the node by its own name and id, the field, and what to write instead", () => {
    const data = { for: "3 days", label: { en: "Cool down", ar: "مهلة" } };
    const [problem] = checkFlow(flowWith("wait", data));
    expect(problem && sayProblem(problem, "en")).toBe(
      '"Cool down" (node n), For: the duration “3 days” isn\'t written as ISO 8601; write P3D instead.',
    );
    expect(problem && sayProblem(problem, "ar")).toBe(
      "«مهلة» (الخطوة n)، لمدة: المدة «3 days» غير مكتوبة بصيغة ISO 8601؛ اكتب P3D بدلًا منها.",
    );
  });

  test("counts what lies in a list, and nodes without an id, from one", () => {
    const tags = [{ tag: "a" }, { tag: "b", expires: "soon" }];
    const [problem] = checkFlow(flowWith("tag", { add: tags }));
    expect(problem?.message.en).toMatch(/, Add 2: /);
    const doc = flowWith("score", { add: 1 });
    const nodes = (doc.nodes as Record<string, unknown>[]).map(({ id, ...node }) =>
      node.type === "score" ? { ...node, data: { add: "x" } } : { id, ...node },
    );
    const said = checkFlow({ ...doc, nodes }).map((p) => sayProblem(p, "en"));
    expect(said.join("\n")).toContain(`(number ${nodes.findIndex((n) => !("id" in n)) + 1})`);
  });

  test.each(["", "x".repeat(65)])("suggests nothing for “%s”", (typed) => {
    expect(closest(typed, ["wait", "x", typed])).toBeNull();
  });

  test("suggests a word of one letter for another in capitals", () => {
    expect(closest("A", ["b", "a"])).toBe("a");
  });

  test("names a node without a name of its own by its type", () => {
    const [problem] = checkFlow(flowWith("score", { add: 1, ad: 2 }));
    expect(problem?.message.en).toMatch(
      /^".+" \(node n\): unknown key “ad”; did you mean “add”\?$/,
    );
  });

  test.each([
    ["trigger.tags", "trigger.tag"],
    ["wiat", "wait"],
    ["Email", "email"],
    ["start_flow", "start-flow"],
  ])("suggests for the node type %s the closest, %s", (typed, meant) => {
    const [problem] = checkFlow(flowWith(typed, {}));
    expect(problem?.message.en).toContain(`did you mean “${meant}”?`);
    expect(problem?.message.ar).toContain(`هل تقصد «${meant}»؟`);
  });

  test.each([
    ["2h", "PT2H"],
    ["p3d", "P3D"],
    ["45 minutes", "PT45M"],
    ["3 أيام", "P3D"],
    ["2 weeks", "P2W"],
    ["1 month", "P1M"],
  ])("writes the duration %s as it must be, %s", (typed, iso) => {
    const [problem] = checkFlow(flowWith("wait", { for: typed }));
    expect(problem?.message.en).toContain(`write ${iso} instead`);
  });

  test("never quotes a long or many-lined value whole", () => {
    const [problem] = checkFlow(flowWith("wait", { for: `x\n\u202e${"y".repeat(60)}` }));
    expect(problem?.message.en).toContain(`“x ${"y".repeat(37)}…”`);
  });
});

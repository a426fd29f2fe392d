import { describe, expect, test, vi } from "vitest";
import { palette } from "../../editor/src/lib/canvas/groups.ts";
import { addAfter, connect } from "../../editor/src/lib/flow/edit.ts";
import { labelOf, outputsOf, summaryOf } from "../../editor/src/lib/flow/shape.ts";
import { addMember, nodeFields } from "../../editor/src/lib/form/model.ts";
import type * as Registry from "../../nodes/index.ts";
import { nodeType } from "../../nodes/index.ts";
import { doc, edgesOf } from "./flows.ts";

// A node type as its file would declare it, added to the registry and to nothing else.
vi.mock("../../nodes/index.ts", async (original) => {
  const registry = await original<typeof Registry>();
  const { Choice, Data, Name, Optional } = await import("../../nodes/schema.ts");
  const words = (en: string, ar: string) => ({ en, ar });
  const weather = registry.node<{ city: string; sky?: "sun" | "rain" }>({
    type: "weather",
    group: "logic",
    icon: "cloud-sun",
    label: words("Weather", "الطقس"),
    about: words("Goes on by the weather.", "يتابع بحسب الطقس."),
    data: Data({
      city: Name({ label: words("City", "المدينة") }, "field"),
      sky: Optional(
        Choice(
          ["sun", "rain"],
          { sun: words("Sun", "شمس"), rain: words("Rain", "مطر") },
          { label: words("Sky", "السماء") },
        ),
      ),
    }),
    example: { city: "Riyadh" },
    summary: ({ city }, say) => say(words(`Weather in ${city}`, `الطقس في ${city}`)),
    outputs: () => [registry.next, { id: "storm", label: words("Storm", "عاصفة") }],
    run: () => ({ leave: "next" }),
  });
  const NODE_TYPES = [...registry.NODE_TYPES, weather];
  return {
    ...registry,
    NODE_TYPES,
    nodeType: (type: string) => NODE_TYPES.find((t) => t.type === type),
  };
});

const weather = () => {
  const type = nodeType("weather");
  if (!type) throw new Error("the registry has no weather");
  return type;
};

describe("a node type that was added to the registry and nowhere else", () => {
  test("is in the palette under its group, and found by its name in both languages", () => {
    expect(palette("", "en").find((g) => g.group === "logic")?.types).toContain(weather());
    expect(palette("weather", "en")[0]?.types[0]).toBe(weather());
    expect(palette("طقس", "ar")[0]?.types).toEqual([weather()]);
  });

  test("has a form with its controls, words and first values", () => {
    const fields = nodeFields(weather());
    expect(fields.map((f) => [f.key, f.control, f.required, f.label.ar])).toEqual([
      ["city", "field", true, "المدينة"],
      ["sky", "choice", false, "السماء"],
    ]);
    expect(addMember(weather(), fields, { city: "Riyadh" }, "sky")).toEqual({
      city: "Riyadh",
      sky: "sun",
    });
  });

  test("is drawn with its name, its line and its outputs, and connected by them", () => {
    const { doc: flow, id } = addAfter(doc("start:trigger.manual"), "weather", "start", "next");
    const card = flow.nodes.find((n) => n.id === id);
    if (!card) throw new Error("no card");
    expect([id, labelOf(card, "ar"), summaryOf(card, "en")]).toEqual([
      "weather",
      "الطقس",
      "Weather in Riyadh",
    ]);
    expect(outputsOf(card, []).map((o) => o.label.en)).toEqual(["Next", "Storm"]);
    const { doc: more } = addAfter(flow, "exit", "weather", "storm");
    expect(edgesOf(connect(more, "weather", "next", "exit")).sort()).toEqual([
      "start/next>weather",
      "weather/next>exit",
      "weather/storm>exit",
    ]);
  });
});

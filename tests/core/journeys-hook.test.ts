import { describe, expect, test } from "vitest";
import { ANN, email, flow, lineOf, rows, run, wait } from "./journey.ts";

/** A call of the flow's own address, as another system makes it. */
const call = (at: string, body: unknown, node = "start") => ({ at, webhook: { node, body } });
const form = (data: Record<string, unknown>, settings = {}) =>
  flow([["start", "trigger.webhook", data], wait("w", "P1D")], { settings });

describe("trigger.webhook", () => {
  test("starts at a call; templates and rules see its body, the contact gets the mapped fields", () => {
    const told = run({
      flow: flow([
        ["start", "trigger.webhook", { map: { first_name: "person.name", size: "employees" } }],
        email("m", {
          subject: "{{contact.first_name}}, {{event.employees}}, {{event.person.name}}",
        }),
        ["k", "condition", { rule: { field: "size", op: "=", value: 40 } }],
      ]),
      events: [call("2026-01-06T08:00:00Z", { person: { name: "Ann" }, employees: 40 })],
    });
    expect(rows(told, "entered", "step")).toEqual([
      "01-06T08:00 start entered start",
      "01-06T08:00 start step next",
      "01-06T08:00 m step next",
      "01-06T08:00 k step yes",
    ]);
    expect(lineOf(told, "message").subject).toBe("Ann, 40, Ann");
  });

  test("keeps the call as an event of the given name, which other flows may listen to", () => {
    const told = run({
      flow: form({ event: "form.submitted" }),
      others: [
        flow([["start", "trigger.event", { event: "form.submitted" }], wait("w", "P1D")], {
          id: "other",
        }),
        flow([["start", "trigger.webhook", { event: "form.submitted" }], wait("w", "P1D")], {
          id: "third",
        }),
      ],
      events: [call("2026-01-06T08:00:00Z", { page: "/offer" })],
    });
    expect(rows(told, "entered")).toEqual([
      "01-06T08:00 start entered start",
      "01-06T08:00 other: start entered start",
    ]);
  });

  test("is told apart by a key in the body; the same call twice counts once", () => {
    const told = run({
      flow: form({}, { reentry: { mode: "per-key", key: "order.id" } }),
      events: [
        { ...call("2026-01-06T08:00:00Z", { order: { id: 7 } }), id: "h1" },
        { ...call("2026-01-06T09:00:00Z", { order: { id: 7 } }), id: "h1" },
        call("2026-01-06T10:00:00Z", { order: { id: 7 } }),
        call("2026-01-06T11:00:00Z", { order: { id: 8 } }),
      ],
    });
    expect(rows(told, "entered", "ignored")).toEqual([
      "01-06T08:00 start entered start",
      "01-06T10:00 start ignored key-used",
      "01-06T11:00 #2 start entered start",
    ]);
  });

  test("finds nothing where the map points to nothing, and takes a body that is no object", () => {
    const told = run({
      flow: flow([
        ["start", "trigger.webhook", { map: { city: "a.b", source: "body" } }],
        email("m", { subject: "{{event.body}}" }),
      ]),
      contacts: [{ email: ANN, city: "Riyadh" }],
      events: [call("2026-01-06T08:00:00Z", "hello")],
    });
    expect(lineOf(told, "message").subject).toBe("hello");
  });

  test("before the span a call only sets facts", () => {
    const told = run({
      flow: flow(
        [
          ["start", "trigger.event", { event: "go" }],
          [
            "k",
            "condition",
            { rule: { all: [{ event: "webhook" }, { field: "city", op: "=", value: "Riyadh" }] } },
          ],
          ["hook", "trigger.webhook", { map: { city: "city" } }],
        ],
        { edges: ["start > k", "hook > k"] },
      ),
      events: [
        call("2026-01-01T00:00:00Z", { city: "Riyadh" }, "hook"),
        { at: "2026-01-06T08:00:00Z", event: "go" },
      ],
    });
    expect(rows(told, "entered", "step")).toEqual([
      "01-06T08:00 start entered start",
      "01-06T08:00 start step next",
      "01-06T08:00 k step yes",
    ]);
  });
});

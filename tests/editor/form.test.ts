import { type TSchema, Type } from "typebox";
import { describe, expect, test } from "vitest";
import { palette } from "../../editor/src/lib/canvas/groups.ts";
import { bare } from "../../editor/src/lib/canvas/problems.ts";
import { outputsOf, summaryOf } from "../../editor/src/lib/flow/shape.ts";
import { harvest } from "../../editor/src/lib/form/harvest.ts";
import {
  addMember,
  blankOf,
  fieldOf,
  fieldsOf,
  isShown,
  nodeFields,
  problemsAt,
  withMember,
} from "../../editor/src/lib/form/model.ts";
import {
  blankRule,
  countable,
  grouped,
  isLeaf,
  type LeafKind,
  membersOf,
  partsOf,
  RULE_KINDS,
  typedValue,
  withOp,
} from "../../editor/src/lib/form/rules.ts";
import { sampled } from "../../editor/src/lib/form/sample.ts";
import { timeOf } from "../../editor/src/lib/form/time.ts";
import {
  NODE_TYPES,
  nodeType,
  OPS,
  RULE_SCHEMAS,
  type Rule,
  type RuleKind,
} from "../../nodes/index.ts";
import { SettingsSchema } from "../../nodes/settings.ts";
import { doc } from "./flows.ts";

const typeOf = (name: string) => {
  const found = nodeType(name);
  if (!found) throw new Error(`no node type ${name}`);
  return found;
};

describe("a form made from a schema", () => {
  test.each(NODE_TYPES.map((type) => [type.type, type] as const))(
    "every value of %s has a control of its own",
    (_name, type) => {
      const falls: string[] = [];
      const visit = (fields: readonly ReturnType<typeof fieldOf>[], path: string): void => {
        for (const field of fields) {
          if (field.control === "json") falls.push(path + field.key);
          if (field.control === "group") visit(field.fields, `${path}${field.key}.`);
        }
      };
      visit(nodeFields(type), "");
      expect(falls).toEqual([]);
    },
  );

  test("the settings of a flow have a form too", () => {
    const controls = fieldsOf(SettingsSchema).map((f) => `${f.key} ${f.control}`);
    expect(controls).toEqual([
      "timezone zone",
      "reentry group",
      "exitWhen rule",
      "goal group",
      "sendWindow window",
      "hours choice",
      "holidays choice",
      "frequencyCap list",
      "onReply group",
      "late group",
    ]);
  });

  test.each([
    [Type.String(), "text"],
    [Type.Integer(), "number"],
    [Type.Boolean(), "toggle"],
    [{ type: "string", enum: ["a", "b"] }, "choice"],
    [Type.Array(Type.String()), "list"],
    [Type.Object({ a: Type.String() }), "group"],
    [{ type: "object", additionalProperties: { type: "string" } }, "map"],
    [{ type: "object" }, "json"],
    [{}, "json"],
    [{ type: "string", control: "hologram" }, "text"],
  ] as [TSchema, string][])("a schema without a control, %j, is shown as %s", (schema, control) => {
    expect(fieldOf("x", schema, true).control).toBe(control);
  });

  test("name and note aren't among a node's own fields", () => {
    expect(nodeFields(typeOf("email")).map((f) => f.key)).not.toContain("label");
  });

  test("what must be given, what is given, and switches are shown; the rest waits", () => {
    const shown = nodeFields(typeOf("email")).filter((f) => isShown(f, { replyTo: "a@b.c" }));
    expect(shown.map((f) => f.key)).toEqual(["subject", "body", "replyTo", "transactional"]);
  });

  test("a member set to nothing leaves no key behind, and the order of keys stays", () => {
    expect(Object.keys(withMember({ a: 1, b: 2 }, "a", undefined))).toEqual(["b"]);
    expect(Object.keys(withMember({ a: 1, b: 2 }, "a", 3))).toEqual(["a", "b"]);
  });
});

describe("adding what was left out", () => {
  const add = (type: string, data: Record<string, unknown>, key: string) =>
    addMember(typeOf(type), nodeFields(typeOf(type)), data, key);

  test("a second way of waiting takes the place of the first", () => {
    expect(add("wait", { for: "P3D" }, "date")).toEqual({ date: "" });
    expect(add("wait", { for: "P3D" }, "until")).toEqual({ until: { time: "09:00" } });
  });

  test("a window stands beside a way of waiting", () => {
    const data = add("wait", { for: "P3D" }, "window");
    expect(data.for).toBe("P3D");
    expect(data.window).toBeDefined();
  });

  test("an approved template takes the place of free text, and back", () => {
    expect(Object.keys(add("whatsapp", { text: "Hi", topic: "offers" }, "template"))).toEqual([
      "topic",
      "template",
    ]);
    expect(add("whatsapp", { template: { name: "welcome", language: "ar" } }, "text")).toEqual({
      text: "",
    });
  });

  test("the example's value is taken as a copy where there is one", () => {
    const data = add("split", { variants: [{ id: "a", weight: 1 }] }, "holdout");
    expect(data.holdout).toBe(10);
  });

  test("a blank group has just what it must have", () => {
    const winner = nodeFields(typeOf("split")).find((f) => f.key === "winner");
    expect(winner && blankOf(winner)).toEqual({ test: 0, by: "clicked", after: "P1D" });
  });
});

describe("problems beside their fields", () => {
  const all = [
    { severity: "error" as const, pointer: "/rule/all/0/tag", message: "A" },
    { severity: "error" as const, pointer: "/rules", message: "B" },
    { severity: "warning" as const, pointer: "/rule", message: "C" },
  ];
  test("a field has its own, and its parts' where it shows them whole", () => {
    expect(problemsAt(all, "/rule").map((p) => p.message)).toEqual(["C"]);
    expect(problemsAt(all, "/rule", true).map((p) => p.message)).toEqual(["A", "C"]);
  });

  test.each([
    ["“Wait” (node w1), For: write a duration such as P3D.", "Write a duration such as P3D."],
    ["Settings, Goal: the rule is empty.", "Settings, Goal: the rule is empty."],
    ["«انتظار» (الخطوة w1)، لمدة: اكتب مدة مثل P3D.", "اكتب مدة مثل P3D."],
  ])("the sentence %j is shown as %j", (message, shown) => {
    expect(bare(message)).toBe(shown);
  });
});

describe("the number of contacts that a rule holds for", () => {
  test.each([
    [{ tag: "vip" }, "yes"],
    [{ all: [] }, "yes"],
    [{ all: [{ tag: "vip" }, { not: { field: "city", op: "=", value: "Riyadh" } }] }, "yes"],
    [{ event: "order.placed", since: "P30D" }, "yes"],
    [{ message: "clicked" }, "yes"],
    [{ message: "clicked", flow: "offers", node: "mail" }, "yes"],
    [{ tag: "" }, "unfinished"],
    [{ any: [{ tag: "vip" }, { field: "", op: "=", value: "" }] }, "unfinished"],
    [{ data: "status", op: "=", value: "paid" }, "no"],
    [{ message: "clicked", node: "mail" }, "no"],
    [{ event: "order.placed", since: "enrollment" }, "no"],
    [{ all: [{ tag: "" }, { field: "city", op: "=", value: "{{event.city}}" }] }, "no"],
  ] as const)("%j: %s", (rule, can) => {
    expect(countable(rule as unknown as Rule)).toBe(can);
  });

  test("isn't told of events that count from where the contact stands", () => {
    const placed: Rule = { event: "order.placed" };
    expect(countable(placed)).toBe("yes");
    expect(countable(placed, true)).toBe("no");
    expect(countable({ ...placed, since: "ever" }, true)).toBe("yes");
    const waits = nodeFields(typeOf("wait-for")).find((field) => field.control === "rule");
    expect(waits?.fromHere).toBe(true);
  });
});

describe("times of day", () => {
  test.each([
    ["9", "09:00"],
    ["930", "09:30"],
    ["09:05", "09:05"],
    ["9.30", "09:30"],
    ["1745", "17:45"],
    ["٩:٣٠", "09:30"],
    ["23:59", "23:59"],
    ["24:00", null],
    ["9:60", null],
    ["soon", null],
  ])("%j is %j", (typed, time) => {
    expect(timeOf(typed)).toBe(time);
  });
});

describe("rules", () => {
  const kinds = Object.keys(RULE_SCHEMAS) as RuleKind[];

  test("every kind of rule can be built", () => {
    expect(kinds.filter((kind) => !isLeaf(kind))).toEqual(["all", "any", "not"]);
    expect(Object.keys(RULE_KINDS).sort()).toEqual(kinds.filter(isLeaf).sort());
  });

  test.each(kinds.filter(isLeaf).map((kind) => [kind]))(
    "the form of a %s rule has every member of its schema",
    (kind: LeafKind) => {
      const { properties } = RULE_SCHEMAS[kind] as unknown as {
        properties: Record<string, unknown>;
      };
      expect(
        membersOf(kind)
          .map((m) => m.key)
          .sort(),
      ).toEqual(Object.keys(properties).sort());
      const required = membersOf(kind)
        .filter((m) => m.required)
        .map((m) => m.key);
      expect(Object.keys(blankRule(kind))).toEqual(expect.arrayContaining(required));
    },
  );

  test("a rule alone needs no group around it; a group inside stays one", () => {
    expect(grouped("all", [{ tag: "vip" }])).toEqual({ tag: "vip" });
    expect(grouped("any", [{ tag: "a" }, { tag: "b" }])).toEqual({
      any: [{ tag: "a" }, { tag: "b" }],
    });
    expect(grouped("all", [{ any: [{ tag: "a" }] }])).toEqual({ all: [{ any: [{ tag: "a" }] }] });
    expect(partsOf({ tag: "vip" })).toEqual({ mode: "all", rules: [{ tag: "vip" }] });
    expect(partsOf({ any: [] })).toEqual({ mode: "any", rules: [] });
  });

  test.each([
    ["=", "Riyadh", "in", ["Riyadh"]],
    ["in", ["Riyadh", "Jeddah"], "=", "Riyadh"],
    ["=", "Riyadh", "within-last", "P7D"],
    ["within-last", "P3D", "within-next", "P3D"],
    ["within-last", "P3D", "=", ""],
    ["=", 5, ">", 5],
  ] as const)("from %s %j to %s the value becomes %j", (op, value, other, becomes) => {
    expect(withOp({ op, value }, other)).toEqual({ op: other, value: becomes });
  });

  test("comparisons that need no value have none", () => {
    expect(withOp({ op: "=", value: "x" }, "exists")).toEqual({ op: "exists" });
    for (const op of OPS) expect(withOp({ op: "exists" as const }, op).op).toBe(op);
  });

  test.each([
    ["200", 200],
    ["-1.5", -1.5],
    ["true", true],
    ["007", "007"],
    ["+966500000000", "+966500000000"],
    ["1e5", "1e5"],
    ["", ""],
    ["{{event.id}}", "{{event.id}}"],
    ["12345678901234567890", "12345678901234567890"],
  ])("what is typed as %j means %j", (text, value) => {
    expect(typedValue(text)).toBe(value);
  });
});

describe("help", () => {
  test("names that the flow uses are offered again, each once, templates never", () => {
    const flow = doc("start:trigger.tag > t:tag > if:condition > say:sms");
    const used = harvest({
      ...flow,
      settings: { exitWhen: { any: [{ tag: "client" }, { event: "order.placed" }] } },
    });
    expect(used.tags).toEqual(expect.arrayContaining(["quoted", "client"]));
    expect(used.tags.filter((tag) => tag === "quoted")).toHaveLength(1);
    expect(used.events).toContain("order.placed");
    expect([...used.tags, ...used.fields].filter((name) => name.includes("{{"))).toEqual([]);
  });

  test("a preview fills in a made-up contact and leaves what needs the engine", () => {
    expect(
      sampled("Hi {{contact.first_name}}, {{ contact.city }} {{event.x}} {{contact.size}}", "en"),
    ).toBe("Hi Sara, Riyadh {{event.x}} {{contact.size}}");
    expect(sampled("أهلًا {{contact.first_name}}", "ar-SA")).toBe("أهلًا سارة");
  });
});

describe("the palette", () => {
  test("it has every type once, grouped in the registry's order", () => {
    const all = palette("", "en");
    expect(all.map((g) => g.group)).toEqual([...new Set(NODE_TYPES.map((t) => t.group))]);
    expect(all.flatMap((g) => g.types.map((t) => t.type)).sort()).toEqual(
      NODE_TYPES.map((t) => t.type).sort(),
    );
  });

  test.each([
    ["wait", "en", "wait"],
    ["email", "en", "email"],
    ["انتظار", "ar", "wait"],
    ["بريد", "ar", "email"],
    ["sms", "ar", "sms"],
    ["a/b", "en", "split"],
  ] as const)("searching for %j in %s finds first %s", (wanted, language, first) => {
    expect(palette(wanted, language)[0]?.types[0]?.type).toBe(first);
  });

  test("behind an output no trigger is offered", () => {
    expect(palette("", "en", { triggers: false }).map((g) => g.group)).not.toContain("trigger");
    expect(palette("xyzzy", "en")).toEqual([]);
  });
});

describe("a draft that this program doesn't fully understand", () => {
  test("one that this program lacks is drawn by its edges and says nothing", () => {
    const strange = {
      id: "w",
      type: "weather",
      position: { x: 0, y: 0 },
      data: { city: "Riyadh" },
    };
    const edges = [
      { id: "1", source: "w", sourceHandle: "storm", target: "a" },
      { id: "2", source: "w", sourceHandle: "storm", target: "b" },
    ];
    expect(outputsOf(strange, edges).map((o) => o.id)).toEqual(["storm"]);
    expect(summaryOf(strange, "en")).toBe("");
  });

  test("half-filled data draws the outputs its edges use and no summary", () => {
    const half = { id: "s", type: "switch", position: { x: 0, y: 0 }, data: {} };
    expect(
      outputsOf(half, [{ id: "1", source: "s", sourceHandle: "vip", target: "a" }]).map(
        (o) => o.id,
      ),
    ).toEqual(["vip"]);
    expect(summaryOf(half, "ar")).toBe("");
  });
});

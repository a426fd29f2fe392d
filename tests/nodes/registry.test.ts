import { readdirSync } from "node:fs";
import Ajv from "ajv";
import { describe, expect, it } from "vitest";
import {
  type Decision,
  NODE_TYPES,
  type NodeType,
  nodeType,
  type Woke,
} from "../../nodes/index.ts";
import { RULE_SCHEMAS } from "../../nodes/rule.ts";
import { sayIn } from "../../nodes/say.ts";
import { fakeCtx, NOW, stepOf, type World } from "./fake.ts";

const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addSchema({ $id: "rule", anyOf: Object.values(RULE_SCHEMAS) });

const ARABIC = /\p{Script=Arabic}/u;
const GROUPS = ["trigger", "time", "message", "logic", "contact", "work"];

/** Further data where the example alone doesn't show every output. */
const MORE: Record<string, unknown[]> = {
  survey: [{ kind: "csat", channel: "sms" }],
  task: [{ title: "Write a card" }],
  split: [{ variants: [{ id: "only", weight: 1 }], holdout: 50 }],
};

const WOKES: (Woke | null)[] = [
  null,
  { by: "time" },
  { by: "rule" },
  ...["answered", "no-answer", "not-interested", "done"].map(
    (outcome): Woke => ({ by: "outcome", outcome }),
  ),
  ...[0, 3, 4, 7, 10].map((score): Woke => ({ by: "score", score })),
  { by: "answer", ok: true, status: 200, body: {} },
  { by: "answer", ok: false, status: 500, body: {} },
  { by: "ended" },
  { by: "decided" },
  { by: "unsent" },
];

const WORLDS: World[] = [
  {},
  { holds: ["/rule"] },
  { holds: ["/cases/0/rule"] },
  { holds: ["/cases/1/rule"] },
  { draws: { holdout: 0.99, test: 0, variant: 0.2 } },
  { draws: { holdout: 0.99, test: 0, variant: 0.9 } },
  { draws: { holdout: 0.99 }, decision: "b" },
];

/** Every output by which the type leaves under some wake in some world. */
function reachedBy(type: NodeType, data: unknown): Set<string> {
  const reached = new Set<string>();
  for (const woke of WOKES) {
    for (const world of WORLDS) {
      const decision: Decision = type.run(stepOf(data, { woke, since: NOW }), fakeCtx(world));
      if ("leave" in decision) reached.add(decision.leave);
      if ("send" in decision && "leave" in decision.then) reached.add(decision.then.leave);
    }
  }
  return reached;
}

const source = (name: string) => name.replace(/\.ts$/, "");

describe("the registry of node types", () => {
  it("holds every file of nodes/ that declares a type, under the file's name", async () => {
    const folder = new URL("../../nodes/", import.meta.url);
    const declared: string[] = [];
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".ts"))) {
      const module = (await import(new URL(file, folder).href)) as { default?: NodeType };
      if (module.default === undefined) continue;
      expect(module.default.type).toBe(source(file));
      declared.push(module.default.type);
    }
    expect(declared.sort()).toEqual(NODE_TYPES.map((n) => n.type).sort());
  });

  it("finds a declaration by its type and nothing for an unknown one", () => {
    expect(nodeType("email")?.type).toBe("email");
    expect(nodeType("e-mail")).toBeUndefined();
  });

  it("gives every type a sign of its own", () => {
    const icons = NODE_TYPES.map((n) => n.icon);
    expect(icons.filter((icon, i) => icons.indexOf(icon) !== i)).toEqual([]);
    expect(icons.filter((icon) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(icon))).toEqual([]);
  });
});

describe.each(NODE_TYPES.map((type) => [type.type, type] as const))("%s", (_name, type) => {
  const examples = [type.example, ...(MORE[type.type] ?? [])];
  const valid = ajv.compile(type.data);

  it("has examples that fit its schema and pass its own check", () => {
    for (const example of examples) {
      valid(example);
      expect(valid.errors ?? []).toEqual([]);
      expect(type.check?.(example) ?? []).toEqual([]);
    }
  });

  it("takes a name and a note, and refuses an unknown key", () => {
    expect(valid({ ...type.example, label: { en: "Mine", ar: "لي" }, note: "For us" })).toBe(true);
    expect(valid({ ...type.example, colour: "red" })).toBe(false);
  });

  it("speaks English and Arabic", () => {
    expect(GROUPS).toContain(type.group);
    const labels = [
      type.label,
      type.about,
      ...examples.flatMap((e) => type.outputs(e).map((o) => o.label)),
    ];
    for (const { en, ar } of labels) {
      expect(en).not.toBe("");
      expect(ar).toMatch(/\S/);
    }
    for (const { en, ar } of [type.label, type.about]) {
      expect(en).not.toMatch(ARABIC);
      expect(ar).toMatch(ARABIC);
    }
  });

  it("labels every value of its form in both languages", () => {
    const unlabelled: string[] = [];
    const walk = (schema: Record<string, unknown>, path: string) => {
      for (const [key, value] of Object.entries(
        (schema.properties ?? {}) as Record<string, Record<string, unknown>>,
      )) {
        const label = value.label as { en?: string; ar?: string } | undefined;
        if (!label?.en || !label.ar || !value.control) unlabelled.push(`${path}/${key}`);
        walk(value, `${path}/${key}`);
        const items = value.items as Record<string, unknown> | undefined;
        if (items && value.control !== "where") walk(items, `${path}/${key}/items`);
      }
    };
    walk(type.data as unknown as Record<string, unknown>, "");
    expect(unlabelled).toEqual([]);
  });

  it("sums itself up in both languages", () => {
    for (const example of examples) {
      expect(type.summary(example, sayIn("en"))).toMatch(/\S/);
      expect(type.summary(example, sayIn("ar"))).toMatch(/\S/);
    }
  });

  it("leaves by each of its outputs and by no other", () => {
    const reached = new Set<string>();
    const declared = new Set<string>();
    for (const example of examples) {
      const outputs: string[] = type.outputs(example).map((o) => o.id);
      expect(new Set(outputs).size).toBe(outputs.length);
      for (const id of outputs) declared.add(id);
      for (const id of reachedBy(type, example)) reached.add(id);
    }
    expect([...reached].sort()).toEqual([...declared].sort());
  });

  it("starts flows if and only if it is a trigger", () => {
    expect(type.starts !== undefined).toBe(type.group === "trigger");
    expect(type.type.startsWith("trigger.")).toBe(type.group === "trigger");
  });
});

describe("what parks and what reaches out", () => {
  it("says that waits, calls, surveys and tasks that wait park", () => {
    const parking = NODE_TYPES.filter((n) => n.parks?.(n.example)).map((n) => n.type);
    expect(parking.sort()).toEqual(["call", "survey", "task", "wait", "wait-for"]);
    expect(nodeType("task")?.parks?.({ title: "x" })).toBe(false);
  });

  it("names the channel of everything that reaches the contact", () => {
    const reaches = NODE_TYPES.flatMap((n) => (n.reaches ? [[n.type, n.reaches(n.example)]] : []));
    const marketing = (channel: string) => ({ channel, transactional: false });
    expect(Object.fromEntries(reaches)).toEqual({
      email: marketing("email"),
      sms: marketing("sms"),
      whatsapp: marketing("whatsapp"),
      survey: marketing("email"),
      letter: marketing("letter"),
      call: marketing("call"),
      task: marketing("task"),
    });
  });
});

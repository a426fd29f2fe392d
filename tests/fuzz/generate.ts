import type { FlowDoc } from "../../engine/core/document.ts";
import type { Workspace } from "../../engine/core/state.ts";
import { plainWorkspace } from "../../engine/simulate/workspace.ts";
import { nodeType } from "../../nodes/index.ts";
import { nodeData, type Surroundings, triggerData } from "./nodes.ts";
import { type Names, rule } from "./rules.ts";
import {
  CHANNELS,
  DAY,
  given,
  LONG,
  maybe,
  type Random,
  rng,
  SHORT,
  some,
  window,
  ZONES,
} from "./words.ts";

/** Flows, a workspace and a span, all valid, from one number. */
export interface Plan {
  seed: number;
  doc: FlowDoc;
  others: FlowDoc[];
  workspace: Workspace;
  from: number;
  until: number;
}

const TRIGGERS = [
  "created",
  "event",
  "tag",
  "segment",
  "schedule",
  "date",
  "message",
  "webhook",
  "idle",
  "field",
];
/** What no node of a flow can set off: anyone may always enter by these without flows chasing each other. */
const CALM = new Set(["manual", "created", "schedule", "date", "message", "webhook", "idle"]);
const TYPES = [
  ...[
    "wait",
    "wait",
    "wait-for",
    "wait-for",
    "email",
    "email",
    "sms",
    "whatsapp",
    "survey",
    "letter",
  ],
  ...["condition", "switch", "split", "split", "start-flow", "emit", "goal", "exit", "tag", "tag"],
  ...["field", "score", "stage", "call", "task", "notify", "webhook"],
];
/** Types whose every way through may be made to take time. */
const MAY_LEAD_BACK = new Set(["wait", "wait-for", "call", "survey"]);
const SEGMENTS = ["keen", "quiet"];

interface Sketch {
  id: string;
  type: string;
  data: Record<string, unknown>;
}

/** The same seed gives the same plan. `live`: leaves out what only a script can do (answers of webhooks). */
export function plan(seed: number, { live = false } = {}): Plan {
  const random = rng(seed);
  const from = Date.UTC(2026, random.below(12), 1 + random.below(28), random.below(24));
  const span = random.pick(live ? [10, 30, 60] : [30, 60, 120, 366]) * DAY;
  const ids = [`fuzz-${seed}`, ...["other-a", "other-b"].slice(0, random.below(3))];
  const modes = ids.map((_, i) => modeOf(random, i === 0));
  const enterable = ids.filter((_, i) => modes[i]?.chased === false);
  const docs = ids.map((id, i) =>
    flow(
      random,
      id,
      { flows: enterable.length > 0 ? enterable : ["nowhere"], live, ...(modes[i] as Mode) },
      i === 0,
    ),
  );
  const workspace: Workspace = {
    ...plainWorkspace(),
    timezone: random.pick(ZONES),
    locale: random.pick(["en", "ar"]),
    consent: random.chance(0.85) ? "granted" : "denied",
    segments: Object.fromEntries(SEGMENTS.map((name) => [name, rule(random, null)])),
  };
  const made: Plan = {
    seed,
    doc: docs[0] as FlowDoc,
    others: docs.slice(1),
    workspace,
    from,
    until: from + span,
  };
  return live ? JSON.parse(JSON.stringify(made), heard) : made;
}

/**
 * The simulator sends at once and the dispatcher a moment later, so what a rule sees of its own instant's
 * sending differs between them: such rules ask for something else.
 */
function heard(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("touches" in value && "op" in value) return { tag: "vip" };
  return "message" in value && value.message === "sent"
    ? { ...value, message: "delivered" }
    : value;
}

interface Mode {
  reentry: Record<string, unknown> | undefined;
  triggers: string[];
  /** A flow that anyone may always enter is started by no other: two could multiply without end. */
  chased: boolean;
}

function modeOf(random: Random, first: boolean): Mode {
  const rest = some(random, TRIGGERS, first ? 0 : 1, 2);
  const triggers =
    first && random.chance(0.6) ? ["manual", ...rest] : rest.length > 0 ? rest : ["manual"];
  const cooldown = maybe(random, 0.4, () => random.pick(["P1W", "P10D", "P1M"]));
  switch (random.below(6)) {
    case 0:
      return { reentry: undefined, triggers, chased: false };
    case 1:
      return { reentry: { mode: "once" }, triggers, chased: false };
    case 2:
    case 3:
      return { reentry: given({ mode: "after-exit", cooldown }), triggers, chased: false };
    case 4:
      return {
        reentry: { mode: "per-key", key: random.pick(["order_id", "item.id"]) },
        triggers,
        chased: false,
      };
    default: {
      const calm = triggers.every((t) => CALM.has(t));
      const always = { mode: "always", cooldown: calm ? cooldown : (cooldown ?? "P1W") };
      return { reentry: given(always), triggers, chased: always.cooldown === undefined };
    }
  }
}

function settings(random: Random, names: Names, { reentry }: Mode): Record<string, unknown> {
  const sendWindow = maybe(random, 0.4, () => window(random));
  const late = maybe(random, 0.25, () =>
    random.pick(sendWindow ? ["send", "skip", "window"] : ["send", "skip"]),
  );
  return given({
    timezone: maybe(random, 0.5, () => random.pick(["contact", ...ZONES])),
    reentry,
    exitWhen: maybe(random, 0.3, () => rule(random, names)),
    goal: maybe(random, 0.5, () =>
      given({
        when: rule(random, names),
        within: maybe(random, 0.6, () => random.pick([...LONG, ...SHORT])),
        value: maybe(random, 0.5, () => random.pick(["amount", "score"])),
        exit: maybe(random, 0.4, () => random.chance(0.5)),
      }),
    ),
    sendWindow,
    frequencyCap: maybe(random, 0.4, () =>
      Array.from({ length: 1 + random.below(2) }, () =>
        given({
          channel: random.pick(CHANNELS),
          max: 1 + random.below(3),
          per: random.pick(["P1D", "P7D", "P1M", "PT36H"]),
          over: maybe(random, 0.6, () => random.pick(["delay", "skip"])),
        }),
      ),
    ),
    onReply: maybe(random, 0.35, () =>
      given({
        do: random.pick(["continue", "pause", "pause", "exit"]),
        resume: maybe(random, 0.7, () => random.pick(["P3D", "PT6H", "manual"])),
      }),
    ),
    late: late && { after: random.pick(["PT1H", "PT6H", "P1D"]), do: late },
  });
}

function flow(
  random: Random,
  id: string,
  mode: Mode & { flows: string[]; live: boolean },
  main: boolean,
): FlowDoc {
  const types = mode.live ? TYPES.filter((t) => t !== "webhook") : TYPES;
  const steps: Sketch[] = Array.from({ length: 2 + random.below(main ? 12 : 5) }, (_, i) => ({
    id: `n${i}`,
    type: random.pick(types),
    data: {},
  }));
  const ofType = (...wanted: string[]): string[] =>
    steps.filter((s) => wanted.includes(s.type)).map((s) => s.id);
  const around: Surroundings = {
    messages: ofType("email", "sms", "whatsapp", "survey"),
    tasks: ofType("call", "task"),
    answers: ofType("survey", "webhook"),
    segments: SEGMENTS,
    flows: mode.flows,
  };
  const back = new Map(
    steps.flatMap((step, i) =>
      MAY_LEAD_BACK.has(step.type) && i > 0 && random.chance(0.35)
        ? [[step.id, random.below(i)] as const]
        : [],
    ),
  );
  for (const step of steps) step.data = nodeData(random, step.type, around, back.has(step.id));
  const triggers: Sketch[] = mode.triggers.map((kind) => ({
    id: `on-${kind}`,
    type: `trigger.${kind}`,
    data: triggerData(random, `trigger.${kind}`, around),
  }));
  const nodes = [...triggers, ...steps];
  return {
    format: 1,
    id,
    name: random.chance(0.5) ? id : { en: id, ar: "خطة" },
    parameters: { brand: { default: "Acme" } },
    settings: settings(random, around, mode),
    nodes: nodes.map((node, i) => ({ ...node, position: { x: 0, y: i * 100 } })),
    edges: edges(random, triggers, steps, back),
  } as FlowDoc;
}

/** Ways lead on, so that every circle goes through a way back: out of a node that parks. */
function edges(
  random: Random,
  triggers: Sketch[],
  steps: Sketch[],
  back: ReadonlyMap<string, number>,
): FlowDoc["edges"] {
  const found: FlowDoc["edges"] = [];
  const join = (source: Sketch, sourceHandle: string, to: number): void => {
    const target = steps[to]?.id;
    if (target === undefined) return;
    found.push({ id: `e${found.length}`, source: source.id, sourceHandle, target });
  };
  for (const trigger of triggers)
    join(trigger, "next", random.chance(0.8) ? 0 : random.below(steps.length));
  steps.forEach((step, i) => {
    const outputs = nodeType(step.type)?.outputs(step.data) ?? [];
    outputs.forEach(({ id }, k) => {
      const behind = back.get(step.id);
      if (behind !== undefined && k === outputs.length - 1) join(step, id, behind);
      else if (random.chance(0.85)) join(step, id, i + 1 + random.below(3));
    });
  });
  return found;
}

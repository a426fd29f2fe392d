import type { Instant, Rule } from "../../nodes/index.ts";
import type { Flow } from "./flow.ts";
import { dig, fieldOf, type Verdict } from "./compare.ts";
import { evaluate, type RuleScope } from "./rules.ts";
import { readsOf } from "./rules-reads.ts";
import type { ContactState, Run } from "./state.ts";
import { compileTemplate, onePath, type Scope } from "./template.ts";
import { addDuration, validZone } from "./time.ts";
import { flowOf, type Turn, type World } from "./turn.ts";

/** The zone a flow counts in for a contact: its own, or the contact's, else the workspace's. */
export function zoneOf(world: World, state: ContactState, timezone: string): string {
  if (timezone !== "contact") return timezone;
  const own = state.contact.fields.timezone;
  return validZone(own) ? own : world.workspace.timezone;
}

/** The contact's language, else the workspace's. */
export function localeOf(world: World, state: ContactState): string {
  const own = state.contact.fields.locale;
  return typeof own === "string" && own !== "" ? own : world.workspace.locale;
}

/** What templates see. `message` is the key of the message that is written, for its links. */
export function templateScope(
  turn: Turn,
  run: Run,
  flow: Flow,
  message: { key: string; channel: string } | null,
): Scope {
  const { contact } = turn.state;
  const link = (kind: "unsubscribe" | "preferences" | "survey") =>
    message ? turn.world.link(kind, contact.id, message.key, message.channel) : "";
  return {
    contact: {
      ...contact.fields,
      created_at: fieldOf(turn.state, "created_at"),
      tags: Object.keys(contact.tags),
    },
    event: run.event,
    steps: run.steps,
    param: flow.params,
    flow: { id: flow.id, name: nameOf(flow, localeOf(turn.world, turn.state)), version: flow.version },
    links: {
      unsubscribe: link("unsubscribe"),
      preferences: link("preferences"),
      survey: link("survey"),
    },
  };
}

function nameOf(flow: Flow, locale: string): string {
  const { name } = flow.doc;
  if (typeof name === "string") return name;
  return name[locale] ?? name[locale.split("-")[0] ?? ""] ?? Object.values(name)[0] ?? flow.id;
}

/** Renders one template; throws `TemplateError` when it throws or passes its caps. */
export function renderText(
  turn: Turn,
  run: Run,
  flow: Flow,
  source: string,
  options: { html: boolean; message: { key: string; channel: string } | null; locale?: string },
): { text: string; missing: string[] } {
  if (!source.includes("{{")) return { text: source, missing: [] };
  return compileTemplate(source, { html: options.html }).render(
    templateScope(turn, run, flow, options.message),
    {
      locale: options.locale ?? localeOf(turn.world, turn.state),
      zone: zoneOf(turn.world, turn.state, flow.timezone),
    },
  );
}

/** A path as nodes and single-path templates name it: `contact.x`, `event.x`, `steps.node.x`, `param.x`, or a field. */
export function valueAt(turn: Turn, run: Run, flow: Flow, path: string): unknown {
  const [root = "", ...rest] = path.split(".");
  const inner = rest.join(".");
  switch (root) {
    case "event":
      return dig(run.event, inner);
    case "steps":
      return dig(run.steps, inner);
    case "param":
      return dig(flow.params, inner);
    case "contact":
      return fieldOf(turn.state, inner);
    case "flow":
    case "links":
      return dig(templateScope(turn, run, flow, null), path);
    default:
      return fieldOf(turn.state, path);
  }
}

/** A template that is one `{{path}}` keeps the value's type; anything that is no template stays. */
export function resolveValue(turn: Turn, run: Run, flow: Flow, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((v) => resolveValue(turn, run, flow, v));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([k, v]) => [k, resolveValue(turn, run, flow, v)]),
    );
  }
  if (typeof value !== "string" || !value.includes("{{")) return value;
  const path = onePath(value);
  if (path !== null) return valueAt(turn, run, flow, path) ?? null;
  return renderText(turn, run, flow, value, { html: false, message: null }).text;
}

/** In which place of a flow a rule stands: it decides what `since` means and what doesn't count. */
export type Place = "exit" | "goal" | "wait" | "node";

/** Evaluates a rule of a flow for a run. `saw` collects the facts for the journal. */
export function runRule(
  turn: Turn,
  run: Run,
  flow: Flow,
  rule: Rule,
  place: Place,
  saw?: Record<string, unknown>,
  asOf?: Instant,
): Verdict {
  const scope: RuleScope = {
    state: turn.state,
    now: turn.now,
    workspace: turn.world.workspace,
    zone: zoneOf(turn.world, turn.state, flow.timezone),
    run,
    since: place === "node" ? "ever" : place === "wait" ? "node" : "enrollment",
    skipStart: place !== "node",
    resolve: (value) => resolveValue(turn, run, flow, value),
  };
  if (saw) scope.saw = saw;
  if (asOf !== undefined) scope.asOf = asOf;
  return evaluate(rule, scope);
}

/** Evaluates a rule for the contact outside any run: triggers' `where`, audiences, segments. */
export function contactRule(turn: Turn, rule: Rule, zone: string): Verdict {
  return evaluate(rule, {
    state: turn.state,
    now: turn.now,
    workspace: turn.world.workspace,
    zone,
    run: null,
    since: "ever",
  });
}

/** The rule that a run waits for, from its node's data. */
export function waitedRule(flow: Flow, run: Run): Rule | null {
  if (run.rule === null || run.node === null) return null;
  const found = dig(flow.nodes.get(run.node)?.data, run.rule.slice(1).replaceAll("/", "."));
  return (found as Rule | undefined) ?? null;
}

/** Until when a goal is looked at; null: for ever. */
export function goalDeadline(turn: Turn, run: Run, flow: Flow): Instant | null {
  const within = flow.goal?.within;
  if (!within) return null;
  return addDuration(run.entered, within, zoneOf(turn.world, turn.state, flow.timezone));
}

/** When time alone may flip what this run is watched for: exit, goal, or the rule it waits for. */
export function flipsOf(turn: Turn, run: Run): Instant | null {
  const flow = flowOf(turn, run);
  if (!flow) return null;
  const { segments } = turn.world.workspace;
  let flips: Instant | null = null;
  const consider = (rule: Rule, place: Place): void => {
    if (!readsOf(rule, segments).timed) return;
    const { until } = runRule(turn, run, flow, rule, place);
    if (until !== null && until > turn.now && (flips === null || until < flips)) flips = until;
  };
  const open = run.state === "active" || run.state === "paused";
  if (open && flow.exitWhen) consider(flow.exitWhen, "exit");
  if (flow.goal && !run.goal.done && run.entered <= turn.now) {
    const deadline = goalDeadline(turn, run, flow);
    if (deadline === null || deadline >= turn.now) consider(flow.goal.when, "goal");
  }
  const waited = open && run.waiting === "rule" ? waitedRule(flow, run) : null;
  if (waited) consider(waited, "wait");
  return flips;
}

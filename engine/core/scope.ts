import type { Instant, Rule, Where } from "../../nodes/index.ts";
import { Bounded } from "./bounded.ts";
import { dig, fieldOf, fits, type Verdict } from "./compare.ts";
import type { Flow } from "./flow.ts";
import { evaluate, holdsNow, type RuleScope } from "./rules.ts";
import { readsOf } from "./rules-reads.ts";
import type { ContactState, Run } from "./state.ts";
import { compileTemplate, onePath, type Scope, TemplateError } from "./template.ts";
import { addDuration, validZone } from "./time.ts";
import { flowOf, type Turn, type World } from "./turn.ts";

const zones = new Bounded<boolean>(1_000);

const isZone = (text: string): boolean => zones.get(text, () => validZone(text));

/** The zone a flow counts in for a contact: its own, or the contact's, else the workspace's. */
export function zoneOf(world: World, state: ContactState, timezone: string): string {
  if (timezone !== "contact") return timezone;
  const own = state.contact.fields.timezone;
  return typeof own === "string" && isZone(own) ? own : world.workspace.timezone;
}

/** Fields of a contact whose value counts as missing, because it is none of its kind: a zone that isn't one. */
export function flaggedFields({ contact }: ContactState): string[] {
  const { timezone: own = null } = contact.fields;
  return own === null || own === "" || (typeof own === "string" && isZone(own)) ? [] : ["timezone"];
}

/** The contact's language, else the workspace's. */
export function localeOf(world: World, state: ContactState): string {
  const own = state.contact.fields.locale;
  return typeof own === "string" && own !== "" ? own : world.workspace.locale;
}

/** What a run knows beside the contact. */
export type RunData = Pick<Run, "event" | "steps">;

/** A rule whose value is a template that can't be rendered: it fails the run that looked at it. */
export class RuleError extends Error {
  override readonly name = "RuleError";
}

/** What templates see of a contact. */
export function contactScope(state: ContactState): Scope["contact"] {
  return {
    ...state.contact.fields,
    // Few messages show these.
    get created_at() {
      return fieldOf(state, "created_at");
    },
    get tags() {
      return Object.keys(state.contact.tags);
    },
  };
}

/** What templates see. `message` is the key of the message that is written, for its links. */
export function templateScope(
  turn: Turn,
  run: RunData,
  flow: Flow,
  message: { key: string; channel: string } | null,
): Scope {
  const { contact } = turn.state;
  const link = (kind: "unsubscribe" | "preferences" | "survey") =>
    message ? turn.world.link(kind, contact.id, message.key, message.channel) : "";
  return {
    contact: contactScope(turn.state),
    event: run.event,
    steps: run.steps,
    param: flow.params,
    flow: {
      id: flow.id,
      name: nameOf(flow, localeOf(turn.world, turn.state)),
      version: flow.version,
    },
    links: {
      // Few messages show all of them.
      get unsubscribe() {
        return link("unsubscribe");
      },
      get preferences() {
        return link("preferences");
      },
      get survey() {
        return link("survey");
      },
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
  run: RunData,
  flow: Flow,
  source: string,
  options: {
    html: boolean;
    message: { key: string; channel: string } | null;
    locale?: string;
  },
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
export function valueAt(turn: Turn, run: RunData, flow: Flow, path: string): unknown {
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
export function resolveValue(turn: Turn, run: RunData, flow: Flow, value: unknown): unknown {
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

/** Evaluates a rule of a flow for a run. `saw` collects the facts for the journal. Throws RuleError. */
export function runRule(
  turn: Turn,
  run: Run,
  flow: Flow,
  rule: Rule,
  place: Place,
  saw?: Record<string, unknown>,
  asOf?: Instant,
  fresh?: readonly string[],
): Verdict {
  const scope = scopeOf(turn, run, flow, place);
  if (saw) scope.saw = saw;
  if (asOf !== undefined) scope.asOf = asOf;
  if (fresh !== undefined) scope.fresh = fresh;
  return orRuleError(() => evaluate(rule, scope));
}

/** Whether a rule of a flow holds for a run; `facts` are collected when it does. Throws RuleError. */
export function runHolds(
  turn: Turn,
  run: Run,
  flow: Flow,
  rule: Rule,
  place: Place,
  facts: Record<string, unknown>,
): boolean {
  const scope = scopeOf(turn, run, flow, place);
  // Most looks find nothing: the facts are worth collecting only for a line.
  return orRuleError(() => holdsNow(rule, scope) && evaluate(rule, { ...scope, saw: facts }).holds);
}

const scopeOf = (turn: Turn, run: Run, flow: Flow, place: Place): RuleScope => ({
  state: turn.state,
  now: turn.now,
  workspace: turn.world.workspace,
  zone: zoneOf(turn.world, turn.state, flow.timezone),
  run,
  since: place === "node" ? "ever" : place === "wait" ? "node" : "enrollment",
  skipStart: place !== "node",
  resolve: (value) => resolveValue(turn, run, flow, value),
});

function orRuleError<T>(look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new RuleError(error.message, { cause: error });
  }
}

/** Evaluates a rule for the contact alone: a segment's, in the workspace's zone. `saw` gathers the facts. */
export function segmentHolds(turn: Turn, rule: Rule, saw?: Record<string, unknown>): Verdict {
  const { workspace } = turn.world;
  const { state, now } = turn;
  return evaluate(rule, {
    state,
    now,
    workspace,
    zone: workspace.timezone,
    run: null,
    since: "ever",
    ...(saw ? { saw } : {}),
  });
}

/** Evaluates a trigger's `where` or audience. One whose template can't be rendered doesn't hold. */
export function triggerHolds(
  turn: Turn,
  flow: Flow,
  rule: Rule,
  event: Record<string, unknown>,
  saw: Record<string, unknown>,
): boolean {
  const zone = zoneOf(turn.world, turn.state, flow.timezone);
  const { state, now } = turn;
  const { workspace } = turn.world;
  const resolve = (value: unknown): unknown =>
    resolveValue(turn, { event, steps: {} }, flow, value);
  return orNot(
    turn,
    flow,
    () =>
      evaluate(rule, { state, now, workspace, zone, run: null, since: "ever", resolve, saw }).holds,
  );
}

/** Whether an event's data is what a trigger listens to. */
export function dataHolds(
  turn: Turn,
  flow: Flow,
  where: Where[],
  data: Record<string, unknown>,
): boolean {
  const when = { now: turn.now, zone: zoneOf(turn.world, turn.state, flow.timezone) };
  const resolve = (value: unknown): unknown =>
    resolveValue(turn, { event: data, steps: {} }, flow, value);
  return orNot(turn, flow, () => fits(data, where, when, resolve).holds);
}

function orNot(turn: Turn, flow: Flow, holds: () => boolean): boolean {
  try {
    return holds();
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    turn.changes.warnings.push(
      `flow ${flow.id}: a trigger's rule can't be looked at: ${error.message}`,
    );
    return false;
  }
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

function untilOf(turn: Turn, run: Run, flow: Flow, rule: Rule, place: Place): Instant | null {
  try {
    return runRule(turn, run, flow, rule, place).until;
  } catch (error) {
    // It fails the run where it is looked at.
    if (error instanceof RuleError) return null;
    throw error;
  }
}

/** When time alone may flip what this run is watched for: exit, goal, or the rule it waits for. */
export function flipsOf(turn: Turn, run: Run): Instant | null {
  const flow = flowOf(turn, run);
  if (!flow) return null;
  const { segments } = turn.world.workspace;
  let flips: Instant | null = null;
  const consider = (rule: Rule, place: Place): void => {
    if (!readsOf(rule, segments).timed) return;
    const until = untilOf(turn, run, flow, rule, place);
    if (until !== null && until > turn.now && (flips === null || until < flips)) flips = until;
  };
  const open = run.state === "active" || run.state === "paused";
  if (open && flow.exitWhen) consider(flow.exitWhen, "exit");
  if (flow.goal && !run.goal.done && readsOf(flow.goal.when, segments).timed) {
    const deadline = goalDeadline(turn, run, flow);
    if (deadline === null || deadline >= turn.now) consider(flow.goal.when, "goal");
  }
  const waited = open && run.waiting === "rule" ? waitedRule(flow, run) : null;
  if (waited) consider(waited, "wait");
  return flips;
}

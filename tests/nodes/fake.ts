import type {
  Ctx,
  Day,
  Decision,
  Instant,
  NodeType,
  Rule,
  Step,
  Window,
} from "../../nodes/index.ts";

const DAY = 86_400_000;
const DAYS: Day[] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** Milliseconds of a written UTC moment. */
export const at = (text: string): Instant => Date.parse(text.endsWith("Z") ? text : `${text}Z`);

export const NOW = at("2026-03-01T10:00:00");

/** What a test says the world is like; all else is empty. */
export interface World {
  /** Pointers (or JSON of rules) that hold; a function decides itself. */
  holds?: string[] | ((rule: Rule, pointer: string) => boolean);
  values?: Record<string, unknown>;
  draws?: Record<string, number>;
  drawn?: string;
  decision?: string | null;
  best?: Instant;
}

const midnight = (t: Instant) => Math.floor(t / DAY) * DAY;
const clock = (time: string) => {
  const [h = "0", m = "0"] = time.split(":");
  return (Number(h) * 60 + Number(m)) * 60_000;
};
const dayOf = (t: Instant): Day => DAYS[new Date(t).getUTCDay()] as Day;

function firstAt(time: string, days: Day[] | undefined, from: Instant, strict = false): Instant {
  for (let day = midnight(from); ; day += DAY) {
    const moment = day + clock(time);
    if ((strict ? moment > from : moment >= from) && (days?.includes(dayOf(day)) ?? true)) {
      return moment;
    }
  }
}

/** Windows within one day only, in UTC. */
function opening({ days, from = "00:00", to }: Window, t: Instant, strict = false): Instant {
  const start = midnight(t) + clock(from);
  const end = midnight(t) + (to === undefined ? DAY : clock(to));
  const open = t >= start && t < end && (days?.includes(dayOf(t)) ?? true);
  return open && !strict ? t : firstAt(from, days, t, strict);
}

/** A context in UTC that answers from a small world. */
export function fakeCtx(world: World = {}): Ctx {
  const values = world.values ?? {};
  const fill = (text: string) =>
    text.replaceAll(/\{\{(.+?)\}\}/g, (_, path) => String(values[path] ?? ""));
  return {
    zone: "UTC",
    holds: (rule, pointer) =>
      typeof world.holds === "function"
        ? world.holds(rule, pointer)
        : (world.holds ?? []).includes(pointer),
    after: (from, duration) =>
      Temporal.Instant.fromEpochMilliseconds(from)
        .toZonedDateTimeISO("UTC")
        .add(Temporal.Duration.from(duration)).epochMilliseconds,
    opening,
    at: firstAt,
    moment(value) {
      if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}/.test(value)) return null;
      return at(value.length === 10 ? `${value}T00:00:00` : value);
    },
    day: (n, time, from) =>
      midnight(from) + (n - 1) * DAY + (time === undefined ? from - midnight(from) : clock(time)),
    best: (_within, from, strict) => (strict ? from + DAY : (world.best ?? from)),
    value: (path) => values[path],
    render: (text) => fill(typeof text === "string" ? text : (text.en ?? "")),
    resolve(value) {
      if (typeof value !== "string") return value;
      const whole = /^\{\{([^{}]+)\}\}$/.exec(value);
      return whole ? values[whole[1] as string] : fill(value);
    },
    draw: (salt) => world.draws?.[salt] ?? 0,
    drawn: () => world.drawn,
    decision: () => world.decision ?? null,
  };
}

/** A first arrival at NOW, changed by what the test says. */
export function stepOf<D>(data: D, changes: Partial<Step<D>> = {}): Step<D> {
  return {
    node: "n1",
    data,
    visit: 1,
    now: NOW,
    since: NOW,
    shift: 0,
    entered: NOW,
    left: null,
    woke: null,
    ...changes,
  };
}

/** Runs a node type once. */
export const runNode = <D>(
  type: NodeType<D>,
  data: D,
  changes: Partial<Step<D>> = {},
  world: World = {},
): Decision => type.run(stepOf(data, changes), fakeCtx(world));

/** The pointers of the problems that a node type sees in its data. */
export const pointers = <D>(type: NodeType<D>, data: D): string[] =>
  (type.check?.(data) ?? []).map((p) => p.pointer);

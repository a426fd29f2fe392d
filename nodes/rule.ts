import { Type } from "typebox";

/** Compares a value with what a rule names. */
export type Op =
  | "="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "contains"
  | "starts-with"
  | "ends-with"
  | "in"
  | "exists"
  | "missing"
  | "before"
  | "after"
  | "within-last"
  | "within-next"
  | "anniversary";

export const OPS = [
  "=",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "contains",
  "starts-with",
  "ends-with",
  "in",
  "exists",
  "missing",
  "before",
  "after",
  "within-last",
  "within-next",
  "anniversary",
] as const satisfies readonly Op[];

/** What may happen to a message. */
export const MESSAGE_EVENTS = [
  "sent",
  "delivered",
  "opened",
  "clicked",
  "replied",
  "bounced",
  "complained",
  "failed",
] as const;
export type MessageEvent = (typeof MESSAGE_EVENTS)[number];

/** One comparison on an event's data. `data` is a dotted path. */
export interface Where {
  data: string;
  op: Op;
  value?: unknown;
}

/** The one language of conditions, segments, exits, goals, triggers and audiences. */
export type Rule =
  | { all: Rule[] }
  | { any: Rule[] }
  | { not: Rule }
  | { tag: string }
  | { segment: string }
  | { field: string; op: Op; value?: unknown; calendar?: "gregory" | "islamic-umalqura" }
  | { event: string; count?: number; since?: string; where?: Where[] }
  | {
      message: MessageEvent;
      node?: string;
      flow?: string;
      channel?: string;
      link?: string;
      since?: string;
    }
  | { task: string; node?: string; flow?: string; outcome?: string; since?: string }
  | { consent: string; topic?: string }
  | { touches: number; op: Op; since?: string; channel?: string }
  | { data: string; of?: string; op: Op; value?: unknown };

const closed = { additionalProperties: false } as const;
const name = () => Type.String({ minLength: 1, maxLength: 200 });
const op = () => Type.Union(OPS.map((o) => Type.Literal(o)));
const since = () => Type.String({ minLength: 1, maxLength: 64 });
const rule = () => Type.Unsafe<Rule>({ $ref: "rule" });
const where = () =>
  Type.Object({ data: name(), op: op(), value: Type.Optional(Type.Unknown()) }, closed);

/** One schema a rule kind, by the key that names it. The checker picks by that key, so a mistake gives one sentence and not twelve. */
export const RULE_SCHEMAS = {
  all: Type.Object({ all: Type.Array(rule(), { maxItems: 200 }) }, closed),
  any: Type.Object({ any: Type.Array(rule(), { maxItems: 200 }) }, closed),
  not: Type.Object({ not: rule() }, closed),
  tag: Type.Object({ tag: name() }, closed),
  segment: Type.Object({ segment: name() }, closed),
  field: Type.Object(
    {
      field: name(),
      op: op(),
      value: Type.Optional(Type.Unknown()),
      calendar: Type.Optional(
        Type.Union([Type.Literal("gregory"), Type.Literal("islamic-umalqura")]),
      ),
    },
    closed,
  ),
  event: Type.Object(
    {
      event: name(),
      count: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
      since: Type.Optional(since()),
      where: Type.Optional(Type.Array(where(), { maxItems: 20 })),
    },
    closed,
  ),
  message: Type.Object(
    {
      message: Type.Union(MESSAGE_EVENTS.map((e) => Type.Literal(e))),
      node: Type.Optional(name()),
      flow: Type.Optional(name()),
      channel: Type.Optional(name()),
      link: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })),
      since: Type.Optional(since()),
    },
    closed,
  ),
  task: Type.Object(
    {
      task: Type.Literal("done"),
      node: Type.Optional(name()),
      flow: Type.Optional(name()),
      outcome: Type.Optional(name()),
      since: Type.Optional(since()),
    },
    closed,
  ),
  consent: Type.Object({ consent: name(), topic: Type.Optional(name()) }, closed),
  touches: Type.Object(
    {
      touches: Type.Number(),
      op: op(),
      since: Type.Optional(since()),
      channel: Type.Optional(name()),
    },
    closed,
  ),
  data: Type.Object(
    {
      data: name(),
      of: Type.Optional(name()),
      op: op(),
      value: Type.Optional(Type.Unknown()),
    },
    closed,
  ),
} as const;

export type RuleKind = keyof typeof RULE_SCHEMAS;

/** Which kind of rule an object is; null when it is none or its keys name two. */
export function ruleKind(rule: unknown): RuleKind | null {
  if (typeof rule !== "object" || rule === null || Array.isArray(rule)) return null;
  // `field`, `message`, `task` … are looked for before the keys that may stand beside them.
  for (const kind of Object.keys(RULE_SCHEMAS) as RuleKind[]) {
    if (Object.hasOwn(rule, kind)) return kind;
  }
  return null;
}

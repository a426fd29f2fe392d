import type { Rule } from "../../nodes/index.ts";
import { CHANNELS, DAY, EVENTS, given, LONG, maybe, type Random, TAGS, TOPICS } from "./words.ts";

/** What a rule of one flow may name. */
export interface Names {
  /** Nodes that send, and nodes that open tasks. */
  messages: string[];
  tasks: string[];
  answers: string[];
  segments: string[];
}

const NUMBER_OPS = ["=", "!=", "<", "<=", ">", ">="] as const;

const day = (random: Random): string =>
  new Date(Date.UTC(2025, 0, 1) + random.below(800) * DAY).toISOString().slice(0, 10);

function fieldRule(random: Random): Rule {
  switch (random.below(7)) {
    case 0:
      return { field: "score", op: random.pick(NUMBER_OPS), value: random.below(30) };
    case 1:
      return {
        field: "city",
        op: random.pick(["=", "contains", "starts-with"]),
        value: random.pick(["Riyadh", "الرياض", "مكه"]),
      };
    case 2:
      return {
        field: random.pick(["city", "member", "nothing"]),
        op: random.pick(["exists", "missing"]),
      };
    case 3:
      return { field: "joined", op: random.pick(["before", "after"]), value: day(random) };
    case 4:
      return {
        field: random.pick(["joined", "last_reply_at", "created_at"]),
        op: random.pick(["within-last", "within-next"]),
        value: random.pick(LONG),
      };
    case 5:
      return {
        field: "birthday",
        op: "anniversary",
        ...given({ calendar: maybe(random, 0.3, () => "islamic-umalqura" as const) }),
      } as Rule;
    default:
      return { field: "lifecycle", op: "in", value: ["new", "client", 3] };
  }
}

function placed(random: Random, nodes: string[], inFlow: boolean): Record<string, unknown> {
  const since = maybe(random, 0.5, () =>
    random.pick([...LONG, "ever", ...(inFlow ? ["enrollment", "node"] : [])]),
  );
  const node =
    inFlow && nodes.length > 0 ? maybe(random, 0.6, () => random.pick(nodes)) : undefined;
  return given({ node, since });
}

function leaf(random: Random, names: Names | null): Rule {
  const inFlow = names !== null;
  switch (random.below(11)) {
    case 0:
    case 1:
      return { tag: random.pick(TAGS) };
    case 2:
    case 3:
      return fieldRule(random);
    case 4:
    case 5:
      return {
        event: random.pick(EVENTS),
        ...given({
          count: maybe(random, 0.2, () => 1 + random.below(3)),
          since: maybe(random, 0.4, () =>
            random.pick([...LONG, "ever", ...(inFlow ? ["enrollment", "node"] : [])]),
          ),
          where: maybe(random, 0.3, () => [
            { data: "amount", op: random.pick(NUMBER_OPS), value: 50 },
          ]),
        }),
      } as Rule;
    case 6:
      return {
        message: random.pick(["sent", "delivered", "opened", "clicked", "replied", "bounced"]),
        ...placed(random, names?.messages ?? [], inFlow),
      } as Rule;
    case 7:
      return { task: "done", ...placed(random, names?.tasks ?? [], inFlow) } as Rule;
    case 8:
      return {
        consent: random.pick(CHANNELS),
        ...given({ topic: maybe(random, 0.3, () => random.pick(TOPICS)) }),
      } as Rule;
    case 9:
      return {
        touches: random.below(4),
        op: random.pick(NUMBER_OPS),
        ...given({ since: maybe(random, 0.6, () => random.pick(LONG)) }),
      } as Rule;
    default:
      if (!names) return { tag: random.pick(TAGS) };
      if (names.segments.length > 0 && random.chance(0.5))
        return { segment: random.pick(names.segments) };
      return {
        data: random.pick(["amount", "score", "status"]),
        ...given({
          of:
            names.answers.length > 0
              ? maybe(random, 0.6, () => random.pick(names.answers))
              : undefined,
        }),
        op: random.pick(NUMBER_OPS),
        value: random.pick([8, 50, "graded", "{{contact.score}}"]),
      } as Rule;
  }
}

/** A valid rule; `names` null: one for a segment, which may read nothing of an enrollment. */
export function rule(random: Random, names: Names | null, depth = 2): Rule {
  if (depth === 0 || random.chance(0.5)) return leaf(random, names);
  const inner = (): Rule => rule(random, names, depth - 1);
  switch (random.below(4)) {
    case 0:
      return { not: inner() };
    case 1:
      return { all: Array.from({ length: random.below(3) + 1 }, inner) };
    default:
      return { any: Array.from({ length: random.below(3) + 1 }, inner) };
  }
}

import { type Static, Type } from "typebox";
import type { Rule } from "../../nodes/index.ts";
import { type FlowDoc, readFlow } from "../core/document.ts";
import { hasErrors, type Problem } from "../core/problems.ts";
import type { ContactState } from "../core/state.ts";
import { parseInstant, validZone } from "../core/time.ts";
import { problemsOf } from "../publish.ts";
import type { Need, Store } from "../store/store.ts";
import type { Reader } from "../time-machine/machine.ts";
import type { Plan } from "../time-machine/plan.ts";
import { needOf } from "../world.ts";
import { checkedRule, contactOf, wrong } from "./input.ts";
import { HttpProblem } from "./problem.ts";
import { ContactKey, closed, Data, GivenTime, OneOf, RuleSchema } from "./schemas.ts";

/** At most so many people are simulated; of more real ones the first, whose ids are random enough for a sample. */
export const MOST_PEOPLE = 10_000;
const MOST_CHOSEN = 500;
/** Two years. */
const LONGEST = 731 * 86_400_000;
const PAGE = 200;

const Percent = Type.Number({ minimum: 0, maximum: 100 });
const Name = Type.String({ minLength: 1, maxLength: 200 });

const MadeUp = Type.Object(
  {
    count: Type.Integer({ minimum: 1, maximum: MOST_PEOPLE }),
    zones: Type.Array(Name, { maxItems: 20, description: "IANA time zones, in equal shares" }),
    languages: Type.Array(Type.String({ minLength: 2, maxLength: 35 }), { maxItems: 20 }),
    tags: Type.Array(Type.Object({ tag: Name, share: Percent }, closed), { maxItems: 20 }),
    consent: Percent,
  },
  { ...closed, description: "People who don't exist; the same description gives the same people" },
);
const Does = Type.Object(
  {
    opens: Percent,
    clicks: Percent,
    replies: Percent,
    bounces: Percent,
    optsOut: Percent,
    rates: Percent,
    answers: Percent,
    declines: Percent,
    finishes: Percent,
  },
  { ...closed, description: "Shares of messages, surveys, calls and tasks that people react to" },
);
const Happening = Type.Object(
  {
    share: Percent,
    event: Type.Optional(Name),
    data: Type.Optional(Data),
    tag: Type.Optional(Name),
  },
  {
    ...closed,
    description: "An event or a tag that a share of the people gets, each at a drawn moment",
  },
);

/** What is to be simulated. */
export const SimulationBody = Type.Object(
  {
    flow: Type.Unsafe<FlowDoc>({
      type: "object",
      description: "A flow document; it need not be saved",
    }),
    people: Type.Object(
      {
        contacts: Type.Optional(Type.Array(ContactKey, { minItems: 1, maxItems: MOST_CHOSEN })),
        rule: Type.Optional(RuleSchema),
        all: Type.Optional(Type.Literal(true)),
        madeUp: Type.Optional(MadeUp),
      },
      { ...closed, description: "Who: one of `contacts`, `rule`, `all` and `madeUp`" },
    ),
    from: GivenTime,
    until: GivenTime,
    entry: Type.Object(
      {
        how: OneOf(["hand", "triggers"], "Put in by hand, or only as the triggers say"),
        over: Type.Integer({
          minimum: 0,
          maximum: 366,
          description: "Days over which they come in",
        }),
      },
      closed,
    ),
    does: Does,
    happens: Type.Array(Happening, { maxItems: 20 }),
  },
  closed,
);
type Body = Static<typeof SimulationBody>;

/** A plan for the time machine, and who reads the real people into it. Throws `HttpProblem`. */
export async function planOf(
  store: Store,
  body: Body,
  now: number,
): Promise<{ plan: Plan; reader: Reader | null }> {
  const doc = await documentOf(store, body.flow);
  const { from, until } = spanOf(body);
  const workspace = await store.workspace();
  const others = await startedBy(store, doc);
  const { people } = body;
  if (Object.values(people).filter((who) => who !== undefined).length !== 1) {
    throw wrong(
      "/people",
      "Say who: one of “contacts”, “rule”, “all” or “madeUp”.",
      "حدّد المعنيين بواحد من «contacts» أو «rule» أو «all» أو «madeUp».",
    );
  }
  const bad = people.madeUp?.zones.findIndex((zone) => !validZone(zone)) ?? -1;
  if (bad >= 0) {
    const zone = people.madeUp?.zones[bad];
    throw wrong(
      `/people/madeUp/zones/${bad}`,
      `There is no time zone “${zone}”.`,
      `لا توجد منطقة زمنية «${zone}».`,
    );
  }
  const plan: Plan = {
    doc,
    params: await paramsOf(store, doc),
    others,
    workspace,
    from,
    until,
    people: people.madeUp ?? null,
    entry: body.entry,
    does: body.does,
    happens: body.happens.map(happeningOf),
  };
  if (people.madeUp) return { plan, reader: null };
  const need = needOf([{ doc }, ...others.map((other) => ({ doc: other }))], workspace.segments);
  return { plan, reader: await readerOf(store, people, need, now) };
}

async function documentOf(store: Store, given: unknown): Promise<FlowDoc> {
  const read = readFlow(JSON.stringify(given));
  if ("problems" in read) throw unreadable(read.problems);
  const problems = await problemsOf(store, read.doc);
  if (!hasErrors(problems)) return read.doc;
  throw new HttpProblem(
    "invalid-flow",
    {
      en: "The flow has problems; what they are about can't be simulated.",
      ar: "في الخطة مشكلات، فلا يمكن محاكاتها قبل حلها.",
    },
    problems,
  );
}

const unreadable = (problems: readonly Problem[]): HttpProblem =>
  new HttpProblem(
    "invalid-flow",
    problems[0]?.message ?? { en: "This is no flow document.", ar: "هذا ليس مستند خطة متابعة." },
    problems,
  );

function spanOf(body: Body): { from: number; until: number } {
  const [from, until] = [parseInstant(body.from), parseInstant(body.until)];
  const moment = (pointer: string, name: string): HttpProblem =>
    wrong(
      pointer,
      `“${name}” must be a moment such as 2026-01-05T09:00:00Z.`,
      `يجب أن تكون «${name}» لحظة مثل 2026-01-05T09:00:00Z.`,
    );
  if (from === null) throw moment("/from", "from");
  if (until === null) throw moment("/until", "until");
  if (until <= from) {
    throw wrong("/until", "The span must end after it begins.", "يجب أن تنتهي المدة بعد بدايتها.");
  }
  if (until - from > LONGEST) {
    throw wrong("/until", "The span may be two years at most.", "أقصى مدة للمحاكاة سنتان.");
  }
  return { from, until };
}

function happeningOf(
  { share, event, data, tag }: Body["happens"][number],
  at: number,
): Plan["happens"][number] {
  if (event !== undefined && tag === undefined) return { share, event, ...(data ? { data } : {}) };
  if (tag !== undefined && event === undefined) return { share, tag };
  throw wrong(
    `/happens/${at}`,
    "Say what happens: one of “event” or “tag”.",
    "حدّد ما يحدث بواحد من «event» أو «tag».",
  );
}

/** The values that the published flow runs with; a draft alone has its defaults. */
async function paramsOf(store: Store, { id }: FlowDoc): Promise<Record<string, string>> {
  const version = (await store.flow(id))?.version ?? null;
  return version === null ? {} : ((await store.version(id, version))?.params ?? {});
}

/** The published flows that this one starts, and those that they start. */
async function startedBy(store: Store, doc: FlowDoc): Promise<FlowDoc[]> {
  const found = new Map<string, FlowDoc>([[doc.id, doc]]);
  for (const one of found.values()) {
    for (const { type, data } of one.nodes) {
      const id = type === "start-flow" ? data?.flow : undefined;
      if (typeof id !== "string" || found.has(id)) continue;
      const version = (await store.flow(id))?.version ?? null;
      const published = version === null ? null : await store.version(id, version);
      if (published) found.set(id, published.doc);
    }
  }
  return [...found.values()].slice(1);
}

async function readerOf(
  store: Store,
  { contacts, rule }: Body["people"],
  need: Need,
  now: number,
): Promise<Reader> {
  if (contacts) {
    const ids = new Set<string>();
    for (const key of contacts) ids.add(await contactOf(store, key));
    return () => chosen(store, [...ids]);
  }
  const checked = rule === undefined ? null : await checkedRule(store, rule);
  return (signal) => matching(store, checked, need, now, signal);
}

async function* chosen(store: Store, ids: string[]): AsyncIterable<ContactState[]> {
  for (const id of ids) {
    const state = await store.loadContact(id);
    if (state && !state.contact.erased) yield [state];
  }
}

async function* matching(
  store: Store,
  rule: Rule | null,
  need: Need,
  now: number,
  signal: AbortSignal,
): AsyncIterable<ContactState[]> {
  let after: string | undefined;
  for (let read = 0; read < MOST_PEOPLE && !signal.aborted; read += PAGE) {
    const page = await store.states(
      rule,
      now,
      { limit: PAGE, ...(after === undefined ? {} : { after }) },
      need,
    );
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.contact.id;
    // The engine and other requests come between the pages.
    await new Promise((go) => setTimeout(go, 0));
  }
}

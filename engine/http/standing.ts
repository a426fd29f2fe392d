import { Hono } from "hono";
import { type Static, Type } from "typebox";
import type { Input } from "../core/state.ts";
import type { FlowRecord, StandingRow, Store } from "../store/store.ts";
import { type AppOptions, type Env, timeOf, wake } from "./context.ts";
import { noted } from "./gate.ts";
import { contactOf, flowOf, pageOf, wrong } from "./input.ts";
import { HttpProblem, unpublished } from "./problem.ts";
import { EDITORS, reply, route, VIEWERS } from "./route.ts";
import {
  ContactKey,
  Count,
  closed,
  FlowId,
  Listed,
  OneOf,
  OrNull,
  PageQuery,
  Time,
} from "./schemas.ts";

const NodeId = Type.String({ description: "The node's id", examples: ["welcome"] });
const STATES = ["active", "paused", "failed"] as const;
const Standing = Type.Object(
  {
    contact: Type.String({ description: "The contact's id" }),
    key: OrNull(Type.String({ description: "E-mail, else phone" })),
    name: Type.String(),
    version: Type.Integer(),
    n: Type.Integer({ description: "The contact's n-th run of the flow" }),
    state: OneOf(STATES),
    reason: OrNull(Type.String({ description: "Why it failed" })),
    since: Time,
    until: OrNull(Time),
    waiting: OrNull(Type.String({ description: "What for" })),
    entered: Time,
  },
  { ...closed, component: "Standing" },
);
const DEEDS = ["retry", "resume", "remove", "move"] as const;
const Deed = Type.Object(
  {
    do: OneOf(DEEDS, "Retry failed ones, resume paused ones, take people out, move them"),
    people: Type.Optional(
      Type.Array(Type.Object({ contact: ContactKey, n: Type.Integer({ minimum: 1 }) }, closed), {
        minItems: 1,
        maxItems: 1_000,
      }),
    ),
    node: Type.Optional(Type.String({ description: "Everybody who stands there" })),
    state: Type.Optional(OneOf(STATES, "Of these, those in this state")),
    to: Type.Optional(Type.String({ description: "The node to move to" })),
    reason: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 500,
        description: "Why they are taken out, for the journal",
      }),
    ),
  },
  { ...closed, description: "Who: one of `people` and `node`" },
);
type Deed = Static<typeof Deed>;
/** The cursors of the store's list. */
const PLACE = /^(?:active|paused|failed)\.\d{1,9}\.\d{1,15}\.\d{1,9}$/;
/** So many are read at a time, and at most so many taken by one call. */
const PAGE = 500;
const MOST = 10_000;

/** `/api/flows/:id/nodes/:node/people`: who stands at a node, and what can be done for them. */
export function standing(options: AppOptions) {
  const { store } = options;
  return new Hono<Env>()
    .get(
      "/:id/nodes/:node/people",
      route(
        {
          summary: "Lists who stands at a node now: failed ones first, then paused ones.",
          allow: VIEWERS,
          params: { id: FlowId, node: NodeId },
          query: PageQuery({
            state: Type.Optional(OneOf(STATES)),
            search: Type.Optional(
              Type.String({ maxLength: 200, description: "Words of name and address" }),
            ),
          }),
          answers: { 200: Listed(Standing) },
          problems: ["not-found"],
        },
        async (_, { param, query }) => {
          const { id } = await flowOf(store, param.id);
          const { limit, after } = pageOf(query, PLACE);
          const { state, search } = query;
          const { rows, next } = await store.standing({
            flow: id,
            node: param.node,
            limit,
            ...(state === undefined ? {} : { state }),
            ...(search === undefined ? {} : { search }),
            ...(after === undefined ? {} : { after }),
          });
          return reply(200, { items: rows.map(rowOut), next });
        },
      ),
    )
    .post(
      "/:id/people",
      route(
        {
          summary: "Retries, resumes, takes out or moves people who are in a flow.",
          allow: EDITORS,
          params: { id: FlowId },
          body: Deed,
          answers: {
            202: Type.Object(
              {
                flow: Type.String(),
                people: Count,
                more: Type.Boolean({ description: "More stand there: ask again" }),
              },
              closed,
            ),
          },
          problems: ["not-found", "conflict"],
        },
        async (c, { param, body, newId }) => {
          const flow = await flowOf(store, param.id);
          const acting = noted(c, options, `people.${body.do}`, flow.id);
          const done = await act({ ...options, store: acting }, flow, body, newId());
          wake(options);
          return reply(202, { flow: flow.id, ...done });
        },
      ),
    );
}

const rowOut = ({
  contactKey,
  firstName,
  lastName,
  since,
  until,
  entered,
  ...row
}: StandingRow) => ({
  ...row,
  key: contactKey,
  name: [firstName, lastName].filter((part) => part !== null && part !== "").join(" "),
  since: timeOf(since),
  until: timeOf(until),
  entered: timeOf(entered),
});

/** What a person wrote is no word of the journal's own, even where it reads like one. */
const reasonOf = ({ reason = "" }: Deed): string =>
  reason === "moved" || reason === "merged" ? `${reason}.` : reason;

type Who = Pick<StandingRow, "contact" | "n" | "version">;

async function act(
  { store, clock }: AppOptions,
  flow: FlowRecord,
  deed: Deed,
  act: string,
): Promise<{ people: number; more: boolean }> {
  if (flow.version === null) throw unpublished(flow.id);
  if ((deed.people === undefined) === (deed.node === undefined)) {
    throw wrong(
      "",
      "Say who: one of “people” or “node”.",
      "حدّد المعنيين بواحد من «people» أو «node».",
    );
  }
  const at = clock();
  const inputOf = ({ n }: Who): Input => {
    const one = { flow: flow.id, n, at, id: `${deed.do}:${flow.id}:${n}:${act}` };
    switch (deed.do) {
      case "move":
        return { kind: "move", node: deed.to ?? "", ...one };
      case "remove":
        return { kind: "remove", reason: reasonOf(deed), ...one };
      default:
        return { kind: deed.do, ...one };
    }
  };
  const take = async (people: Who[]): Promise<void> => {
    if (deed.do === "move") await mayMove(store, flow, people, deed.to);
    await store.addInputs(people.map((who) => ({ contact: who.contact, input: inputOf(who) })));
  };
  if (deed.people) {
    const people = await named(store, flow, deed.people);
    await take(people);
    return { people: people.length, more: false };
  }
  return takeAll(store, flow, deed, take);
}

/** The versions of the runs that are meant; a run that isn't there is named. */
async function named(
  store: Store,
  { id }: FlowRecord,
  people: NonNullable<Deed["people"]>,
): Promise<Who[]> {
  const found: Who[] = [];
  for (const [i, { contact: key, n }] of people.entries()) {
    const contact = await contactOf(store, key);
    const runs = await store.enrollments({ flow: id, contact, limit: 500 });
    const run = runs.find((r) => r.n === n);
    if (!run) {
      throw wrong(
        `/people/${i}/n`,
        `“${key}” has no run ${n} of this flow.`,
        `ليس لجهة الاتصال «${key}» دخول رقم ${n} إلى هذه الخطة.`,
      );
    }
    found.push({ contact, n, version: run.version });
  }
  return found;
}

async function takeAll(
  store: Store,
  { id }: FlowRecord,
  deed: Deed,
  take: (people: Who[]) => Promise<void>,
): Promise<{ people: number; more: boolean }> {
  // What can be done depends on how somebody stands: who waits has nothing to be tried again.
  const state = deed.do === "retry" ? "failed" : deed.do === "resume" ? "paused" : deed.state;
  let people = 0;
  let after: string | undefined;
  while (people < MOST) {
    const { rows, next } = await store.standing({
      flow: id,
      node: deed.node ?? "",
      limit: PAGE,
      ...(state === undefined ? {} : { state }),
      ...(after === undefined ? {} : { after }),
    });
    await take(rows);
    people += rows.length;
    if (next === null) return { people, more: false };
    after = next;
    // Others are to be answered between the pages.
    await new Promise((go) => setTimeout(go, 0));
  }
  return { people, more: true };
}

/** Everybody goes on in their own version: the node must be in it, and be one that people can stand at. */
async function mayMove(
  store: Store,
  { id, draft }: FlowRecord,
  people: Who[],
  to: string | undefined,
): Promise<void> {
  if (to === undefined) {
    throw wrong("/to", "Say where to: “to” names a node.", "حدّد الوجهة: «to» معرّف عقدة.");
  }
  for (const version of new Set(people.map((who) => who.version))) {
    const node = (await store.version(id, version))?.doc.nodes.find((n) => n.id === to);
    if (node && !node.type.startsWith("trigger.")) continue;
    if (node) {
      throw wrong(
        "/to",
        `“${to}” is a trigger; nobody can be put there.`,
        `«${to}» مشغِّل، ولا يمكن نقل أحد إليه.`,
      );
    }
    const isDrafted = draft.nodes.some((n) => n.id === to);
    throw new HttpProblem("conflict", {
      en: `Version ${version}, in which some of them are, has no node “${to}”.${isDrafted ? " Publish with “they move to this one” first." : ""}`,
      ar: `ليس في الإصدار ${version}، الذي فيه بعضهم، عقدة «${to}».${isDrafted ? " انشر أولًا مع نقل من في الداخل إلى الإصدار الجديد." : ""}`,
    });
  }
}

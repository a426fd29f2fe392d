import { Hono } from "hono";
import { Type } from "typebox";
import type { Rule } from "../../nodes/index.ts";
import { checkSegments } from "../core/check.ts";
import { hasErrors, parts } from "../core/problems.ts";
import type { Store } from "../store/store.ts";
import { Row, rowOut } from "./contact-out.ts";
import { type AppOptions, type Env, wake } from "./context.ts";
import { noted } from "./gate.ts";
import { invalid, listOf, pageOf, pageOfAll } from "./input.ts";
import { mustBeUnused, Use, usesOf } from "./naming.ts";
import { HttpProblem, notFound } from "./problem.ts";
import { EDITORS, reply, route, VIEWERS } from "./route.ts";
import { Count, closed, Listed, PageQuery, RuleSchema } from "./schemas.ts";

const named = { name: Type.String(), rule: RuleSchema };
const Segment = Type.Object(named, { ...closed, component: "Segment" });
const Body = Type.Object({ rule: RuleSchema }, closed);
const params = {
  name: Type.String({ minLength: 1, maxLength: 100, description: "The segment's name" }),
};
const problems = ["not-found"] as const;
const CURSOR = /^[0-9a-f-]{36}$/;

/** `/api/segments`: rules with a name, and whoever they hold for. */
export function segments(options: AppOptions) {
  const { store, clock } = options;
  const members = async (rule: Rule, query: { limit?: number; cursor?: string }) => {
    const { limit, after } = pageOf(query, CURSOR);
    const rows = await store.contacts(rule, clock(), { limit, ...(after ? { after } : {}) });
    return listOf(rows.map(rowOut), limit, ({ id }) => id);
  };
  return new Hono<Env>()
    .get(
      "/",
      route(
        {
          summary: "Lists the segments.",
          allow: VIEWERS,
          query: PageQuery(),
          answers: { 200: Listed(Segment) },
        },
        async (_, { query }) => {
          const all = Object.entries((await store.workspace()).segments);
          return reply(
            200,
            pageOfAll(
              all.map(([name, rule]) => ({ name, rule })),
              query,
              ({ name }) => name,
            ),
          );
        },
      ),
    )
    .get(
      "/:name",
      route(
        {
          summary:
            "Shows a segment: its rule, what uses it, how many are in it, and the first of them.",
          allow: VIEWERS,
          params,
          answers: {
            200: Type.Object(
              { ...named, uses: Type.Array(Use), count: Count, members: Listed(Row) },
              closed,
            ),
          },
          problems,
        },
        async (_, { param: { name } }) => {
          const rule = await ruleOf(store, name);
          const [uses, count, first] = await Promise.all([
            usesOf(store, { kind: "segment", name }),
            store.countContacts(rule, clock()),
            members(rule, {}),
          ]);
          return reply(200, { name, rule, uses, count, members: first });
        },
      ),
    )
    .get(
      "/:name/members",
      route(
        {
          summary: "Lists who is in a segment.",
          allow: VIEWERS,
          params,
          query: PageQuery(),
          answers: { 200: Listed(Row) },
          problems,
        },
        async (_, { param: { name }, query }) =>
          reply(200, await members(await ruleOf(store, name), query)),
      ),
    )
    .put(
      "/:name",
      route(
        {
          summary: "Saves a segment: a rule with a name.",
          allow: EDITORS,
          params,
          body: Body,
          answers: { 200: Segment },
        },
        async (c, { param: { name }, body: { rule } }) => {
          checkName(name);
          const { segments } = await store.workspace();
          const found = checkSegments({ ...segments, [name]: rule }).filter(
            ({ pointer }) => parts(pointer)[0] === name,
          );
          if (hasErrors(found)) throw invalid(found);
          await noted(c, options, "segment.saved", name).saveSegment(name, rule, clock());
          wake(options);
          return reply(200, { name, rule });
        },
      ),
    )
    .delete(
      "/:name",
      route(
        {
          summary: "Deletes a segment that nothing uses.",
          allow: EDITORS,
          params,
          answers: { 200: Type.Object({ name: Type.String() }, closed) },
          problems: ["not-found", "conflict"],
        },
        async (c, { param: { name } }) => {
          await ruleOf(store, name);
          await mustBeUnused(store, { kind: "segment", name });
          await noted(c, options, "segment.deleted", name).deleteSegment(name, clock());
          wake(options);
          return reply(200, { name });
        },
      ),
    );
}

/** Throws `HttpProblem`. */
async function ruleOf(store: Store, name: string): Promise<Rule> {
  const { segments } = await store.workspace();
  const rule = Object.hasOwn(segments, name) ? segments[name] : undefined;
  if (rule) return rule;
  throw notFound({
    en: `There is no segment “${name.slice(0, 100)}”.`,
    ar: `لا توجد شريحة «${name.slice(0, 100)}».`,
  });
}

/** Names that objects have of themselves, or that nobody can read, are none. */
function checkName(name: string): void {
  const isOne = name.trim() === name && name.length <= 100 && !/[\p{Cc}\p{Cs}]/u.test(name);
  if (isOne && !(name in {}) && name !== "__proto__") return;
  throw new HttpProblem("invalid-input", {
    en: "A name has up to 100 characters, without spaces at its ends or control characters.",
    ar: "يتكون الاسم من 100 حرف على الأكثر، بلا مسافات في طرفيه ولا أحرف تحكم.",
  });
}

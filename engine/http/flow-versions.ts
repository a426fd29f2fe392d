import { Hono } from "hono";
import { Type } from "typebox";
import type { FlowRecord, FlowVersion, Store } from "../store/store.ts";
import { type AppOptions, type Env, timeOf } from "./context.ts";
import { flowOf, pageOfAll } from "./input.ts";
import { noVersion } from "./problem.ts";
import { reply, route, VIEWERS } from "./route.ts";
import { closed, FlowDocument, FlowId, Listed, PageQuery, Texts, Time } from "./schemas.ts";

const Version = {
  id: Type.String(),
  version: Type.Integer(),
  published: Time,
  current: Type.Boolean(),
  paused: Type.Boolean(),
  params: Texts,
};
export const FlowVersionSchema = Type.Object(Version, { ...closed, component: "FlowVersion" });
const params = { id: FlowId };
const problems = ["not-found"] as const;

/** `/api/flows/:id/versions`: what was published, as it was. */
export function flowVersions({ store }: AppOptions) {
  return new Hono<Env>()
    .get(
      "/:id/versions",
      route(
        {
          summary: "Lists the published versions, oldest first.",
          allow: VIEWERS,
          params,
          query: PageQuery(),
          answers: { 200: Listed(FlowVersionSchema) },
          problems,
        },
        async (_, { param, query }) => {
          const { id, version } = await flowOf(store, param.id);
          const numbers = Array.from({ length: version ?? 0 }, (_, i) => String(i + 1));
          const page = pageOfAll(numbers, query, (n) => n);
          const found = await Promise.all(page.items.map((n) => store.version(id, Number(n))));
          return reply(200, {
            items: found.flatMap((v) => (v ? [versionOut(v)] : [])),
            next: page.next,
          });
        },
      ),
    )
    .get(
      "/:id/versions/:version",
      route(
        {
          summary: "Shows a published version with its document.",
          allow: VIEWERS,
          params: {
            id: FlowId,
            version: Type.String({ description: "Its number, or `current`", examples: ["1"] }),
          },
          answers: { 200: Type.Object({ ...Version, doc: FlowDocument }, closed) },
          problems,
        },
        async (_, { param }) => {
          const found = await versionOf(store, await flowOf(store, param.id), param.version);
          return reply(200, { ...versionOut(found), doc: found.doc });
        },
      ),
    );
}

/** A version by its number, or `current`. Throws `HttpProblem`. */
async function versionOf(
  store: Store,
  { id, version }: FlowRecord,
  asked: string,
): Promise<FlowVersion> {
  const number = asked === "current" ? (version ?? 0) : /^\d{1,9}$/.test(asked) ? Number(asked) : 0;
  const found = await store.version(id, number);
  if (found) return found;
  throw noVersion(id, asked);
}

export const versionOut = ({ id, version, published, current, paused, params }: FlowVersion) => ({
  id,
  version,
  published: timeOf(published),
  current,
  paused,
  params,
});

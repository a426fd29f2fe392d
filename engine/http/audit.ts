import { Hono } from "hono";
import { Type } from "typebox";
import { type AppOptions, type Env, timeOf } from "./context.ts";
import { listOf, NUMBER, pageOf } from "./input.ts";
import { ADMINS, reply, route } from "./route.ts";
import { Count, closed, Listed, OneOf, OrNull, PageQuery, Time } from "./schemas.ts";

const Line = Type.Object(
  {
    n: Type.Integer({ description: "1, 2, 3 … with no gap" }),
    at: Time,
    actor: Type.Object(
      { kind: OneOf(["user", "key", "system"]), id: OrNull(Type.String()), name: Type.String() },
      closed,
    ),
    action: Type.String({ examples: ["user.invited"] }),
    subject: OrNull(Type.String({ description: "The id of what it was done to" })),
    detail: Type.Unsafe<Record<string, string | number | boolean | null>>({ type: "object" }),
    hash: Type.String({ description: "Covers this line and the hash of the one before" }),
  },
  { ...closed, component: "AuditLine" },
);

/** `/api/audit`: who did what, and whether somebody changed it. */
export function audit({ accounts }: AppOptions) {
  return new Hono<Env>()
    .get(
      "/",
      route(
        {
          summary: "Lists who did what, newest first.",
          allow: ADMINS,
          query: PageQuery(),
          answers: { 200: Listed(Line) },
        },
        async (_, { query }) => {
          const { limit, after } = pageOf(query, NUMBER);
          const before = after === undefined ? {} : { before: Number(after) };
          const lines = await accounts.audit({ limit, ...before });
          const items = lines.map((line) => ({ ...line, at: timeOf(line.at) ?? "" }));
          return reply(
            200,
            listOf(items, limit, (last) => String(last.n)),
          );
        },
      ),
    )
    .get(
      "/check",
      route(
        {
          summary: "Finds out whether a line was changed or deleted.",
          allow: ADMINS,
          answers: {
            200: Type.Object(
              {
                lines: Count,
                whole: Type.Boolean(),
                broken: OrNull(
                  Type.Object(
                    { line: Type.Integer(), how: OneOf(["changed", "missing", "cut"]) },
                    closed,
                  ),
                ),
              },
              closed,
            ),
          },
        },
        async () => {
          const { lines, broken } = await accounts.checkAudit();
          return reply(200, { lines, whole: broken === null, broken });
        },
      ),
    );
}

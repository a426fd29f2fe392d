import { Hono } from "hono";
import { Type } from "typebox";
import { WindowOf } from "../../nodes/schema.ts";
import { validZone } from "../core/time.ts";
import { type AppOptions, type Env, wake } from "./context.ts";
import { bodyOf, closed, wrong } from "./input.ts";

const Day = Type.Union(
  (["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const).map((day) => Type.Literal(day)),
);
const SettingsSchema = Type.Object(
  {
    timezone: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    locale: Type.Optional(Type.String({ pattern: "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$" })),
    consent: Type.Optional(Type.Union([Type.Literal("granted"), Type.Literal("denied")])),
    hours: Type.Optional(
      Type.Union([WindowOf({ label: { en: "Hours", ar: "ساعات العمل" } }), Type.Null()]),
    ),
    weekend: Type.Optional(Type.Array(Day, { maxItems: 7 })),
    holidays: Type.Optional(
      Type.Array(Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" }), { maxItems: 1000 }),
    ),
  },
  closed,
);

/** `/api/settings`: what the workspace fixes for everybody. */
export function settings(options: AppOptions) {
  const { store } = options;
  return new Hono<Env>()
    .get("/", async (c) => c.json(await store.workspace()))
    .patch("/", async (c) => {
      const given = await bodyOf(c, SettingsSchema);
      if (given.timezone !== undefined && !validZone(given.timezone)) {
        throw wrong(
          "/timezone",
          `There is no time zone “${given.timezone}”.`,
          `لا توجد منطقة زمنية «${given.timezone}».`,
        );
      }
      await store.setWorkspace(given);
      wake(options);
      return c.json(await store.workspace());
    });
}

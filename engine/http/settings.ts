import { Hono } from "hono";
import { Type } from "typebox";
import type { Rule } from "../../nodes/index.ts";
import { windowProblems } from "../../nodes/problems.ts";
import { WindowOf } from "../../nodes/schema.ts";
import { type Holiday, holidayProblems } from "../core/holidays.ts";
import { validZone } from "../core/time.ts";
import { type AppOptions, type Env, wake } from "./context.ts";
import { noted } from "./gate.ts";
import { wrong } from "./input.ts";
import { ADMINS, reply, route, VIEWERS } from "./route.ts";
import { closed, OneOf, OrNull } from "./schemas.ts";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const settable = {
  timezone: Type.String({ minLength: 1, maxLength: 64, examples: ["Asia/Riyadh"] }),
  locale: Type.String({ pattern: "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", examples: ["ar-SA"] }),
  consent: OneOf(
    ["granted", "denied"],
    "Whether contacts with no record of consent may be messaged",
  ),
  hours: OrNull(WindowOf({ label: { en: "Hours", ar: "ساعات العمل" } })),
  weekend: Type.Array(OneOf(DAYS), {
    maxItems: 6,
    uniqueItems: true,
    description: "The days that `hours` leaves out where it names none",
  }),
  holidays: Type.Array(
    Type.Unsafe<Holiday>({
      anyOf: [
        { type: "string", maxLength: 40 },
        {
          type: "object",
          required: ["date"],
          properties: {
            date: { type: "string", maxLength: 10 },
            calendar: { enum: ["gregory", "islamic-umalqura"] },
            days: { type: "integer", minimum: 1, maximum: 31 },
            name: {
              anyOf: [
                { type: "string", maxLength: 200 },
                { type: "object", additionalProperties: { type: "string", maxLength: 200 } },
              ],
            },
          },
          additionalProperties: false,
        },
      ],
    }),
    {
      maxItems: 1000,
      description:
        "Days on which no message goes out that can wait: `2026-09-23`, every year's `09-23`, every Hijri year's `hijri:10-01`, three days `hijri:10-01/P3D`; or an object with a name",
      examples: [["2026-09-23", "hijri:10-01/P3D"]],
    },
  ),
};
const Settings = Type.Object(
  {
    ...settable,
    segments: Type.Unsafe<Record<string, Rule>>({ type: "object", description: "Name → rule" }),
    fields: Type.Record(Type.String(), Type.String(), { description: "Custom field → its type" }),
  },
  { ...closed, component: "Settings" },
);
const Change = Type.Partial(Type.Object(settable), closed);

/** `/api/settings`: what the workspace fixes for everybody. */
export function settings(options: AppOptions) {
  const { store } = options;
  return new Hono<Env>()
    .get(
      "/",
      route(
        {
          summary: "Tells the settings of the workspace.",
          allow: VIEWERS,
          answers: { 200: Settings },
        },
        async () => reply(200, await store.workspace()),
      ),
    )
    .patch(
      "/",
      route(
        {
          summary: "Changes the settings that are given.",
          allow: ADMINS,
          body: Change,
          answers: { 200: Settings },
        },
        async (c, { body }) => {
          if (body.timezone !== undefined && !validZone(body.timezone)) {
            throw wrong(
              "/timezone",
              `There is no time zone “${body.timezone}”.`,
              `لا توجد منطقة زمنية «${body.timezone}».`,
            );
          }
          for (const { pointer, message } of windowProblems(body.hours ?? undefined, "/hours")) {
            throw wrong(pointer, message.en, message.ar);
          }
          for (const { at, message } of holidayProblems(body.holidays ?? [])) {
            throw wrong(`/holidays/${at}`, message.en, message.ar);
          }
          const changed = { settings: Object.keys(body).join(" ") };
          const changing = noted(c, options, "settings.changed", null, changed);
          await changing.setWorkspace(body, options.clock());
          wake(options);
          return reply(200, await store.workspace());
        },
      ),
    );
}

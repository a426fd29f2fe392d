import { Hono } from "hono";
import { Type } from "typebox";
import { FIELD_NAMES } from "../../nodes/fields.ts";
import type { Rule } from "../../nodes/index.ts";
import { customField } from "../contacts/mapping.ts";
import type { Store } from "../store/store.ts";
import { type AppOptions, type Env, wake } from "./context.ts";
import { noted } from "./gate.ts";
import { pageOfAll, wrong } from "./input.ts";
import { mustBeUnused, Use, usesOf } from "./naming.ts";
import { notFound } from "./problem.ts";
import { ADMINS, EDITORS, reply, route, VIEWERS } from "./route.ts";
import { Count, closed, Listed, OneOf, PageQuery } from "./schemas.ts";

const TYPES = ["text", "number", "date", "yes/no"] as const;
const FieldType = OneOf(TYPES);
const Field = Type.Object(
  { name: Type.String(), type: Type.String({ examples: [...TYPES] }) },
  { ...closed, component: "Field" },
);
const params = {
  name: Type.String({ minLength: 1, maxLength: 100, description: "The field's name" }),
};
const problems = ["not-found"] as const;
const filled = (field: string): Rule => ({ field, op: "exists" });

/** `/api/fields`: custom fields of contacts. */
export function fields(options: AppOptions) {
  const { store, clock } = options;
  return new Hono<Env>()
    .get(
      "/",
      route(
        {
          summary: "Lists the custom fields with their types.",
          allow: VIEWERS,
          query: PageQuery(),
          answers: { 200: Listed(Field) },
        },
        async (_, { query }) => {
          const all = Object.entries((await store.workspace()).fields);
          return reply(
            200,
            pageOfAll(
              all.map(([name, type]) => ({ name, type })),
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
            "Shows a custom field: its type, what uses it, and how many contacts have a value.",
          allow: VIEWERS,
          params,
          answers: {
            200: Type.Object(
              {
                name: Type.String(),
                type: Type.String(),
                uses: Type.Array(Use),
                contacts: Count,
              },
              closed,
            ),
          },
          problems,
        },
        async (_, { param: { name } }) => {
          const type = await typeOf(store, name);
          const [uses, contacts] = await Promise.all([
            usesOf(store, { kind: "field", name }),
            store.countContacts(filled(name), clock()),
          ]);
          return reply(200, { name, type, uses, contacts });
        },
      ),
    )
    .put(
      "/:name",
      route(
        {
          summary: "Adds a custom field, or gives it another type; values stay as they are.",
          allow: EDITORS,
          params,
          body: Type.Object({ type: FieldType }, closed),
          answers: { 200: Field },
        },
        async (c, { param: { name }, body: { type } }) => {
          if (customField(name) !== name || Object.hasOwn(FIELD_NAMES, name)) {
            throw wrong(
              "/name",
              `“${name.slice(0, 100)}” can't be a custom field: it is built in, or no name.`,
              `لا يصلح «${name.slice(0, 100)}» حقلًا مخصصًا: فهو حقل أساسي أو ليس اسمًا.`,
            );
          }
          await noted(c, options, "field.saved", name, { type }).saveField(name, type);
          wake(options);
          return reply(200, { name, type });
        },
      ),
    )
    .delete(
      "/:name",
      route(
        {
          summary: "Deletes a custom field that nothing uses, and its values of all contacts.",
          allow: ADMINS,
          params,
          answers: { 202: Type.Object({ name: Type.String(), contacts: Count }, closed) },
          problems: ["not-found", "conflict"],
        },
        async (c, { param: { name }, newId }) => {
          await typeOf(store, name);
          await mustBeUnused(store, { kind: "field", name });
          const at = clock();
          const input = {
            kind: "set",
            fields: { [name]: null },
            id: `field:${newId()}`,
            at,
          } as const;
          const contacts = await store.addInputForAll(filled(name), input, at);
          // Last, so that it can be asked for again if this was cut short.
          await noted(c, options, "field.deleted", name).deleteField(name);
          wake(options);
          return reply(202, { name, contacts });
        },
      ),
    );
}

/** Throws `HttpProblem`. */
async function typeOf(store: Store, name: string): Promise<string> {
  const { fields } = await store.workspace();
  const type = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (type !== undefined) return type;
  throw notFound({
    en: `There is no custom field “${name.slice(0, 100)}”.`,
    ar: `لا يوجد حقل مخصص «${name.slice(0, 100)}».`,
  });
}

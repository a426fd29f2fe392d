import { Hono } from "hono";
import { Type } from "typebox";
import type { Instant } from "../../nodes/index.ts";
import { jsonFault } from "../core/json-text.ts";
import type { Input } from "../core/state.ts";
import { parseInstant } from "../core/time.ts";
import type { Store } from "../store/store.ts";
import { contactOut, Row, rowOut } from "./contact-out.ts";
import { createOrUpdate, fieldsOf } from "./contact-write.ts";
import { type AppOptions, type Env, wake } from "./context.ts";
import { noted } from "./gate.ts";
import { checkedRule, contactOf, listOf, pageOf, wrong } from "./input.ts";
import { noContact } from "./problem.ts";
import { ADMINS, AGENTS, reply, route, VIEWERS } from "./route.ts";
import {
  ContactKey,
  Count,
  closed,
  Data,
  Fields,
  FlowId,
  GivenTime,
  Listed,
  OneOf,
  OrNull,
  PageQuery,
  RuleText,
  Time,
} from "./schemas.ts";

import { whyOut, whySpec } from "./why.ts";

const Tag = Type.String({ minLength: 1, maxLength: 200 });
const Tags = Type.Object(
  {
    add: Type.Optional(
      Type.Array(Type.Object({ tag: Tag, expires: Type.Optional(GivenTime) }, closed), {
        maxItems: 100,
      }),
    ),
    remove: Type.Optional(Type.Array(Tag, { maxItems: 100 })),
  },
  closed,
);
const Consent = Type.Object(
  {
    channel: OneOf(["email", "sms", "whatsapp"]),
    granted: Type.Boolean(),
    topic: Type.Optional(Type.String({ maxLength: 200 })),
  },
  closed,
);
const Given = Type.Unsafe<Record<string, unknown>>({
  ...Data,
  description:
    "Field → value: email, phone, first_name, last_name, locale, timezone, created_at, tags, consent, and custom fields",
});
const Changed = Type.Unsafe<Record<string, unknown>>({
  ...Data,
  description: "Field → new value; null clears a field",
});
const Contact = Type.Object(
  {
    id: Type.String(),
    key: OrNull(Type.String({ description: "E-mail, else phone" })),
    created: Time,
    fields: Fields,
    flagged: Type.Array(Type.String(), {
      description: "Fields whose value counts as missing, such as a time zone that isn't one",
    }),
    tags: Type.Array(
      Type.Object({ tag: Type.String(), since: Time, expires: OrNull(Time) }, closed),
    ),
    consents: Type.Array(
      Type.Object(
        {
          channel: Type.String(),
          topic: Type.String({ description: "Empty: the whole channel" }),
          granted: Type.Boolean(),
          at: Time,
          source: Type.String(),
        },
        closed,
      ),
    ),
    stopped: Type.Array(Type.String(), { description: "Channels closed by an opt-out word" }),
    suppressed: Type.Record(Type.String(), Type.String(), { description: "Address → reason" }),
    enrollments: Type.Array(
      Type.Object(
        {
          flow: Type.String(),
          version: Type.Integer(),
          enrollment: Type.Integer(),
          state: Type.String(),
          reason: OrNull(Type.String()),
          node: OrNull(Type.String()),
          entered: Time,
          ended: OrNull(Time),
        },
        closed,
      ),
    ),
  },
  { ...closed, component: "Contact" },
);
const Id = Type.Object({ id: Type.String({ description: "The contact's id" }) }, closed);
const Created = Type.Object(
  {
    id: Type.String({ description: "The contact's id" }),
    created: Type.Boolean({ description: "False: there was one, which is filled in" }),
  },
  closed,
);

const params = { key: ContactKey };
const problems = ["not-found"] as const;

/** `/api/contacts`: list, count, one, why it is where it is, create or update, tags, consent, erase. */
export function contacts(options: AppOptions) {
  const { store, clock } = options;
  const ruleOf = (given: string | undefined) =>
    given === undefined ? null : checkedRule(store, ruleText(given));
  return new Hono<Env>()
    .get(
      "/",
      route(
        {
          summary: "Lists contacts, all or those that a rule holds for.",
          allow: VIEWERS,
          query: PageQuery({ rule: Type.Optional(RuleText) }),
          answers: { 200: Listed(Row) },
        },
        async (_, { query }) => {
          const { limit, after } = pageOf(query, /^[0-9a-f-]{36}$/);
          const rows = await store.contacts(await ruleOf(query.rule), clock(), {
            limit,
            ...(after === undefined ? {} : { after }),
          });
          return reply(
            200,
            listOf(rows.map(rowOut), limit, (last) => last.id),
          );
        },
      ),
    )
    .get(
      "/count",
      route(
        {
          summary: "Counts contacts, all or those that a rule holds for.",
          allow: VIEWERS,
          query: Type.Object({ rule: Type.Optional(RuleText) }, closed),
          answers: { 200: Type.Object({ count: Count }, closed) },
        },
        async (_, { query }) =>
          reply(200, { count: await store.countContacts(await ruleOf(query.rule), clock()) }),
      ),
    )
    .post(
      "/",
      route(
        {
          summary: "Creates a contact, or fills in the one with the same address.",
          allow: AGENTS,
          body: Given,
          answers: { 201: Created, 202: Created },
        },
        async (_, { body, newId }) => {
          const { id, created } = await createOrUpdate(options, body, newId);
          wake(options);
          return created ? reply(201, { id, created }) : reply(202, { id, created });
        },
      ),
    )
    .route("/", oneContact(options));
}

function oneContact(options: AppOptions) {
  const { store, clock } = options;
  const take = async (contact: string, inputs: Input[], to: Store = store): Promise<void> => {
    await to.addInputs(inputs.map((input) => ({ contact, input })));
    wake(options);
  };
  return new Hono<Env>()
    .get(
      "/:key",
      route(
        {
          summary: "Shows a contact with its tags, consents and enrollments.",
          allow: VIEWERS,
          params,
          answers: { 200: Contact },
          problems,
        },
        async (_, { param: { key } }) => {
          const state = await store.loadContact(await contactOf(store, key));
          if (!state) throw noContact(key);
          return reply(200, contactOut(state));
        },
      ),
    )
    .get(
      "/:key/why/:flow",
      route(whySpec({ key: ContactKey, flow: FlowId }), async (c, { param: { key, flow } }) =>
        reply(200, await whyOut(options, { contact: key, flow }, c.get("lang"))),
      ),
    )
    .patch(
      "/:key",
      route(
        {
          summary: "Sets and clears fields of a contact.",
          allow: AGENTS,
          params,
          body: Changed,
          answers: { 202: Id },
          problems: ["not-found", "conflict"],
        },
        async (_, { param, body, newId }) => {
          const contact = await contactOf(store, param.key);
          const fields = await fieldsOf(options, body, contact);
          await take(contact, [{ kind: "set", fields, id: `set:${newId()}`, at: clock() }]);
          return reply(202, { id: contact });
        },
      ),
    )
    .post(
      "/:key/tags",
      route(
        {
          summary: "Adds and removes tags of a contact.",
          allow: AGENTS,
          params,
          body: Tags,
          answers: { 202: Id },
          problems,
        },
        async (_, { param, body: { add = [], remove = [] }, newId }) => {
          const contact = await contactOf(store, param.key);
          const at = clock();
          const added = add.map(
            ({ tag, expires }, i): Input => ({
              kind: "tag",
              add: tag,
              expires: expiryOf(expires, i),
              id: `tag:${newId()}`,
              at,
            }),
          );
          const removed = remove.map(
            (tag): Input => ({ kind: "tag", remove: tag, id: `tag:${newId()}`, at }),
          );
          await take(contact, [...added, ...removed]);
          return reply(202, { id: contact });
        },
      ),
    )
    .post(
      "/:key/consent",
      route(
        {
          summary: "Records that a contact gave or withdrew consent.",
          allow: AGENTS,
          params,
          body: Consent,
          answers: { 202: Id },
          problems,
        },
        async (_, { param, body, newId }) => {
          const contact = await contactOf(store, param.key);
          await take(contact, [
            { kind: "consent", ...body, source: "api", id: `consent:${newId()}`, at: clock() },
          ]);
          return reply(202, { id: contact });
        },
      ),
    )
    .delete(
      "/:key",
      route(
        {
          summary: "Erases a contact; only sums are left.",
          allow: ADMINS,
          params,
          answers: { 202: Id },
          problems,
        },
        async (c, { param }) => {
          const contact = await contactOf(store, param.key);
          const erasing = noted(c, options, "contact.erased", contact);
          await take(contact, [{ kind: "erase", id: "erase", at: clock() }], erasing);
          return reply(202, { id: contact });
        },
      ),
    );
}

function expiryOf(expires: string | undefined, i: number): Instant | null {
  const until = expires === undefined ? null : parseInstant(expires);
  if (expires === undefined || until !== null) return until;
  throw wrong(
    `/add/${i}/expires`,
    "“expires” must be a moment such as 2026-01-05T09:00:00Z.",
    "يجب أن تكون «expires» لحظة مثل 2026-01-05T09:00:00Z.",
  );
}

function ruleText(text: string): unknown {
  if (text.length < 100_000 && jsonFault(text, 64) === null) return JSON.parse(text);
  throw wrong("/rule", "“rule” must be a rule as JSON.", "يجب أن تكون «rule» قاعدة بصيغة JSON.");
}

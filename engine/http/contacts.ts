import { Hono } from "hono";
import { Type } from "typebox";
import { decideMatch } from "../contacts/match.ts";
import { contactsOf } from "../contacts/read.ts";
import { keyOfContact } from "../core/journal.ts";
import { jsonFault } from "../core/json-text.ts";
import type { ContactState, Input, Value } from "../core/state.ts";
import { parseInstant } from "../core/time.ts";
import { explain } from "../why/explain.ts";
import { type AppOptions, type Ctx, type Env, timeOf, wake } from "./context.ts";
import {
  bodyOf,
  checkedRule,
  closed,
  contactOf,
  DataSchema,
  listOf,
  pageOf,
  wrong,
} from "./input.ts";
import { HttpProblem, noContact, notFound } from "./problem.ts";

const Tag = Type.String({ minLength: 1, maxLength: 200 });
const TagsSchema = Type.Object(
  {
    add: Type.Optional(
      Type.Array(
        Type.Object({ tag: Tag, expires: Type.Optional(Type.String({ maxLength: 40 })) }, closed),
        { maxItems: 100 },
      ),
    ),
    remove: Type.Optional(Type.Array(Tag, { maxItems: 100 })),
  },
  closed,
);
const ConsentSchema = Type.Object(
  {
    channel: Type.Union([Type.Literal("email"), Type.Literal("sms"), Type.Literal("whatsapp")]),
    granted: Type.Boolean(),
    topic: Type.Optional(Type.String({ maxLength: 200 })),
  },
  closed,
);

/** `/api/contacts`: list, count, tags in use, one, why it is where it is, create or update, tags, consent, erase. */
export function contacts(options: AppOptions) {
  const { store, clock, newId } = options;
  const take = async (contact: string, inputs: Input[]): Promise<void> => {
    await store.addInputs(inputs.map((input) => ({ contact, input })));
    wake(options);
  };
  return new Hono<Env>()
    .get("/", async (c) => {
      const { limit, after } = pageOf(c);
      const given = c.req.query("rule");
      const rule = given === undefined ? null : await checkedRule(store, ruleText(given));
      const rows = await store.contacts(rule, clock(), {
        limit,
        ...(after === undefined ? {} : { after }),
      });
      const items = rows.map((row) => ({ ...row, created: timeOf(row.created) }));
      return c.json(listOf(items, limit, (last) => last.id));
    })
    .get("/count", async (c) => {
      const given = c.req.query("rule");
      const rule = given === undefined ? null : await checkedRule(store, ruleText(given));
      return c.json({ count: await store.countContacts(rule, clock()) });
    })
    .get("/tags", async (c) => c.json({ items: await store.tagCounts(clock()), next: null }))
    .post("/", async (c) => {
      const { id, created } = await createOrUpdate(c, options);
      wake(options);
      return c.json({ id, created }, created ? 201 : 202);
    })
    .get("/:key", async (c) => {
      const state = await store.loadContact(await contactOf(store, c.req.param("key")));
      if (!state) throw noContact(c.req.param("key"));
      return c.json(contactOut(state));
    })
    .get("/:key/why/:flow", async (c) => {
      const contact = await contactOf(store, c.req.param("key"));
      const told = await explain(store, contact, c.req.param("flow"), {
        language: c.get("lang"),
        now: clock(),
      });
      if (!told.ok) throw notFound(told.message);
      const { zone, sentences } = told;
      return c.json({
        zone,
        items: sentences.map(({ about, at, node, text, next }) => ({
          about,
          at: timeOf(at),
          node,
          text,
          next: timeOf(next ?? null),
        })),
      });
    })
    .patch("/:key", async (c) => {
      const contact = await contactOf(store, c.req.param("key"));
      const fields = await fieldsOf(options, await bodyOf(c, DataSchema), contact);
      await take(contact, [{ kind: "set", fields, id: `set:${newId()}`, at: clock() }]);
      return c.json({ id: contact }, 202);
    })
    .post("/:key/tags", async (c) => {
      const contact = await contactOf(store, c.req.param("key"));
      const { add = [], remove = [] } = await bodyOf(c, TagsSchema);
      const at = clock();
      const added = add.map(({ tag, expires }, i): Input => {
        const until = expires === undefined ? null : parseInstant(expires);
        if (expires !== undefined && until === null) {
          throw wrong(
            `/add/${i}/expires`,
            "“expires” must be a moment such as 2026-01-05T09:00:00Z.",
            "يجب أن تكون «expires» لحظة مثل 2026-01-05T09:00:00Z.",
          );
        }
        return { kind: "tag", add: tag, expires: until, id: `tag:${newId()}`, at };
      });
      const removed = remove.map(
        (tag): Input => ({ kind: "tag", remove: tag, id: `tag:${newId()}`, at }),
      );
      await take(contact, [...added, ...removed]);
      return c.json({ id: contact }, 202);
    })
    .post("/:key/consent", async (c) => {
      const contact = await contactOf(store, c.req.param("key"));
      const body = await bodyOf(c, ConsentSchema);
      await take(contact, [
        { kind: "consent", ...body, source: "api", id: `consent:${newId()}`, at: clock() },
      ]);
      return c.json({ id: contact }, 202);
    })
    .delete("/:key", async (c) => {
      const contact = await contactOf(store, c.req.param("key"));
      await take(contact, [{ kind: "erase", id: "erase", at: clock() }]);
      return c.json({ id: contact }, 202);
    });
}

function ruleText(text: string): unknown {
  if (text.length < 100_000 && jsonFault(text, 64) === null) return JSON.parse(text);
  throw wrong("/rule", "“rule” must be a rule as JSON.", "يجب أن تكون «rule» قاعدة بصيغة JSON.");
}

/** One contact as it is, with what rules and templates read of it. */
function contactOut(state: ContactState) {
  const { id, created, fields, tags, consents, stopped, suppressed } = state.contact;
  return {
    id,
    key: keyOfContact(state),
    created: timeOf(created),
    fields,
    tags: Object.entries(tags).map(([tag, on]) => ({
      tag,
      since: timeOf(on.since),
      expires: timeOf(on.expires),
    })),
    consents: consents.map((consent) => ({ ...consent, at: timeOf(consent.at) })),
    stopped,
    suppressed,
    enrollments: state.runs.map((run) => ({
      flow: run.flow,
      version: run.version,
      enrollment: run.n,
      state: run.state,
      reason: run.reason,
      node: run.node,
      entered: timeOf(run.entered),
      ended: timeOf(run.ended),
    })),
  };
}

/** Cleans the fields of a body as an import cleans a row. */
async function rowOf(options: AppOptions, body: Record<string, unknown>) {
  const workspace = await options.store.workspace();
  const read = contactsOf([body], { workspace });
  if (!read.ok) throw wrong("", read.problem.message.en, read.problem.message.ar);
  const { people, problems, fields } = read.value;
  if (problems.length > 0) {
    const message = problems[0]?.message ?? { en: "", ar: "" };
    throw wrong("", message.en, message.ar);
  }
  return { person: people[0] ?? null, types: fields, known: workspace.fields };
}

async function createOrUpdate(
  c: Ctx,
  options: AppOptions,
): Promise<{ id: string; created: boolean }> {
  const { store, clock, newId } = options;
  const { person } = await rowOf(options, await bodyOf(c, DataSchema));
  if (!person)
    throw wrong(
      "",
      "A contact needs an e-mail address or a phone number.",
      "تحتاج جهة الاتصال إلى بريد إلكتروني أو رقم هاتف.",
    );
  const { email = null, phone = null } = person.fields as { email?: string; phone?: string };
  const keys = [
    ...(email === null ? [] : [`email:${email}`]),
    ...(phone === null ? [] : [`phone:${phone}`]),
  ];
  const found = await store.findMany(keys);
  const match = decideMatch(
    { email, phone },
    found.get(`email:${email}`) ?? null,
    found.get(`phone:${phone}`) ?? null,
  );
  const at = clock();
  if (match.do === "update") {
    const { fields, tags, consent } = person;
    const inputs: Input[] = [{ kind: "set", fields, id: `set:${newId()}`, at }];
    for (const add of tags) inputs.push({ kind: "tag", add, id: `tag:${newId()}`, at });
    for (const channel of consent ?? []) {
      inputs.push({
        kind: "consent",
        channel,
        granted: true,
        source: "api",
        id: `consent:${newId()}`,
        at,
      });
    }
    await store.addInputs(inputs.map((input) => ({ contact: match.id, input })));
    return { id: match.id, created: false };
  }
  const isMerge = match.do === "merge";
  const id = isMerge ? match.keep : null;
  const { fields, tags, consent, created } = person;
  const [written] = await store.writeContacts(
    [
      {
        id,
        ...(isMerge ? { merge: [match.absorb] } : {}),
        fields,
        tags,
        consent,
        created,
        source: "api",
      },
    ],
    at,
    true,
  );
  if (written === undefined) throw new Error("the store wrote a contact and named none");
  return { id: written, created: !isMerge };
}

/** Fields to set, cleaned; null clears one. An address that another contact has is a conflict. */
async function fieldsOf(
  options: AppOptions,
  body: Record<string, unknown>,
  contact: string,
): Promise<Record<string, Value>> {
  for (const name of ["tags", "consent", "created_at", "id"]) {
    if (Object.hasOwn(body, name)) {
      throw wrong(
        `/${name}`,
        `“${name}” is no field that can be set here.`,
        `«${name}» ليس حقلًا يمكن تعيينه هنا.`,
      );
    }
  }
  const filled = Object.entries(body).filter(([, value]) => value !== null);
  const cleared = Object.entries(body)
    .filter(([, value]) => value === null)
    .map(([name]) => [name, null] as const);
  if (
    Object.hasOwn(body, "email") &&
    body.email === null &&
    Object.hasOwn(body, "phone") &&
    body.phone === null
  ) {
    throw wrong(
      "",
      "A contact needs an e-mail address or a phone number.",
      "تحتاج جهة الاتصال إلى بريد إلكتروني أو رقم هاتف.",
    );
  }
  if (filled.length === 0) return Object.fromEntries(cleared);
  // A row needs an address to be one; this one is never written.
  const bare = !Object.hasOwn(body, "email") || body.email === null;
  const given = Object.fromEntries(filled);
  const { person } = await rowOf(
    options,
    bare ? { ...given, email: "nobody@example.invalid" } : given,
  );
  const fields: Record<string, Value> = { ...person?.fields, ...Object.fromEntries(cleared) };
  if (bare && body.email !== null) delete fields.email;
  if (typeof fields.email === "string") {
    const owner = (await options.store.findMany([`email:${fields.email}`])).get(
      `email:${fields.email}`,
    );
    if (owner && owner.id !== contact) {
      throw new HttpProblem("conflict", {
        en: `Another contact has the e-mail address ${fields.email}.`,
        ar: `لجهة اتصال أخرى البريد الإلكتروني ${fields.email}.`,
      });
    }
  }
  return fields;
}

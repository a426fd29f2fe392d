import { timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import { Type } from "typebox";
import type { Person } from "../contacts/match.ts";
import { contactsOf } from "../contacts/read.ts";
import { compileFlow, type Flow } from "../core/flow.ts";
import { hookInputs, isHook } from "../core/hook.ts";
import { excerpt, isObject } from "../core/problems.ts";
import type { Value } from "../core/state.ts";
import { hookKey, hooksOf, renewHook } from "../hooks.ts";
import { countedAs } from "./address.ts";
import { placed } from "./contact-write.ts";
import { type AppOptions, type Env, wake } from "./context.ts";
import { type Call, readCall } from "./hook-call.ts";
import { flowOf, pageOfAll, wrong } from "./input.ts";
import { takeOne } from "./limits.ts";
import { HttpProblem, notFound } from "./problem.ts";
import { EDITORS, reply, route } from "./route.ts";
import { closed, FlowId, Listed, OrNull, PageQuery } from "./schemas.ts";

const Hook = Type.Object(
  {
    node: Type.String(),
    url: Type.String({ description: "Unguessable; to be kept like a password" }),
    secret: OrNull(
      Type.String({ description: "The name of the secret that signs the calls; null: none" }),
    ),
    live: Type.Boolean({ description: "Whether the published version has the node" }),
  },
  { ...closed, component: "Hook" },
);

/** `/api/flows/:id/hooks`: under which addresses other systems start a flow. */
export function flowHooks(options: AppOptions) {
  const { store } = options;
  return new Hono<Env>()
    .get(
      "/:id/hooks",
      route(
        {
          summary: "Lists the addresses under which other systems start a flow.",
          allow: EDITORS,
          params: { id: FlowId },
          query: PageQuery(),
          answers: { 200: Listed(Hook) },
          problems: ["not-found"],
        },
        async (_, { param, query }) => {
          const hooks = await hooksOf(options, await flowOf(store, param.id));
          return reply(
            200,
            pageOfAll(hooks, query, ({ node }) => node),
          );
        },
      ),
    )
    .post(
      "/:id/hooks/:node/renew",
      route(
        {
          summary: "Makes a new address of an incoming webhook; the old one leads nowhere.",
          allow: EDITORS,
          params: { id: FlowId, node: Type.String({ description: "The trigger's id" }) },
          answers: { 200: Hook },
          problems: ["not-found"],
        },
        async (_, { param: { id, node }, newId }) => {
          const flow = await flowOf(store, id);
          const isThere = (await hooksOf(options, flow)).some((hook) => hook.node === node);
          if (isThere) await renewHook(options, id, node, newId());
          const hook = (await hooksOf(options, flow)).find((one) => one.node === node);
          if (!hook) throw noHook(id, node);
          return reply(200, hook);
        },
      ),
    );
}

const noHook = (flow: string, node: string): HttpProblem =>
  notFound({
    en: `The flow “${flow}” has no incoming webhook “${excerpt(node)}”.`,
    ar: `ليس في خطة المتابعة «${flow}» ‏Webhook وارد باسم «${excerpt(node)}».`,
  });

/**
 * `POST /hooks/:flow/:node/:key`: another system tells of a contact. The address is unguessable; where the node names a
 * secret, calls must be signed with it too. The same id twice counts once. Looking (GET) changes nothing.
 */
export function hookCalls(options: AppOptions): Hono<Env> {
  const compiled = new WeakMap<object, Flow>();
  // Two calls about somebody new, at once, make one contact.
  const inTurn = oneAtATime();
  const place = (person: Person) => inTurn(() => placed(options, person, "webhook"));
  return new Hono<Env>().post("/hooks/:flow/:node/:key", async (c) => {
    const { flow: id, node, key } = c.req.param();
    const flow = await calledFlow(options, compiled, { id, node, key });
    if (!flow) {
      // Who guesses is slowed down.
      takeOne(c.get("limits").guess, `hook:${countedAs(c.get("address"))}`);
      throw unknownAddress;
    }
    takeOne(c.get("limits").hook, `${id}/${node}`);
    const call = await readCall(c, secretOf(options, flow, node), options.clock());
    return c.json(await take(options, place, flow, node, call), 202, {
      "cache-control": "no-store",
    });
  });
}

const unknownAddress = notFound({
  en: "Nothing listens at this address; the flow's page shows the right one.",
  ar: "لا شيء يستقبل على هذا العنوان؛ العنوان الصحيح في صفحة الخطة.",
});

/** The published flow whose address it is; null: it is none. */
async function calledFlow(
  options: AppOptions,
  compiled: WeakMap<object, Flow>,
  { id, node, key }: { id: string; node: string; key: string },
): Promise<Flow | null> {
  const { store } = options;
  const right = Buffer.from(await hookKey(options, id, node));
  const given = Buffer.from(key);
  if (right.length !== given.length || !timingSafeEqual(right, given)) return null;
  const record = await store.flow(id);
  const found = record?.version == null ? null : await store.version(id, record.version);
  if (!found) return null;
  const { doc, version, firstPublished, paused, params } = found;
  const flow = compiled.get(doc) ?? compileFlow(doc, { version, firstPublished, paused, params });
  compiled.set(doc, flow);
  return isHook(flow, node) ? flow : null;
}

/** The secret that signs; null: the node names none. One that is named and isn't set lets nobody in. */
function secretOf({ named, warn }: AppOptions, flow: Flow, node: string): string | null {
  const name = flow.nodes.get(node)?.data.secret;
  if (typeof name !== "string") return null;
  const secret = named(name);
  if (secret !== undefined && secret !== "") return secret;
  warn(`flow ${flow.id}, node ${node}: calls are refused, as SECRET_${name} isn't set`);
  throw new HttpProblem("unavailable", {
    en: `The secret ${name}, with which calls must be signed, isn't set here.`,
    ar: `المفتاح السري ${name} الذي توقَّع به الطلبات غير مضبوط هنا.`,
  });
}

async function take(
  options: AppOptions,
  place: (person: Person) => ReturnType<typeof placed>,
  flow: Flow,
  node: string,
  { body, id: call }: Call,
) {
  const at = options.clock();
  const id = `hook:${flow.id}/${node}:${call ?? options.newId()}`;
  let person: Person | null = null;
  // The core finds what the map names; what is found is cleaned here, as an import would.
  const workspace = await options.store.workspace();
  const inputs = hookInputs(flow, node, body, {
    at,
    id,
    clean: (fields) => {
      person = cleaned(withAddress(fields, body), workspace);
      return person?.fields ?? {};
    },
  });
  person ??= cleaned(withAddress({}, body), workspace);
  if (!person) throw nobody(flow, node);
  const contact = await place(person);
  const added = await options.store.addInputs(
    inputs.map((input) => ({ contact: contact.id, input })),
  );
  wake(options);
  return { accepted: true, known: added === 0, created: contact.is === "created" };
}

/** Where the map names no address, those are taken that the body has under their usual names. */
function withAddress(fields: Record<string, Value>, body: unknown): Record<string, Value> {
  if (fields.email !== undefined || fields.phone !== undefined || !isObject(body)) return fields;
  const { email, phone } = body;
  return {
    ...fields,
    ...(typeof email === "string" ? { email } : {}),
    ...(typeof phone === "string" || typeof phone === "number" ? { phone } : {}),
  };
}

/** As an import cleans a row: what is no value of its field is left out, so that a lead isn't lost by a bad time zone. */
function cleaned(
  fields: Record<string, Value>,
  workspace: Parameters<typeof contactsOf>[1]["workspace"],
): Person | null {
  const read = contactsOf([fields], { workspace });
  return read.ok ? (read.value.people[0] ?? null) : null;
}

function nobody(flow: Flow, node: string): HttpProblem {
  const { map = {} } = (flow.nodes.get(node)?.data ?? {}) as { map?: Record<string, string> };
  const places = [map.email ?? "email", map.phone ?? "phone"].join(", ");
  return wrong(
    "",
    `The body names nobody: there is no e-mail address or phone number at ${places}.`,
    `لا يحدد المحتوى أحدًا: لا بريد إلكتروني ولا رقم هاتف في ${places}.`,
  );
}

/** Does one piece of work after the other. */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

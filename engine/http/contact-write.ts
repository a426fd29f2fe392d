import { decideMatch, type Person } from "../contacts/match.ts";
import { contactsOf } from "../contacts/read.ts";
import type { Input, Value } from "../core/state.ts";
import type { AppOptions } from "./context.ts";
import { wrong } from "./input.ts";
import { HttpProblem } from "./problem.ts";

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

/** Creates a contact, or fills in the one that has its e-mail address or phone number. Throws `HttpProblem`. */
export async function createOrUpdate(
  options: AppOptions,
  body: Record<string, unknown>,
  newId: () => string,
): Promise<{ id: string; created: boolean }> {
  const { store, clock } = options;
  const { person } = await rowOf(options, body);
  if (!person)
    throw wrong(
      "",
      "A contact needs an e-mail address or a phone number.",
      "تحتاج جهة الاتصال إلى بريد إلكتروني أو رقم هاتف.",
    );
  const { id, is } = await placed(options, person, "api");
  if (is !== "found") return { id, created: is === "created" };
  const at = clock();
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
  await store.addInputs(inputs.map((input) => ({ contact: id, input })));
  return { id, created: false };
}

/** The contact that a person is, by address: written when it is new, or by it two turn out to be one; else only found. */
export async function placed(
  { store, clock }: AppOptions,
  person: Person,
  source: string,
): Promise<{ id: string; is: "found" | "merged" | "created" }> {
  const { email = null, phone = null } = person.fields as { email?: string; phone?: string };
  const keys = [
    ...(email === null ? [] : [`email:${email}`]),
    ...(phone === null ? [] : [`phone:${phone}`]),
  ];
  const known = await store.findMany(keys);
  const match = decideMatch(
    { email, phone },
    known.get(`email:${email}`) ?? null,
    known.get(`phone:${phone}`) ?? null,
  );
  if (match.do === "update") return { id: match.id, is: "found" };
  const { fields, tags, consent, created } = person;
  const isMerge = match.do === "merge";
  const row = {
    id: isMerge ? match.keep : null,
    ...(isMerge ? { merge: [match.absorb] } : {}),
    ...{ fields, tags, consent, created, source },
  };
  const [id] = await store.writeContacts([row], clock(), true);
  if (id === undefined) throw new Error("the store wrote a contact and named none");
  return { id, is: isMerge ? "merged" : "created" };
}

/** Fields to set, cleaned; null clears one. An address that another contact has is a conflict. */
export async function fieldsOf(
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

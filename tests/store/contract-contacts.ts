import { expect, test } from "vitest";
import type { Input } from "../../engine/core/state.ts";
import type { Open } from "./contract.ts";
import { DAY, flowDoc, load, people, person, sweep, T0, turn, work } from "./make.ts";

const plain = { migrate: false, move: {}, wake: false, baseline: [] };

export function contactsContract(open: Open): void {
  test("a new contact is found by id, e-mail and phone", async () => {
    const store = await open();
    const fields = { email: "ann@x.example", phone: "+966500000001", first_name: "Ann", empty: "" };
    await store.writeContacts([person(fields, { created: T0 - DAY, tags: ["lead"] })], T0, false);
    const id = (await store.findContact("ann@x.example")) ?? "";
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(await store.findContact("+966500000001")).toBe(id);
    expect(await store.findContact(id)).toBe(id);
    expect(await store.findContact("bob@x.example")).toBeNull();
    expect(await load(store, id)).toEqual({
      contact: {
        id,
        seed: "ann@x.example",
        created: T0 - DAY,
        fields: { email: "ann@x.example", phone: "+966500000001", first_name: "Ann" },
        fieldsSet: {},
        tags: { lead: { since: T0, expires: null } },
        consents: [],
        stopped: [],
        suppressed: {},
        erased: false,
      },
      events: [],
      messages: [],
      tasks: [],
      runs: [],
      drawn: {},
      fired: {},
      members: {},
    });
  });

  test("a tag becomes another one silently: of two the earlier beginning and the later end count", async () => {
    const store = await open();
    await store.saveSegment("buyers", { tag: "buyer" }, T0);
    await store.publish("welcome", flowDoc("welcome"), T0, { ...plain, baseline: ["buyers"] });
    const [ann = "", bob = "", cid = ""] = await people(
      store,
      "ann@x.example",
      "bob@x.example",
      "cid@x.example",
    );
    const on = (since: number, expires: number | null) => ({ since, expires });
    const tag = (id: string, tags: Record<string, { since: number; expires: number | null }>) =>
      turn(store, id, T0, (c) => {
        c.state.contact.tags = tags;
        c.tags = true;
      });
    await tag(ann, { client: on(T0 - DAY, T0 + DAY), buyer: on(T0 - 5, T0 + 2 * DAY) });
    await tag(bob, { client: on(T0 - 1, T0 + DAY), buyer: on(T0 - 9, null) });
    await tag(cid, { client: on(T0 - 3, null), other: on(T0, null) });
    expect(await store.moveTag("client", "buyer", T0 + DAY)).toBe(3);
    const tagsOf = async (id: string) => (await load(store, id)).contact.tags;
    expect(await tagsOf(ann)).toEqual({ buyer: on(T0 - DAY, T0 + 2 * DAY) });
    expect(await tagsOf(bob)).toEqual({ buyer: on(T0 - 9, null) });
    expect(await tagsOf(cid)).toEqual({ buyer: on(T0 - 3, null), other: on(T0, null) });
    // Whoever looks next knows that nobody has entered a segment by it.
    expect((await load(store, cid)).members[""]).toEqual({ n: -1, at: T0 + DAY });
    expect(await store.moveTag("client", "buyer", T0 + DAY)).toBe(0);
    expect(await store.moveTag("buyer", null, T0 + DAY)).toBe(3);
    expect(await store.tagCounts(T0 + DAY)).toEqual([{ tag: "other", contacts: 1 }]);
  });

  test("whole people are read page by page, with the facts that are asked for alone", async () => {
    const store = await open();
    const ids = await store.writeContacts(
      ["ann@x.example", "bob@x.example", "cid@x.example"].map((email, i) =>
        person({ email }, { tags: i < 2 ? ["lead"] : [] }),
      ),
      T0,
      false,
    );
    const event = (name: string): Input => ({ kind: "event", name, data: {}, at: T0, id: name });
    await turn(store, ids[0] ?? "", T0, (c) => {
      c.events.push(
        { id: "a", name: "seen", at: T0, data: {} },
        { id: "b", name: "other", at: T0, data: {} },
      );
    });
    await store.addInputs([{ contact: ids[1] ?? "", input: event("later") }]);
    const due = await store.nextDue();
    const need = { events: ["seen"], messages: false, tasks: false };
    const first = await store.states({ tag: "lead" }, T0, { limit: 1 }, need);
    const [one] = first;
    const second = await store.states(
      { tag: "lead" },
      T0,
      { after: one?.contact.id ?? "", limit: 9 },
      need,
    );
    const all = [...first, ...second];
    expect(all.map(({ contact }) => contact.id)).toEqual(ids.slice(0, 2).sort());
    const ann = all.find(({ contact }) => contact.id === ids[0]);
    expect(ann?.events.map(({ name }) => name)).toEqual(["seen"]);
    expect(ann?.contact.tags).toEqual({ lead: { since: T0, expires: null } });
    expect(await store.nextDue()).toBe(due);
  });

  test("several people may share a phone, and the first of them is found by it", async () => {
    const store = await open();
    const phone = "+966500000001";
    await store.writeContacts(
      [person({ email: "ann@x.example", phone }), person({ email: "bob@x.example", phone })],
      T0,
      false,
    );
    expect(await store.findContact(phone)).toBe(await store.findContact("ann@x.example"));
    const known = await store.findMany([
      `phone:${phone}`,
      "email:bob@x.example",
      "email:none@x.example",
    ]);
    expect([...known].map(([key, k]) => [key, k.email])).toEqual([
      [`phone:${phone}`, "ann@x.example"],
      ["email:bob@x.example", "bob@x.example"],
    ]);
  });

  test("a row whose e-mail has come meanwhile updates that contact", async () => {
    const store = await open();
    await store.writeContacts(
      [person({ email: "ann@x.example" }), person({ email: "ann@x.example", city: "Riyadh" })],
      T0,
      false,
    );
    expect(await store.countContacts(null, T0)).toBe(1);
    const id = (await store.findContact("ann@x.example")) ?? "";
    const { contact } = await load(store, id);
    expect(contact.fields).toEqual({ email: "ann@x.example", city: "Riyadh" });
    expect(contact.fieldsSet).toEqual({ city: T0 });
  });

  test("updating changes what is filled, adds tags and keeps what is there", async () => {
    const store = await open();
    await store.writeContacts(
      [person({ email: "ann@x.example", city: "Jeddah", score: 3 }, { tags: ["lead"] })],
      T0,
      false,
    );
    const id = await store.findContact("ann@x.example");
    await store.writeContacts(
      [person({ city: "Riyadh", score: "" }, { id, tags: ["lead", "vip"] })],
      T0 + 1,
      false,
    );
    const { contact } = await load(store, id ?? "");
    expect(contact.fields).toEqual({ email: "ann@x.example", city: "Riyadh", score: 3 });
    expect(contact.fieldsSet).toEqual({ city: T0 + 1 });
    expect(contact.tags).toEqual({
      lead: { since: T0, expires: null },
      vip: { since: T0 + 1, expires: null },
    });
  });

  test("tags in use are counted, the commonest first, and one that has expired is none", async () => {
    const store = await open();
    const [ann = "", bob = ""] = await people(store, "ann@x.example", "bob@x.example");
    const lead = { since: T0, expires: null };
    await turn(store, ann, T0, (changes) => {
      changes.tags = true;
      changes.state.contact.tags = { lead, quoted: { since: T0, expires: T0 + DAY } };
    });
    await turn(store, bob, T0, (changes) => {
      changes.tags = true;
      changes.state.contact.tags = { lead };
    });
    expect(await store.tagCounts(T0)).toEqual([
      { tag: "lead", contacts: 2 },
      { tag: "quoted", contacts: 1 },
    ]);
    expect(await store.tagCounts(T0 + DAY)).toEqual([{ tag: "lead", contacts: 2 }]);
  });

  test("a list of consent grants what it names, denies the rest, and never undoes a denial", async () => {
    const store = await open();
    await store.writeContacts(
      [person({ email: "ann@x.example" }, { consent: ["email", "sms"] })],
      T0,
      false,
    );
    const id = (await store.findContact("ann@x.example")) ?? "";
    const said = async () =>
      (await load(store, id)).contact.consents.map((c) => [c.channel, c.granted, c.at]);
    expect(await said()).toEqual([
      ["email", true, T0],
      ["sms", true, T0],
      ["whatsapp", false, T0],
    ]);
    await store.writeContacts([person({}, { id, consent: ["email", "whatsapp"] })], T0 + 1, false);
    expect((await said()).slice(3)).toEqual([["sms", false, T0 + 1]]);
    await store.writeContacts([person({}, { id, consent: null })], T0 + 2, false);
    expect(await said()).toHaveLength(4);
  });

  test("only with fire does a new contact tell its triggers", async () => {
    const store = await open();
    const seen: string[] = [];
    const note = (inputs: Input[]) => void seen.push(...inputs.map((i) => i.kind));
    await store.writeContacts([person({ email: "ann@x.example" })], T0, false);
    expect(await work(store, T0, (_, inputs) => note(inputs))).toBe(0);
    await store.publish("timed", flowDoc("timed"), T0, { ...plain, wake: true });
    await sweep(store);
    await store.writeContacts([person({ email: "amy@x.example" })], T0, false);
    expect(await work(store, T0, (_, inputs) => note(inputs))).toBe(2);
    expect(seen).toEqual([]);
    await store.writeContacts([person({ email: "bob@x.example" })], T0, true);
    await work(store, T0, (_, inputs) => note(inputs));
    expect(seen).toEqual(["created"]);
  });

  test("whom a silent import puts into a segment has not entered it", async () => {
    const store = await open();
    await store.saveSegment("riyadh", { field: "city", op: "=", value: "Riyadh" }, T0);
    await store.publish("welcome", flowDoc("welcome"), T0, { ...plain, baseline: ["riyadh"] });
    await store.writeContacts([person({ email: "ann@x.example", city: "riyadh" })], T0, false);
    await store.writeContacts([person({ email: "bob@x.example", city: "riyadh" })], T0, true);
    const idOf = async (email: string) => (await store.findContact(email)) ?? "";
    const members = async (email: string) => (await load(store, await idOf(email))).members;
    // What it is in at that moment is looked at when something happens to it.
    expect(await members("ann@x.example")).toEqual({ "": { n: -1, at: T0 } });
    expect(await members("bob@x.example")).toEqual({ "": { n: 1 } });
    const city = (id: string) => [person({ city: "riyadh" }, { id })];
    await store.writeContacts(city(await idOf("ann@x.example")), T0 + 1, true);
    expect(await members("ann@x.example")).toEqual({ "": { n: -1, at: T0 + 1 } });
    // Bob's coming has yet to be told: he enters by what he is then.
    await store.writeContacts(city(await idOf("bob@x.example")), T0 + 1, false);
    expect(await members("bob@x.example")).toEqual({ "": { n: 1 } });
  });

  test("a change for a contact that doesn't exist is refused, and with it the whole batch", async () => {
    const store = await open();
    const rows = [person({ email: "ann@x.example" }), person({ city: "x" }, { id: "nobody" })];
    await expect(store.writeContacts(rows, T0, false)).rejects.toThrow(
      "there is no contact nobody",
    );
    expect(await store.countContacts(null, T0)).toBe(0);
  });

  test("contacts are listed and counted by a rule, page by page", async () => {
    const store = await open();
    const rows = Array.from({ length: 5 }, (_, i) =>
      person({ email: `p${i}@x.example`, score: i }, { tags: i % 2 ? ["odd", "all"] : ["all"] }),
    );
    await store.writeContacts(rows, T0, false);
    const rule = { field: "score", op: ">=" as const, value: 1 };
    expect(await store.countContacts(rule, T0)).toBe(4);
    const first = await store.contacts(rule, T0, { limit: 3 });
    const second = await store.contacts(rule, T0, { limit: 3, after: first[2]?.id ?? "" });
    expect([...first, ...second].map((c) => [c.fields.score, c.tags])).toEqual([
      [1, ["all", "odd"]],
      [2, ["all"]],
      [3, ["all", "odd"]],
      [4, ["all"]],
    ]);
  });

  test("an address that another contact has taken stays with that one, and no work is stopped by it", async () => {
    const store = await open();
    const [ann = "", bob = ""] = await people(store, "ann@x.example", "bob@x.example");
    await turn(store, bob, T0, (c) => {
      c.state.contact.fields.email = "ann@x.example";
      c.contact = true;
    });
    expect(await store.findContact("ann@x.example")).toBe(ann);
    expect((await load(store, bob)).contact.fields.email).toBe("ann@x.example");
  });
}

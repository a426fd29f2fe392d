import { describe, expect, test } from "vitest";
import { MAIL, oneNode, Site } from "./site.ts";

describe("contacts", () => {
  test("are created once, found by any key, and filled in when they come again", async () => {
    const site = new Site();
    const made = await site.send("POST", "/api/contacts", {
      email: "Sara@Example.com",
      phone: "+966 50 000 0001",
      first_name: "Sara",
      tags: ["lead"],
      consent: ["email"],
      size: 12,
    });
    expect(made.status).toBe(201);
    const { id } = (await made.json()) as { id: string };
    const again = await site.send("POST", "/api/contacts", {
      email: "sara@example.com",
      city: "Riyadh",
    });
    expect(await again.json()).toEqual({ id, created: false });
    await site.work();
    for (const key of [id, "SARA@example.com", "+966500000001", "00966500000001"]) {
      const contact = await site.json(`/api/contacts/${encodeURIComponent(key)}`);
      expect(contact).toMatchObject({
        id,
        key: "sara@example.com",
        fields: {
          email: "sara@example.com",
          phone: "+966500000001",
          first_name: "Sara",
          city: "Riyadh",
          size: 12,
        },
        tags: [{ tag: "lead", expires: null }],
      });
    }
    expect(site.woken).toBe(2);
  });

  test("a new contact starts the flows that begin with one", async () => {
    const site = new Site();
    const doc = MAIL;
    const nodes = [{ ...doc.nodes[0], type: "trigger.created" }, doc.nodes[1]];
    await site.publish({ ...doc, nodes });
    await site.send("POST", "/api/contacts", { email: "sara@example.com", consent: ["email"] });
    await site.work();
    expect((await site.json("/api/messages")).items).toHaveLength(1);
  });

  test("without an address, or with one that is none, nothing is written", async () => {
    const site = new Site();
    for (const body of [
      {},
      { first_name: "Sara" },
      { email: "not an address" },
      { email: "a@example.com", timezone: "Mars" },
    ]) {
      expect((await site.send("POST", "/api/contacts", body)).status).toBe(422);
    }
    expect((await site.json("/api/contacts")).items).toEqual([]);
  });

  test("a field whose value counts as missing is flagged on the contact", async () => {
    const site = new Site();
    await site.person({ email: "sara@example.com", timezone: "Asia/Riyadh" });
    const flagged = async () => (await site.json("/api/contacts/sara@example.com")).flagged;
    expect(await flagged()).toEqual([]);
    const contact = (await site.store.findContact("sara@example.com")) ?? "";
    const input = {
      kind: "set",
      fields: { timezone: "Mars/Base" },
      at: site.now,
      id: "s",
    } as const;
    await site.store.addInputs([{ contact, input }]);
    await site.work();
    expect(await flagged()).toEqual(["timezone"]);
  });

  test("fields are set and cleared, and another's e-mail address is a conflict", async () => {
    const site = new Site();
    await site.person({ email: "sara@example.com", city: "Riyadh" });
    await site.person({ email: "omar@example.com" });
    const changed = await site.send("PATCH", "/api/contacts/sara@example.com", {
      city: null,
      first_name: "سارة",
    });
    expect(changed.status).toBe(202);
    await site.work();
    expect((await site.json("/api/contacts/sara@example.com")).fields).toEqual({
      email: "sara@example.com",
      first_name: "سارة",
    });
    expect(
      (await site.send("PATCH", "/api/contacts/sara@example.com", { email: "OMAR@example.com" }))
        .status,
    ).toBe(409);
    expect(
      (await site.send("PATCH", "/api/contacts/sara@example.com", { tags: ["x"] })).status,
    ).toBe(422);
    expect(
      (await site.send("PATCH", "/api/contacts/nobody@example.com", { city: "x" })).status,
    ).toBe(404);
  });

  test("tags come and go, with an expiry where one is given", async () => {
    const site = new Site();
    await site.person({ email: "sara@example.com" });
    const add = [{ tag: "vip" }, { tag: "quoted", expires: "2026-03-09T09:00:00Z" }];
    await site.send("POST", "/api/contacts/sara@example.com/tags", { add });
    await site.work();
    const both = (await site.json("/api/contacts/sara@example.com")).tags as { tag: string }[];
    expect(both.sort((a, b) => (a.tag < b.tag ? -1 : 1))).toEqual([
      { tag: "quoted", since: "2026-03-02T09:00:00.000Z", expires: "2026-03-09T09:00:00.000Z" },
      { tag: "vip", since: "2026-03-02T09:00:00.000Z", expires: null },
    ]);
    await site.send("POST", "/api/contacts/sara@example.com/tags", { remove: ["vip"] });
    await site.work();
    const { tags } = await site.json("/api/contacts/sara@example.com");
    expect(tags).toMatchObject([{ tag: "quoted", expires: "2026-03-09T09:00:00.000Z" }]);
  });

  test("lists page by cursor and narrow by rule", async () => {
    const site = new Site();
    for (let i = 0; i < 7; i++)
      await site.person({ email: `p${i}@example.com`, city: i % 2 ? "Jeddah" : "Riyadh" });
    const seen: string[] = [];
    let next: string | null = "";
    while (next !== null) {
      const page: Awaited<ReturnType<Site["json"]>> = await site.json(
        `/api/contacts?limit=3&cursor=${next}`,
      );
      seen.push(...page.items.map((item) => (item.fields as { email: string }).email));
      next = page.next;
    }
    expect(seen.sort()).toEqual(Array.from({ length: 7 }, (_, i) => `p${i}@example.com`));
    const rule = encodeURIComponent('{"field": "city", "op": "=", "value": "jeddah"}');
    expect((await site.json(`/api/contacts?rule=${rule}`)).items).toHaveLength(3);
    for (const bad of ["rule=%7B", "rule=%7B%22tagg%22%3A1%7D", "limit=0", "limit=5000"]) {
      expect((await site.request(`/api/contacts?${bad}`)).status).toBe(422);
    }
  });

  test("erasing forgets the person", async () => {
    const site = new Site();
    const id = await site.person({ email: "sara@example.com" });
    expect((await site.send("DELETE", `/api/contacts/${id}`)).status).toBe(202);
    await site.work();
    expect((await site.request("/api/contacts/sara@example.com")).status).toBe(404);
    expect((await site.json(`/api/contacts/${id}`)).fields).toEqual({});
  });
});

describe("events", () => {
  test("the same id twice counts once, by the body or by Idempotency-Key", async () => {
    const site = new Site();
    const id = await site.person({ email: "sara@example.com" });
    const body = { contact: "sara@example.com", event: "order.placed", data: { amount: 5 } };
    const known = async (more: object, headers = {}) =>
      (
        (await (await site.send("POST", "/api/events", { ...body, ...more }, headers)).json()) as {
          known: boolean;
        }
      ).known;
    expect(await known({ id: "A-1" })).toBe(false);
    expect(await known({ id: "A-1" })).toBe(true);
    // Answered again as the first time.
    expect(await known({}, { "idempotency-key": "k" })).toBe(false);
    expect(await known({}, { "idempotency-key": "k" })).toBe(false);
    await site.work();
    expect((await site.store.loadContact(id))?.events).toHaveLength(2);
  });

  test("an event of an unknown contact, or of the future, is refused", async () => {
    const site = new Site();
    await site.person({ email: "sara@example.com" });
    const send = (body: object) =>
      site.send("POST", "/api/events", { event: "order.placed", ...body });
    expect((await send({ contact: "nobody@example.com" })).status).toBe(404);
    expect((await send({ contact: "sara@example.com", at: "2027-01-01T00:00:00Z" })).status).toBe(
      422,
    );
    expect((await send({ contact: "sara@example.com", at: "yesterday" })).status).toBe(422);
    expect((await send({ contact: "sara@example.com", at: "2026-03-01T00:00:00Z" })).status).toBe(
      202,
    );
  });
});

describe("flows", () => {
  test("a draft is kept with its problems, published once it has none, and runs", async () => {
    const site = new Site();
    await site.person({ email: "sara@example.com", first_name: "Sara" });
    const broken = { ...MAIL, edges: [{ id: "e", source: "start", target: "gone" }] };
    const draft = (await (await site.send("PUT", "/api/flows/mail", broken)).json()) as {
      problems: { severity: string }[];
    };
    expect(draft.problems.some((p) => p.severity === "error")).toBe(true);
    const refused = await site.send("POST", "/api/flows/mail/publish");
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({
      type: "urn:tawasul:problem:invalid-flow",
      problems: expect.any(Array),
    });
    expect((await site.send("POST", "/api/flows/mail/enrollments", { all: true })).status).toBe(
      409,
    );

    await site.send("PUT", "/api/flows/mail", MAIL);
    expect(await (await site.send("POST", "/api/flows/mail/validate")).json()).toMatchObject({
      valid: true,
    });
    const published = await site.send("POST", "/api/flows/mail/publish", {});
    expect(await published.json()).toMatchObject({ id: "mail", version: 1, current: true });
    const started = await site.send("POST", "/api/flows/mail/enrollments", {
      contacts: ["sara@example.com"],
    });
    expect(started.status).toBe(202);
    expect(await started.json()).toEqual({ flow: "mail", contacts: 1 });
    await site.work();
    expect(await site.json("/api/flows/mail/stats")).toMatchObject({ entered: 1, completed: 1 });
    const { items } = await site.json("/api/flows/mail/enrollments?state=completed");
    expect(items).toMatchObject([
      { contactKey: "sara@example.com", state: "completed", entered: "2026-03-02T09:00:00.000Z" },
    ]);
    expect((await site.json("/api/flows/mail/versions/current")).doc).toEqual(MAIL);
    expect((await site.request("/api/flows/mail/versions/2")).status).toBe(404);
  });

  test("a document of another id, or none at all, is not saved", async () => {
    const site = new Site();
    expect((await site.send("PUT", "/api/flows/other", MAIL)).status).toBe(422);
    const none = await site.send("PUT", "/api/flows/mail", { hello: 1 });
    expect(none.status).toBe(422);
    expect(((await none.json()) as { problems: unknown[] }).problems.length).toBeGreaterThan(1);
    expect((await site.json("/api/flows")).items).toEqual([]);
  });

  test("an enrollment repeated with its Idempotency-Key starts nobody twice", async () => {
    const site = new Site();
    await site.person({ email: "sara@example.com" });
    await site.publish({ ...MAIL, settings: { reentry: { mode: "always" } } });
    for (let i = 0; i < 2; i++) {
      await site.send(
        "POST",
        "/api/flows/mail/enrollments",
        { all: true },
        { "idempotency-key": "once" },
      );
      await site.work();
    }
    expect(await site.json("/api/flows/mail/stats")).toMatchObject({ entered: 1 });
  });

  test("pausing holds people where they stand and resuming lets them go on", async () => {
    const site = new Site();
    await site.person({ email: "sara@example.com" });
    await site.publish(MAIL);
    expect(await (await site.send("POST", "/api/flows/mail/pause")).json()).toMatchObject({
      state: "paused",
    });
    await site.send("POST", "/api/flows/mail/enrollments", { all: true });
    await site.work();
    expect((await site.json("/api/messages")).items).toEqual([]);
    expect(
      await (await site.send("POST", "/api/flows/mail/resume", { shift: false })).json(),
    ).toMatchObject({ state: "live" });
    await site.work();
    expect((await site.json("/api/messages")).items).toHaveLength(1);
  });
});

describe("messages, tasks, journal, settings", () => {
  test("a message comes rendered as its reader gets it", async () => {
    const site = new Site();
    await site.person({ email: "sara@example.com", first_name: "<b>Sara</b>" });
    await site.publish(MAIL);
    await site.send("POST", "/api/flows/mail/enrollments", { all: true });
    await site.work();
    const { items } = await site.json(
      "/api/messages?state=sent&flow=mail&contact=sara@example.com",
    );
    expect(items).toMatchObject([
      { key: "mail.1.step.1", state: "sent", subject: "Hello <b>Sara</b>", attempt: 1 },
    ]);
    const one = (await site.json(`/api/messages/${items[0]?.id}`)) as unknown as {
      rendered: { text: string; html: string };
    };
    expect(one.rendered.text).toMatch(/^Dear <b>Sara<\/b>, http:\/\/localhost\/u\//);
    expect(one.rendered.html).toContain("Dear &lt;b&gt;Sara&lt;/b&gt;");
    expect((await site.request("/api/messages/999")).status).toBe(404);
    expect((await site.request("/api/messages?state=lost")).status).toBe(422);
  });

  test("closing a call lets its contact go on by the outcome, once", async () => {
    const site = new Site();
    await site.person({ email: "sara@example.com" });
    await site.publish(oneNode("calls", "call", { script: "Hello" }));
    await site.send("POST", "/api/flows/calls/enrollments", { all: true });
    await site.work();
    const { items } = await site.json("/api/tasks?open=true");
    expect(items).toMatchObject([{ kind: "call", flow: "calls", closed: null }]);
    const close = (outcome: string) =>
      site.send("POST", `/api/tasks/${items[0]?.id}/close`, { outcome });
    expect((await close("maybe")).status).toBe(422);
    expect((await close("answered")).status).toBe(202);
    await site.work();
    expect((await close("answered")).status).toBe(409);
    const journal = await site.json("/api/journal?flow=calls");
    expect(journal.items.at(-2)).toMatchObject({ kind: "step", node: "step", output: "answered" });
    expect((await site.json("/api/tasks?open=true")).items).toEqual([]);
  });

  test("the journal pages by cursor, without gaps or repetitions", async () => {
    const site = new Site();
    for (let i = 0; i < 5; i++) await site.person({ email: `p${i}@example.com` });
    await site.publish(MAIL);
    await site.send("POST", "/api/flows/mail/enrollments", { all: true });
    await site.work();
    const whole = (await site.json("/api/journal?limit=500")).items;
    expect(whole.length).toBe(25);
    const paged: unknown[] = [];
    let next: string | null = "";
    while (next !== null) {
      const page: Awaited<ReturnType<Site["json"]>> = await site.json(
        `/api/journal?limit=4&cursor=${next}`,
      );
      paged.push(...page.items);
      next = page.next;
    }
    expect(paged).toEqual(whole);
    expect((await site.request("/api/journal?cursor=x")).status).toBe(422);
  });

  test("settings are checked and kept", async () => {
    const site = new Site();
    const set = (body: object) => site.send("PATCH", "/api/settings", body);
    expect(
      (await set({ timezone: "Asia/Riyadh", consent: "granted", weekend: ["fri", "sat"] })).status,
    ).toBe(200);
    expect(await site.json("/api/settings")).toMatchObject({
      timezone: "Asia/Riyadh",
      consent: "granted",
      weekend: ["fri", "sat"],
    });
    for (const bad of [
      { timezone: "Mars/Base" },
      { consent: "maybe" },
      { weekend: ["someday"] },
      { weekend: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] },
      { hours: { from: "9", to: "17:00" } },
      { colour: "red" },
    ]) {
      expect((await set(bad)).status).toBe(422);
    }
  });

  test("hours, weekend and holidays are settings; what is no holiday is named with how to write one", async () => {
    const site = new Site();
    const set = (body: object, headers = {}) => site.send("PATCH", "/api/settings", body, headers);
    const given = {
      hours: { from: "09:00", to: "17:00" },
      weekend: ["fri", "sat"],
      holidays: [
        "2026-09-23",
        { date: "10-01", calendar: "islamic-umalqura", days: 3, name: "Eid" },
      ],
    };
    expect((await set(given)).status).toBe(200);
    expect(await site.json("/api/settings")).toMatchObject(given);
    const wrong = await set({ holidays: ["09-23", "2026-02-30"] }, { "accept-language": "ar" });
    expect(wrong.status).toBe(422);
    const problem = JSON.stringify(await wrong.json());
    expect(problem).toContain("/holidays/1");
    expect(problem).toContain("ليس عطلة صحيحة");
    const shut = await set({ hours: { from: "09:00", to: "09:00" } });
    expect(JSON.stringify(await shut.json())).toContain("opens and closes at 09:00");
    expect(await site.json("/api/settings")).toMatchObject(given);
  });
});

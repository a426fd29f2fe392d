import { describe, expect, test } from "vitest";
import { forgetRequests } from "../../engine/retention.ts";
import { MAIL, NOW, Site } from "./site.ts";

const HOUR = 3_600_000;
const SARA = { email: "sara@example.com" };

/** Creates a contact with a key. */
const create = (
  site: Site,
  key: string,
  body: object = SARA,
  headers: Record<string, string> = {},
) => site.send("POST", "/api/contacts", body, { "idempotency-key": key, ...headers });

async function typeOf(response: Response): Promise<string> {
  return ((await response.json()) as { type: string }).type;
}

describe("a write that is repeated with its Idempotency-Key", () => {
  test("is answered again, word for word, and not done again", async () => {
    const site = new Site();
    const first = await create(site, "k1");
    expect(first.status).toBe(201);
    expect(first.headers.get("idempotency-replayed")).toBeNull();
    const again = await create(site, "k1");
    expect(again.status).toBe(201);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(await again.text()).toBe(await first.text());
    expect(site.woken).toBe(1);
  });

  test("is the same whether the key is quoted or bare", async () => {
    const site = new Site();
    await create(site, '"k \\"1\\""');
    expect((await create(site, 'k "1"')).headers.get("idempotency-replayed")).toBe("true");
  });

  test("is refused again when it was refused, although it would be taken by now", async () => {
    const site = new Site();
    const tag = () =>
      site.send(
        "POST",
        "/api/contacts/sara@example.com/tags",
        { add: [{ tag: "vip" }] },
        { "idempotency-key": "k" },
      );
    const first = await tag();
    expect(first.status).toBe(404);
    await site.person(SARA);
    const again = await tag();
    expect(again.status).toBe(404);
    expect(again.headers.get("content-type")).toBe("application/problem+json");
    expect(await again.text()).toBe(await first.text());
  });

  test("is done when the first failed by our fault", async () => {
    const site = new Site();
    const write = site.store.writeContacts;
    site.store.writeContacts = () => Promise.reject(new Error("the disk is on fire"));
    expect((await create(site, "k")).status).toBe(500);
    site.store.writeContacts = write;
    expect((await create(site, "k")).status).toBe(201);
  });

  test("is refused when it is another request: body, path, query or If-Match", async () => {
    const site = new Site();
    await create(site, "k");
    for (const other of [
      await create(site, "k", { email: "omar@example.com" }),
      await create(site, "k", SARA, { "if-match": '"x"' }),
      await site.send("POST", "/api/contacts?lang=ar", SARA, { "idempotency-key": "k" }),
      await site.send("POST", "/api/events", SARA, { "idempotency-key": "k" }),
    ]) {
      expect(other.status).toBe(422);
      expect(await typeOf(other)).toBe("urn:tawasul:problem:idempotency-key-reused");
    }
    expect((await site.json("/api/contacts")).items).toHaveLength(1);
  });

  test("is done once when many come at once; who comes too early is told to wait", async () => {
    const site = new Site();
    await site.person(SARA);
    await site.publish({ ...MAIL, settings: { reentry: { mode: "always" } } });
    const enroll = () =>
      site.send("POST", "/api/flows/mail/enrollments", { all: true }, { "idempotency-key": "k" });
    const answers = await Promise.all(Array.from({ length: 10 }, enroll));
    const waiting = answers.filter(({ status }) => status === 409);
    expect(waiting.length).toBe(9);
    expect(waiting[0]?.headers.get("retry-after")).toBe("1");
    expect(await typeOf(waiting[0] as Response)).toBe("urn:tawasul:problem:idempotency-key-in-use");
    await site.work();
    expect(await site.json("/api/flows/mail/stats")).toMatchObject({ entered: 1 });
    expect((await enroll()).status).toBe(202);
  });

  test("counts once although whoever did it died before the answer was kept", async () => {
    const site = new Site();
    const id = await site.person(SARA);
    const end = site.store.endRequest;
    site.store.endRequest = () => Promise.resolve();
    const body = { contact: "sara@example.com", event: "order.placed" };
    const tell = () => site.send("POST", "/api/events", body, { "idempotency-key": "k" });
    await tell();
    site.store.endRequest = end;
    expect((await tell()).status).toBe(409);
    site.now = NOW + HOUR;
    expect(await (await tell()).json()).toMatchObject({ known: true });
    await site.work();
    expect((await site.store.loadContact(id))?.events).toHaveLength(1);
  });
});

describe("what is kept of it", () => {
  test("lasts two days and is then cleared away", async () => {
    const site = new Site();
    await create(site, "k");
    site.now = NOW + 47 * HOUR;
    expect(await forgetRequests(site.store, site.now)).toBe(0);
    expect((await create(site, "k")).headers.get("idempotency-replayed")).toBe("true");
    site.now = NOW + 48 * HOUR + 1;
    expect(await forgetRequests(site.store, site.now)).toBe(1);
    expect((await create(site, "k")).status).toBe(202);
  });

  test("says nothing of the key, the request or the answer", async () => {
    const site = new Site();
    const seen: string[] = [];
    const { beginRequest, endRequest } = site.store;
    site.store.beginRequest = (request) => {
      seen.push(JSON.stringify(request));
      return beginRequest(request);
    };
    site.store.endRequest = (key, began, answer) => {
      seen.push(key, Buffer.from(answer ?? "", "base64").toString("latin1"));
      return endRequest(key, began, answer);
    };
    await site.send(
      "POST",
      "/api/contacts/sara@example.com/tags",
      {},
      { "idempotency-key": "canary" },
    );
    expect(seen).toHaveLength(3);
    expect(seen.join(" ")).not.toMatch(/canary|sara|no contact/);
  });

  test("is nothing for questions, which may be asked again", async () => {
    const site = new Site();
    await site.send("PUT", "/api/flows/mail", MAIL);
    for (let i = 0; i < 2; i++) {
      const answer = await site.send(
        "POST",
        "/api/flows/mail/validate",
        {},
        { "idempotency-key": "k" },
      );
      expect(answer.headers.get("idempotency-replayed")).toBeNull();
    }
  });
});

test.each(["", " ", "ä".repeat(2), "x".repeat(256), '""'])(
  "the key “%s” is refused",
  async (key) => {
    const answer = await create(new Site(), Buffer.from(key).toString("latin1"));
    expect(answer.status).toBe(400);
    expect(await typeOf(answer)).toBe("urn:tawasul:problem:idempotency-key-invalid");
  },
);

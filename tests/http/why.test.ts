import { expect, test } from "vitest";
import { MAIL, Site } from "./site.ts";

test("why is asked of the flow or of the contact alike, in the caller's language", async () => {
  const site = new Site();
  await site.person({ email: "sara@example.com" }, []);
  await site.publish(MAIL);
  await site.send("POST", "/api/flows/mail/enrollments", { contacts: ["sara@example.com"] });
  await site.work();
  const path = "/api/flows/mail/contacts/SARA@example.com/why";
  const told = await site.json(path);
  expect(told).toEqual(await site.json("/api/contacts/sara@example.com/why/mail"));
  expect(told.items.find(({ about }) => about === "message")).toMatchObject({
    at: "2026-03-02T09:00:00.000Z",
    enrollment: 1,
    node: "step",
    next: null,
    facts: { "consent:email": false },
    text: expect.stringMatching(/^The message .* was not sent: there was no consent .*\.$/),
  });
  const arabic = await site.request(path, { headers: { "accept-language": "ar" } });
  const { items } = (await arabic.json()) as { items: { text: string }[] };
  expect(items).toHaveLength(told.items.length);
  for (const { text } of items) expect(text).toMatch(/\p{Script=Arabic}.*\.$/u);
  for (const nobody of [
    "/api/flows/mail/contacts/nobody@example.com/why",
    "/api/flows/none/contacts/sara@example.com/why",
  ])
    expect((await site.request(nobody)).status).toBe(404);
});

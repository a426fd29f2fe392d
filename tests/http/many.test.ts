import { describe, expect, test } from "vitest";
import { Site } from "./site.ts";

const people = async (site: Site): Promise<void> => {
  for (const [email, city] of [
    ["a@x.example", "Jeddah"],
    ["b@x.example", "Riyadh"],
    ["c@x.example", "Jeddah"],
  ]) {
    expect((await site.send("POST", "/api/contacts", { email, city })).status).toBe(201);
  }
  await site.work();
};
const tagged = async (site: Site): Promise<string[]> => {
  await site.work();
  const { items } = await site.json("/api/contacts");
  const all = items as unknown as { tags: string[]; fields: { email: string } }[];
  return all.filter(({ tags }) => tags.includes("fair")).map(({ fields }) => fields.email);
};

describe("a tag for many", () => {
  test("goes to those who are named, and comes off all whom a rule holds for", async () => {
    const site = new Site();
    await people(site);
    const named = { contacts: ["a@x.example", "b@x.example", "a@x.example"], add: "fair" };
    const added = await site.send("POST", "/api/tags", named);
    expect([added.status, await added.json()]).toEqual([202, { contacts: 2 }]);
    expect((await tagged(site)).sort()).toEqual(["a@x.example", "b@x.example"]);
    const rule = { field: "city", op: "=", value: "Jeddah" };
    const removed = await site.send("POST", "/api/tags", { rule, remove: "fair" });
    expect(await removed.json()).toEqual({ contacts: 2 });
    expect(await tagged(site)).toEqual(["b@x.example"]);
  });

  test("says what is wrong where neither or both are asked, for nobody, or for somebody unknown", async () => {
    const site = new Site();
    for (const [body, status] of [
      [{ all: true }, 422],
      [{ all: true, add: "x", remove: "y" }, 422],
      [{ add: "x" }, 422],
      [{ all: true, contacts: ["a@x.example"], add: "x" }, 422],
      [{ contacts: ["nobody@x.example"], add: "x" }, 404],
    ] as const) {
      expect((await site.send("POST", "/api/tags", body)).status).toBe(status);
    }
  });
});

import { describe, expect, test } from "vitest";
import type { FlowDoc } from "../../engine/core/document.ts";
import { placesInFlow } from "../../engine/core/uses.ts";
import { oneNode, Site } from "./site.ts";

async function people(site: Site, n: number, tags: string[] = []): Promise<void> {
  const rows = Array.from({ length: n }, (_, i) => ({
    ...{ id: null, tags, consent: null, created: null, source: "test" },
    fields: { email: `p${i}@example.com`, size: i },
  }));
  await site.store.writeContacts(rows, site.now, false);
  await site.work();
}
const detail = async (answer: Response): Promise<string> =>
  ((await answer.json()) as { detail: string }).detail;
const SIZE = { field: "size", op: ">=", value: 3 };

describe("segments", () => {
  test("are saved, listed, counted with their first members, and gone through page by page", async () => {
    const site = new Site();
    await people(site, 8);
    const saved = await site.send("PUT", "/api/segments/big%20ones", { rule: SIZE });
    expect(await saved.json()).toEqual({ name: "big ones", rule: SIZE });
    expect(site.woken).toBe(1);
    expect((await site.json("/api/segments")).items).toEqual([{ name: "big ones", rule: SIZE }]);
    const one = await site.json("/api/segments/big%20ones");
    expect(one).toMatchObject({ name: "big ones", count: 5, uses: [] });
    expect((one.members as { items: unknown[] }).items).toHaveLength(5);
    const seen: unknown[] = [];
    for (let cursor = ""; ; ) {
      const page = await site.json(`/api/segments/big%20ones/members?limit=2${cursor}`);
      seen.push(...page.items.map(({ fields }) => (fields as { size: number }).size));
      if (page.next === null) break;
      cursor = `&cursor=${page.next}`;
    }
    expect(seen.sort()).toEqual([3, 4, 5, 6, 7]);
  });

  test("that name each other in a circle, or name what isn't there, are refused in their place", async () => {
    const site = new Site();
    await site.send("PUT", "/api/segments/a", { rule: { tag: "x" } });
    await site.send("PUT", "/api/segments/b", { rule: { segment: "a" } });
    for (const rule of [{ segment: "b" }, { segment: "a" }, { segment: "none" }, { tag: 5 }, {}]) {
      const answer = await site.send("PUT", "/api/segments/a", { rule });
      expect(answer.status).toBe(422);
    }
    expect((await site.json("/api/segments/a")).rule).toEqual({ tag: "x" });
    for (const name of ["__proto__", "constructor", " x", "x".repeat(101)]) {
      const path = `/api/segments/${encodeURIComponent(name)}`;
      expect((await site.send("PUT", path, { rule: { tag: "x" } })).status).toBe(422);
      expect((await site.request(path)).status).toBe(404);
    }
  });

  test("go when nothing uses them, and who does is named", async () => {
    const site = new Site();
    await site.send("PUT", "/api/segments/a", { rule: { tag: "x" } });
    await site.send("PUT", "/api/segments/b", { rule: { not: { segment: "a" } } });
    await site.publish(oneNode("greet", "condition", { rule: { segment: "b" } }));
    const used = await site.json("/api/segments/b");
    expect(used.uses).toEqual([
      { in: "flow", id: "greet", places: ["/nodes/1/data/rule/segment"] },
    ]);
    const refused = await site.send("DELETE", "/api/segments/b");
    expect(refused.status).toBe(409);
    expect(await detail(refused)).toBe("The segment “b” is used by greet; change these first.");
    expect(await detail(await site.send("DELETE", "/api/segments/a"))).toContain("is used by b");
    await site.publish(oneNode("greet", "condition", { rule: { tag: "x" } }));
    expect((await site.send("DELETE", "/api/segments/b")).status).toBe(200);
    expect((await site.send("DELETE", "/api/segments/a")).status).toBe(200);
    expect((await site.send("DELETE", "/api/segments/a")).status).toBe(404);
  });
});

describe("custom fields", () => {
  test("are added, get another type, and go with their values", async () => {
    const site = new Site();
    await people(site, 3);
    await site.send("PUT", "/api/fields/size", { type: "text" });
    expect(await (await site.send("PUT", "/api/fields/size", { type: "number" })).json()).toEqual({
      name: "size",
      type: "number",
    });
    expect(await site.json("/api/fields/size")).toMatchObject({ contacts: 3, uses: [] });
    const gone = await site.send("DELETE", "/api/fields/size");
    expect(await gone.json()).toEqual({ name: "size", contacts: 3 });
    await site.work();
    expect((await site.json("/api/fields")).items).toEqual([]);
    const { items } = await site.json("/api/contacts");
    expect(items.filter(({ fields }) => Object.hasOwn(fields as object, "size"))).toEqual([]);
  });

  test("that are built in, or no names, can't be added; one that is used can't go", async () => {
    const site = new Site();
    for (const name of ["email", "last_touch_at", "__proto__", "%20"])
      expect((await site.send("PUT", `/api/fields/${name}`, { type: "text" })).status).toBe(422);
    expect((await site.send("PUT", "/api/fields/x", { type: "colour" })).status).toBe(422);
    await site.send("PUT", "/api/fields/size", { type: "number" });
    await site.send("PUT", "/api/segments/big", { rule: SIZE });
    const refused = await site.request("/api/fields/size", {
      method: "DELETE",
      headers: { "accept-language": "ar", "content-type": "application/json" },
    });
    expect(refused.status).toBe(409);
    expect(await detail(refused)).toMatch(/«size».*big/u);
  });
});

describe("tags", () => {
  test("are listed with how many have them, renamed, made one and taken off, and nobody hears of it", async () => {
    const site = new Site();
    await people(site, 2, ["old", "both"]);
    await site.person({ email: "p9@example.com" });
    await site.send("POST", "/api/contacts/p9@example.com/tags", { add: [{ tag: "new" }] });
    await site.work();
    const listens = oneNode("hello", "score", { add: 1 });
    const nodes = listens.nodes.map((n) =>
      n.id === "start" ? { ...n, type: "trigger.tag", data: { tag: "new", on: "added" } } : n,
    );
    await site.publish({ ...listens, nodes });
    const renamed = await site.send("POST", "/api/tags/old/rename", { to: "new" });
    expect(await renamed.json()).toEqual({ tag: "new", contacts: 2 });
    await site.work();
    expect((await site.json("/api/tags")).items).toEqual([
      { tag: "new", contacts: 3 },
      { tag: "both", contacts: 2 },
    ]);
    expect((await site.json("/api/flows/hello/stats")).entered).toBe(0);
    expect(await (await site.send("DELETE", "/api/tags/both")).json()).toEqual({
      tag: "both",
      contacts: 2,
    });
    expect((await site.send("DELETE", "/api/tags/both")).status).toBe(404);
    expect(await site.json("/api/tags/new")).toEqual({
      tag: "new",
      contacts: 3,
      uses: [{ in: "flow", id: "hello", places: ["/nodes/0/data/tag"] }],
    });
    expect((await site.send("POST", "/api/tags/new/rename", { to: "x" })).status).toBe(409);
    expect((await site.send("DELETE", "/api/tags/new")).status).toBe(409);
    expect((await site.send("POST", "/api/tags/none/rename", { to: "x" })).status).toBe(404);
    expect((await site.send("POST", "/api/tags/new/rename", { to: "new" })).status).toBe(422);
  });
});

test.each<[kind: "tag" | "segment" | "field", data: object, places: string[]]>([
  [
    "tag",
    { rule: { any: [{ tag: "x" }, { not: { tag: "x" } }] } },
    ["/rule/any/0/tag", "/rule/any/1/not/tag"],
  ],
  ["tag", { add: [{ tag: "x" }], remove: ["y", "x"] }, ["/add/0/tag", "/remove/1"]],
  ["tag", { text: "x {{contact.x}}", rule: { field: "x", op: "exists" } }, []],
  ["segment", { segment: "x", on: "left" }, ["/segment"]],
  ["field", { rule: { field: "x", op: "exists" } }, ["/rule/field"]],
  ["field", { set: { x: 1, y: "{{contact.x}}" }, clear: ["x"] }, ["/set/x", "/set/y", "/clear/0"]],
  ["field", { field: { name: "x", offset: "P1D" } }, ["/field/name"]],
  ["field", { text: { en: "{{default contact.x “-”}} {{contact.xy}}" } }, ["/text/en"]],
  ["field", { text: "{{contact.xy}} contact.x", tag: "x" }, []],
])("what uses a %s is found: %o", (kind, data, places) => {
  const doc = oneNode("f", "any", data) as unknown as FlowDoc;
  expect(placesInFlow(doc, { kind, name: "x" })).toEqual(
    places.map((place) => `/nodes/1/data${place}`),
  );
});

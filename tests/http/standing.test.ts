import { describe, expect, test } from "vitest";
import { oneNode, Site } from "./site.ts";

const DAY = 86_400_000;
const WAIT = {
  ...oneNode("calm", "wait", { for: "P3D" }),
  nodes: [
    { id: "start", type: "trigger.manual", position: { x: 0, y: 0 }, data: {} },
    { id: "step", type: "wait", position: { x: 0, y: 100 }, data: { for: "P3D" } },
    {
      id: "mail",
      type: "email",
      position: { x: 0, y: 200 },
      data: { subject: "{{money 5 contact.currency}}", body: "x" },
    },
    { id: "nap", type: "wait", position: { x: 0, y: 300 }, data: { for: "P9D" } },
  ],
  edges: [
    { id: "e", source: "start", target: "step" },
    { id: "f", source: "step", target: "mail" },
    { id: "g", source: "mail", target: "nap" },
  ],
};

/** Ann and Bob have waited since now. */
async function waiting(fields: Record<string, string> = {}): Promise<Site> {
  const site = new Site();
  await site.person({ email: "ann@x.example", first_name: "Ann", ...fields });
  await site.person({ email: "bob@x.example", first_name: "Bob", last_name: "Reed", ...fields });
  await site.publish(WAIT);
  await site.send("POST", "/api/flows/calm/enrollments", { all: true });
  await site.work();
  return site;
}
const here = async (site: Site, node: string, query = "") =>
  (await site.json(`/api/flows/calm/nodes/${node}/people${query}`)).items;
const act = (site: Site, body: object) => site.send("POST", "/api/flows/calm/people", body);

describe("people at a node", () => {
  test("are listed with since when, until when and what they wait for, and found by name", async () => {
    const site = await waiting();
    expect(await here(site, "step")).toMatchObject([
      {
        ...{ key: "ann@x.example", name: "Ann", n: 1, version: 1, state: "active" },
        ...{
          since: "2026-03-02T09:00:00.000Z",
          until: "2026-03-05T09:00:00.000Z",
          waiting: "wait",
        },
      },
      { name: "Bob Reed" },
    ]);
    expect(await here(site, "step", "?search=reed")).toMatchObject([{ key: "bob@x.example" }]);
    const page = await site.json("/api/flows/calm/nodes/step/people?limit=1");
    expect(page.items).toHaveLength(1);
    const rest = await here(site, "step", `?limit=1&cursor=${page.next}`);
    expect(rest).toMatchObject([{ key: "bob@x.example" }]);
    expect(await here(site, "nap")).toEqual([]);
    expect((await site.request("/api/flows/calm/nodes/step/people?cursor=x")).status).toBe(422);
  });

  test("leave when they are taken out, with the reason in their journal", async () => {
    const site = await waiting();
    const people = [{ contact: "ann@x.example", n: 1 }];
    const answer = await act(site, { do: "remove", people, reason: "asked by phone" });
    expect(await answer.json()).toEqual({ flow: "calm", people: 1, more: false });
    expect(site.woken).toBe(2);
    await site.work();
    expect(await here(site, "step")).toMatchObject([{ key: "bob@x.example" }]);
    const why = await site.json("/api/contacts/ann@x.example/why/calm");
    expect(why.items.map(({ text }) => text).join()).toContain("asked by phone");
  });

  test("go on at the node that they are moved to, one or all who stand there", async () => {
    const site = await waiting();
    await act(site, { do: "move", people: [{ contact: "ann@x.example", n: 1 }], to: "nap" });
    await site.work();
    expect(await here(site, "nap")).toMatchObject([{ key: "ann@x.example" }]);
    expect(await (await act(site, { do: "move", node: "step", to: "nap" })).json()).toEqual({
      ...{ flow: "calm", people: 1, more: false },
    });
    await site.work();
    expect(await here(site, "nap")).toHaveLength(2);
    expect((await site.json("/api/flows/calm/stats")).nodes).toMatchObject({
      step: { here: {} },
      nap: { here: { active: 2 } },
    });
  });

  test("are tried again where they failed, once what was wrong is mended", async () => {
    const site = await waiting({ currency: "gold" });
    site.now += 3 * DAY;
    await site.work();
    expect(await here(site, "mail", "?state=failed")).toMatchObject([
      { key: "ann@x.example", state: "failed", reason: "template" },
      { key: "bob@x.example" },
    ]);
    await site.send("PATCH", "/api/contacts/ann@x.example", { currency: "SAR" });
    expect(await (await act(site, { do: "retry", node: "mail" })).json()).toMatchObject({
      people: 2,
    });
    await site.work();
    expect(await here(site, "nap")).toMatchObject([{ key: "ann@x.example" }]);
    expect(await here(site, "mail")).toMatchObject([{ key: "bob@x.example", state: "failed" }]);
  });
});

describe("what can't be done is refused with a sentence", () => {
  test.each([
    ["nobody named", { do: "remove" }, 422],
    [
      "both ways of naming",
      { do: "remove", node: "step", people: [{ contact: "ann@x.example", n: 1 }] },
      422,
    ],
    ["a run that isn't there", { do: "remove", people: [{ contact: "ann@x.example", n: 7 }] }, 422],
    ["somebody unknown", { do: "remove", people: [{ contact: "eve@x.example", n: 1 }] }, 404],
    ["nowhere to move to", { do: "move", node: "step" }, 422],
    ["a trigger to move to", { do: "move", node: "step", to: "start" }, 422],
    ["a node of no version", { do: "move", node: "step", to: "none" }, 409],
    ["no such deed", { do: "dance", node: "step" }, 422],
  ])("%s", async (_, body, status) => {
    const site = await waiting();
    const answer = await act(site, body);
    expect(answer.status).toBe(status);
    expect(((await answer.json()) as { detail: string }).detail).toMatch(/\.$/);
    await site.work();
    expect(await here(site, "step")).toHaveLength(2);
  });

  test("moving to a node that is only drafted says to publish first", async () => {
    const site = await waiting();
    const drafted = { ...WAIT, nodes: [...WAIT.nodes, { ...WAIT.nodes[3], id: "new" }] };
    await site.send("PUT", "/api/flows/calm", drafted);
    const { detail } = (await (
      await act(site, { do: "move", node: "step", to: "new" })
    ).json()) as {
      detail: string;
    };
    expect(detail).toContain("Publish");
  });
});

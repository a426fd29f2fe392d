import { describe, expect, test } from "vitest";
import { MAIL, Site } from "./site.ts";

interface Told {
  from: number | null;
  to: number | null;
  same: boolean;
  nodes: { added: { id: string }[]; removed: { id: string }[]; changed: { id: string }[] };
  texts: { pointer: string; from?: unknown; to?: unknown }[];
}

const LATER = { ...MAIL, name: "Mail, later" };

describe("what differs between versions", () => {
  test("before the first publication everything in the draft is new", async () => {
    const site = new Site();
    await site.send("PUT", "/api/flows/mail", MAIL);
    const told = (await site.json("/api/flows/mail/diff")) as unknown as Told;
    expect([told.from, told.to, told.same]).toEqual([null, null, false]);
    expect(told.nodes.added.map(({ id }) => id)).toEqual(MAIL.nodes.map(({ id }) => id));
  });

  test("the draft is compared with what runs, and any version with any other", async () => {
    const site = new Site();
    await site.send("PUT", "/api/flows/mail", MAIL);
    await site.send("POST", "/api/flows/mail/publish", {});
    expect((await site.json("/api/flows/mail/diff")).same).toBe(true);

    await site.send("PUT", "/api/flows/mail", LATER);
    const name = { pointer: "/name", from: MAIL.name, to: LATER.name };
    const ahead = await site.json("/api/flows/mail/diff");
    expect([ahead.from, ahead.to, ahead.texts]).toEqual([1, null, [name]]);

    await site.send("POST", "/api/flows/mail/publish", {});
    const between = await site.json("/api/flows/mail/diff?from=1&to=2");
    expect([between.from, between.to, between.texts]).toEqual([1, 2, [name]]);
  });

  test("a version that isn't there is told, and what is no version is refused", async () => {
    const site = new Site();
    await site.send("PUT", "/api/flows/mail", MAIL);
    expect((await site.request("/api/flows/mail/diff?from=3")).status).toBe(404);
    expect((await site.request("/api/flows/mail/diff?from=x")).status).toBe(422);
    expect((await site.request("/api/flows/none/diff")).status).toBe(404);
  });
});

describe("deleting a flow", () => {
  test("a draft goes; a flow that was published is refused with the reason", async () => {
    const site = new Site();
    await site.send("PUT", "/api/flows/mail", MAIL);
    expect((await site.send("DELETE", "/api/flows/mail")).status).toBe(200);
    expect((await site.request("/api/flows/mail")).status).toBe(404);

    await site.send("PUT", "/api/flows/mail", MAIL);
    await site.send("POST", "/api/flows/mail/publish", {});
    const refused = await site.send("DELETE", "/api/flows/mail");
    expect(refused.status).toBe(409);
    expect(((await refused.json()) as { detail: string }).detail).toContain("was published");
    expect((await site.request("/api/flows/mail")).status).toBe(200);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hono } from "hono";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Env } from "../../engine/http/context.ts";
import { editor } from "../../engine/http/editor.ts";
import { TemplateError, templates } from "../../engine/http/templates.ts";
import { oneNode, Site } from "./site.ts";

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "tawasul-http-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** The templates of a folder, for whoever asks. */
const served = (made: string) =>
  new Hono<Env>()
    .use(async (c, next) => {
      c.set("gate", { who: async () => null, pass: async () => undefined });
      await next();
    })
    .route("/", templates(made));

describe("templates", () => {
  test("are listed with what a picture of each needs, and no texts", async () => {
    const { items } = await new Site().json("/api/templates");
    const lead = items.find((one) => one.id === "new-lead");
    expect(items.length).toBeGreaterThan(15);
    expect(lead?.name).toEqual({ en: "New lead", ar: "العميل المحتمل الجديد" });
    expect(((lead?.nodes ?? []) as object[])[0]).toEqual({
      id: expect.any(String),
      type: expect.stringMatching(/^trigger\./),
      position: { x: expect.any(Number), y: expect.any(Number) },
    });
    expect(((lead?.edges ?? []) as object[])[0]).toEqual({
      source: expect.any(String),
      target: expect.any(String),
    });
  });

  test("are given whole, ready to be kept as a draft", async () => {
    const site = new Site();
    const doc = await site.json("/api/templates/new-lead");
    const kept = await site.send("PUT", "/api/flows/new-lead", doc);
    expect(await kept.json()).toMatchObject({ id: "new-lead", problems: [] });
    expect((await site.request("/api/templates/none")).status).toBe(404);
  });

  test("a file that is no flow is named", async () => {
    const made = folder();
    writeFileSync(join(made, "broken.json"), "{");
    let thrown: unknown = null;
    const app = served(made).onError((error, c) => {
      thrown = error;
      return c.text("");
    });
    await app.request("/");
    expect(thrown).toBeInstanceOf(TemplateError);
    expect((thrown as TemplateError).message).toContain("flows/broken.json");
  });

  test("scenarios beside the flows are no templates", async () => {
    const made = folder();
    writeFileSync(join(made, "one.json"), JSON.stringify(oneNode("one", "exit", {})));
    writeFileSync(join(made, "one.scenarios.json"), "[]");
    const answer = await served(made).request("/");
    const { items } = (await answer.json()) as { items: { id: string }[] };
    expect(items.map((one) => one.id)).toEqual(["one"]);
  });
});

describe("the editor's files", () => {
  test("an editor that was never built is told in one sentence, with how to build it", async () => {
    const app = new Hono<Env>().use(async (c, next) => {
      c.set("lang", "en");
      await next();
    });
    const answer = await app.route("/", editor(folder())).request("/flows");
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain("npm run build");
  });
});

describe("lists for the editor's pages", () => {
  test("contacts are counted by rule, and tags in use by how many have them", async () => {
    const site = new Site();
    const sara = await site.person({ email: "sara@x.example", first_name: "Sara" });
    await site.person({ email: "omar@x.example", first_name: "Omar" });
    await site.send("POST", `/api/contacts/${sara}/tags`, { add: [{ tag: "vip" }] });
    await site.work();
    const rule = encodeURIComponent(JSON.stringify({ tag: "vip" }));
    expect(await site.json("/api/contacts/count")).toEqual({ count: 2 });
    expect(await site.json(`/api/contacts/count?rule=${rule}`)).toEqual({ count: 1 });
    expect((await site.json("/api/tags")).items).toEqual([{ tag: "vip", contacts: 1 }]);
    expect((await site.request("/api/contacts/count?rule=no")).status).toBe(422);
  });

  test("why a contact is where it is in a flow is told in the caller's language", async () => {
    const site = new Site();
    await site.publish(oneNode("text", "sms", { text: "Hello", transactional: true }));
    await site.person({ email: "sara@x.example", phone: "+966500000001" });
    await site.send("POST", "/api/flows/text/enrollments", { all: true });
    await site.work();
    const { items } = await site.json("/api/contacts/sara@x.example/why/text?lang=ar");
    const message = items.find((one) => one.about === "message");
    expect(message?.at).toBe("2026-03-02T09:00:00.000Z");
    expect(message?.text).toMatch(/\p{Script=Arabic}/u);
    expect((await site.request("/api/contacts/sara@x.example/why/none")).status).toBe(404);
  });

  test("messages are listed by channel, and tasks with whom they are about when asked", async () => {
    const site = new Site();
    await site.publish(oneNode("text", "sms", { text: "Hello", transactional: true }));
    await site.publish(oneNode("ring", "call", { script: "Ask." }));
    await site.person({ email: "sara@x.example", phone: "+966500000001", first_name: "Sara" });
    for (const flow of ["text", "ring"]) {
      await site.send("POST", `/api/flows/${flow}/enrollments`, { all: true });
    }
    await site.work();
    expect((await site.json("/api/messages?channel=sms")).items).toHaveLength(1);
    expect((await site.json("/api/messages?channel=email")).items).toEqual([]);
    const [plain] = (await site.json("/api/tasks")).items;
    expect(plain).not.toHaveProperty("who");
    const [task] = (await site.json("/api/tasks?who=true")).items;
    expect(task?.who).toEqual({
      email: "sara@x.example",
      phone: "+966500000001",
      first_name: "Sara",
    });
  });
});

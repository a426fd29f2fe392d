import { describe, expect, test } from "vitest";
import { MAIL, oneNode, Site } from "./site.ts";

/** Actions of the log since the accounts were made, oldest first. */
async function done(site: Site): Promise<[string, string, string | null][]> {
  const lines = await site.accounts.audit({ limit: 100 });
  return lines
    .filter(({ action }) => !/^(?:user|session|key)\./.test(action))
    .map(({ actor, action, subject }): [string, string, string | null] => [
      actor.name,
      action,
      subject,
    ])
    .reverse();
}

describe("the audit log tells every write that matters, with who did it", () => {
  test("publishing, pausing, resuming, putting in, taking out, settings, erasing, importing", async () => {
    const site = new Site();
    await site.signedIn("owner");
    const { headers } = await site.signedIn("admin");
    const id = await site.person({ email: "sara@acme.example" });
    const call = async (method: string, path: string, body?: object) =>
      (await site.send(method, path, body, headers)).status;
    expect(await call("PUT", "/api/flows/mail", MAIL)).toBe(200);
    expect(await call("POST", "/api/flows/mail/publish", {})).toBe(200);
    expect(await call("POST", "/api/flows/mail/pause")).toBe(200);
    expect(await call("POST", "/api/flows/mail/pause")).toBe(200);
    expect(await call("POST", "/api/flows/mail/resume", { shift: true })).toBe(200);
    expect(await call("POST", "/api/flows/mail/enrollments", { contacts: [id] })).toBe(202);
    expect(await call("PATCH", "/api/settings", { timezone: "Asia/Riyadh" })).toBe(200);
    expect(await call("DELETE", `/api/contacts/${id}`)).toBe(202);
    const csv = await site.request("/api/imports", {
      method: "POST",
      headers: { ...headers, "content-type": "text/csv" },
      body: "email\nlead@acme.example\n",
    });
    const { id: job } = (await csv.json()) as { id: string };
    const me = "The admin";
    expect(await done(site)).toEqual([
      [me, "flow.published", "mail"],
      [me, "flow.paused", "mail"],
      [me, "flow.resumed", "mail"],
      [me, "flow.enrolled", "mail"],
      [me, "settings.changed", null],
      [me, "contact.erased", id],
      [me, "contacts.imported", job],
    ]);
    expect((await site.accounts.checkAudit()).broken).toBeNull();
  });

  test("what is refused, and what only tries, leaves no line", async () => {
    const site = new Site();
    const { headers } = await site.signedIn("owner");
    const broken = oneNode("broken", "wait", {});
    await site.send("PUT", "/api/flows/broken", broken, headers);
    expect((await site.send("POST", "/api/flows/broken/publish", {}, headers)).status).toBe(422);
    expect((await site.send("POST", "/api/flows/none/pause", undefined, headers)).status).toBe(404);
    await site.send("PATCH", "/api/settings", { timezone: "Mars/Base" }, headers);
    await site.request("/api/imports?dryRun=true", {
      method: "POST",
      headers: { ...headers, "content-type": "text/csv" },
      body: "email\nlead@acme.example\n",
    });
    expect(await done(site)).toEqual([]);
  });

  test("before there is an owner it is this machine that does it", async () => {
    const site = new Site();
    await site.publish(MAIL);
    await site.send("POST", "/api/flows/mail/pause");
    expect(await done(site)).toEqual([["this machine", "flow.paused", "mail"]]);
  });
});

describe("a note and what it tells are one transaction", () => {
  test("when the note can't be written, nothing is", async () => {
    const site = new Site();
    await site.publish(MAIL);
    const failing = { line: () => fail(), head: () => "" };
    const fail = (): string => {
      throw new Error("the seal broke");
    };
    const { note } = site.accounts.sealed(
      {
        kind: "system",
        id: null,
        name: "x",
        role: "owner",
        scopes: null,
        user: null,
        session: null,
      },
      "flow.paused",
      "mail",
    );
    const store = site.store.noted({ note, seal: failing });
    await expect(store.pauseFlow("mail", site.now)).rejects.toThrow("the seal broke");
    expect((await site.store.flow("mail"))?.state).toBe("live");
  });

  test("when the write fails, there is no note; the next gets it, and only the first", async () => {
    const site = new Site();
    await site.publish(MAIL);
    const store = site.store.noted(
      site.accounts.sealed(
        {
          kind: "system",
          id: null,
          name: "x",
          role: "owner",
          scopes: null,
          user: null,
          session: null,
        },
        "flow.paused",
        "mail",
      ),
    );
    await expect(store.pauseFlow("none", site.now)).rejects.toThrow();
    expect(await done(site)).toEqual([]);
    await store.flow("mail");
    expect(await done(site)).toEqual([]);
    await store.pauseFlow("mail", site.now);
    await store.resumeFlow("mail", site.now, false);
    expect(await done(site)).toEqual([["x", "flow.paused", "mail"]]);
  });
});

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Site } from "./site.ts";

const folder = mkdtempSync(join(tmpdir(), "tawasul-canary-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Whatever lies in the data folder: database, its log, uploads. */
const kept = (): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)).toString("latin1"))
    .join("\n");

test("no password, session, link or key stands in the database, its log, the warnings, or anything the API tells", async () => {
  const site = new Site({ path: join(folder, "tawasul.sqlite"), secret: "canary-installation" });
  const canaries = new Map([["the installation's secret", "canary-installation"]]);
  const owner = { email: "sara@acme.example", name: "Sara", language: "en" };
  const password = "canary of a password";
  canaries.set("a password", password);
  const keyed = { "idempotency-key": "one" };
  const made = await site.send("POST", "/api/session/owner", { ...owner, password }, keyed);
  const cookie = made.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  canaries.set("a session", cookie.split("=")[1] ?? "");
  const headers = { cookie, ...keyed };
  const call = async (
    method: string,
    path: string,
    body: object,
  ): Promise<Record<string, string>> =>
    (await site.send(method, path, body, headers)).json() as never;

  const invitation = { email: "omar@acme.example", role: "admin" };
  const { link = "" } = await call("POST", "/api/users/invitations", invitation);
  const token = link.split("#")[1] ?? "";
  canaries.set("an invitation", token);
  const joined = { token, name: "Omar", password: "second canary of a password", language: "en" };
  canaries.set("another password", joined.password);
  const { user } = (await call("POST", "/api/links/invitation/accept", joined)) as never as {
    user: { id: string };
  };
  const { link: reset = "" } = await call("POST", `/api/users/${user.id}/reset`, {});
  canaries.set("a reset", reset.split("#")[1] ?? "");
  const { key = "" } = await call("POST", "/api/keys", { name: "k", role: "admin" });
  canaries.set("a key", key.split("_")[2] ?? "");
  await site.send("POST", "/api/session", { email: owner.email, password: "canary of a guess" });
  canaries.set("a wrong password", "canary of a guess");
  const change = { current: password, password: "third canary of a password" };
  canaries.set("a new password", change.password);
  await call("POST", "/api/account/password", change);

  const told: string[] = [];
  for (const path of [
    "/session",
    "/users",
    "/keys",
    "/audit?limit=500",
    "/account/sessions",
    "/settings",
    "/journal",
    "/messages",
    "/jobs",
  ]) {
    const answer = await site.request(`/api${path}`, { headers });
    expect(answer.status, path).toBe(200);
    told.push(await answer.text());
  }
  const copy = join(folder, "copy.sqlite");
  await site.store.backup(copy);
  const places = {
    "the data folder and a backup": kept(),
    "the API": told.join("\n"),
    "the program's output": site.warnings.join("\n"),
  };
  expect(places["the data folder and a backup"]).toContain("sara@acme.example");
  for (const [what, canary] of canaries) {
    expect(canary.length, what).toBeGreaterThan(16);
    for (const [where, text] of Object.entries(places))
      expect(text.includes(canary), `${what} in ${where}`).toBe(false);
  }
});

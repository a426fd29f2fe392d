import { expect, test } from "vitest";
import type { ApiKey, Note, Seal, Session, Ticket, User } from "../../engine/store/accounts.ts";
import type { Open } from "./contract.ts";
import { DAY, HOUR, T0 } from "./make.ts";

const seal: Seal = {
  line: (n, note, before) => `${n}:${note.action}:${before.length}`,
  head: (n, hash) => `end ${n} ${hash}`,
};
const note = (action: string, at = T0): Note => ({
  at,
  actor: { kind: "user", id: "u1", name: "Ann" },
  action,
  subject: "s1",
  detail: { role: "agent" },
});
const user = (id: string, more: Partial<User> = {}): User => ({
  id,
  name: `Name ${id}`,
  email: `${id}@x.example`,
  role: "agent",
  language: "ar",
  created: T0,
  ...more,
});
const session = (id: string, owner: string, more: Partial<Session> = {}): Session => ({
  ...{ id, user: owner, created: T0, seen: T0, expires: T0 + DAY },
  ...{ agent: "Firefox", address: "127.0.0.1" },
  ...more,
});
const ticket = (id: string, more: Partial<Ticket> = {}): Ticket => ({
  ...{ id, kind: "invitation", email: `${id}@x.example`, role: "editor", user: null },
  ...{ by: "Ann", created: T0, expires: T0 + DAY },
  ...more,
});
const key = (id: string, more: Partial<ApiKey> = {}): ApiKey => ({
  ...{ id, name: `Key ${id}`, role: "agent", scopes: ["contacts:read"], maker: null },
  ...{ created: T0, expires: null, seen: null },
  ...more,
});

export function accountsContract(open: Open): void {
  const accounts = async () => (await open()).accounts(seal);
  /** Two people, the first of them the owner. */
  const two = async () => {
    const store = await accounts();
    await store.addUser(user("u1", { role: "owner" }), "hash1", { first: true }, note("a"));
    await store.addUser(user("u2"), null, {}, note("b"));
    return store;
  };

  test("the first owner is made once; an e-mail address has one account", async () => {
    const store = await accounts();
    expect(await store.hasOwner()).toBe(false);
    const owner = user("u1", { role: "owner" });
    expect(await store.addUser(owner, "hash", { first: true }, note("made"))).toBe("done");
    expect(await store.hasOwner()).toBe(true);
    const other = user("u2", { role: "owner" });
    expect(await store.addUser(other, "hash", { first: true }, note("made"))).toBe("has-owner");
    const same = user("u3", { email: owner.email });
    expect(await store.addUser(same, "hash", {}, note("made"))).toBe("email-taken");
    expect(await store.users()).toEqual([owner]);
    expect(await store.credentials(owner.email)).toEqual({ user: owner, password: "hash" });
    expect(await store.credentials("nobody@x.example")).toBeNull();
  });

  test("what was refused isn't in the audit log", async () => {
    const store = await accounts();
    await store.addUser(user("u1"), null, { ticket: "none" }, note("made"));
    await store.setRole("none", "admin", note("role"));
    await store.dropKey("none", note("key"));
    await store.endSession("u1", "none", note("session"));
    await store.dropTicket("none", note("ticket"));
    expect(await store.audit({ limit: 10 })).toEqual([]);
    expect(await store.auditHead()).toBeNull();
  });

  test("the last owner keeps role and account", async () => {
    const store = await two();
    expect(await store.setRole("u1", "admin", note("role"))).toBe("last-owner");
    expect(await store.removeUser("u1", note("gone"))).toBe("last-owner");
    expect(await store.setRole("u2", "owner", note("role"))).toBe("done");
    expect(await store.setRole("u1", "admin", note("role"))).toBe("done");
    expect(await store.removeUser("u1", note("gone"))).toBe("done");
    expect(await store.user("u1")).toBeNull();
    expect(await store.removeUser("u1", note("gone"))).toBe("unknown");
  });

  test("a session is found by its hash until it ends, and ends with a role or a password", async () => {
    const store = await two();
    await store.addSession(session("a", "u1"), "ha", note("in"));
    await store.addSession(session("b", "u2"), "hb", note("in"));
    await store.addSession(session("c", "u2", { seen: T0 + 1 }), "hc", note("in"));
    expect(await store.session("hb", T0 + DAY - 1)).toEqual({
      session: session("b", "u2"),
      user: user("u2"),
    });
    expect(await store.session("hb", T0 + DAY)).toBeNull();
    await store.seeSession("b", T0 + HOUR, T0 + 2 * DAY);
    expect((await store.sessions("u2", T0)).map((s) => [s.id, s.seen, s.expires])).toEqual([
      ["b", T0 + HOUR, T0 + 2 * DAY],
      ["c", T0 + 1, T0 + DAY],
    ]);
    expect(await store.endSession("u1", "b", note("out"))).toBe(false);
    expect(await store.endSession("u2", "b", note("out"))).toBe(true);
    expect(await store.session("hb", T0)).toBeNull();
    await store.setPassword("u2", "new", { keep: "c" }, note("password"));
    expect(await store.session("hc", T0)).not.toBeNull();
    await store.setPassword("u2", "newer", {}, note("password"));
    expect(await store.session("hc", T0)).toBeNull();
    await store.setRole("u1", "owner", note("role"));
    expect(await store.session("ha", T0)).toBeNull();
  });

  test("an invitation works once, and a new one takes the place of the old", async () => {
    const store = await two();
    await store.addTicket(ticket("t1", { email: "new@x.example" }), "h1", false, note("invited"));
    await store.addTicket(ticket("t2", { email: "new@x.example" }), "h2", false, note("invited"));
    expect(await store.ticket("h1", T0)).toBeNull();
    expect((await store.tickets("invitation", T0)).map((t) => t.id)).toEqual(["t2"]);
    expect(await store.tickets("invitation", T0 + DAY)).toEqual([]);
    expect(await store.ticket("h2", T0 + DAY)).toBeNull();
    const late = note("joined", T0 + DAY);
    expect(await store.addUser(user("u3"), "h", { ticket: "h2" }, late)).toBe("no-ticket");
    expect(await store.addUser(user("u3"), "h", { ticket: "h2" }, note("joined"))).toBe("done");
    expect(await store.addUser(user("u4"), "h", { ticket: "h2" }, note("joined"))).toBe(
      "no-ticket",
    );
    await store.addTicket(ticket("t5"), "h5", false, note("invited"));
    expect(await store.dropTicket("t5", note("dropped"))).toBe(true);
    expect(await store.ticket("h5", T0)).toBeNull();
  });

  test("a reset that shuts ends password and sessions at once; setting a password uses it up", async () => {
    const store = await two();
    await store.addSession(session("a", "u1"), "ha", note("in"));
    const reset = (id: string) =>
      ticket(id, { kind: "reset", email: "u1@x.example", role: null, user: "u1" });
    await store.addTicket(reset("r1"), "h1", false, note("forgotten"));
    expect(await store.session("ha", T0)).not.toBeNull();
    await store.addTicket(reset("r2"), "h2", true, note("reset"));
    expect(await store.session("ha", T0)).toBeNull();
    expect((await store.credentials("u1@x.example"))?.password).toBeNull();
    expect(await store.setPassword("u1", "p", { ticket: "h1" }, note("set"))).toBe("unknown");
    expect(await store.setPassword("u1", "p", { ticket: "h2" }, note("set"))).toBe("done");
    expect(await store.setPassword("u1", "q", { ticket: "h2" }, note("set"))).toBe("unknown");
    expect((await store.credentials("u1@x.example"))?.password).toBe("p");
  });

  test("a key knows what whoever made it may do now, and goes with them", async () => {
    const store = await two();
    await store.addKey(key("k1", { maker: "u2" }), "h1", note("key"));
    await store.addKey(key("k2", { scopes: null, expires: T0 + 5 }), "h2", note("key"));
    expect(await store.key("k1")).toEqual({
      key: key("k1", { maker: "u2" }),
      hash: "h1",
      maker: "agent",
    });
    await store.setRole("u2", "viewer", note("role"));
    expect((await store.key("k1"))?.maker).toBe("viewer");
    await store.seeKey("k2", T0 + 1);
    expect((await store.key("k2"))?.key.seen).toBe(T0 + 1);
    expect((await store.keys()).map((k) => k.id)).toEqual(["k1", "k2"]);
    await store.removeUser("u2", note("gone"));
    expect(await store.key("k1")).toBeNull();
    expect(await store.dropKey("k2", note("revoked"))).toBe(true);
    expect(await store.keys()).toEqual([]);
  });

  test("the audit log numbers its lines, seals each with the one before, and its end", async () => {
    const store = await accounts();
    for (const action of ["one", "two", "three"]) await store.note(note(action));
    const lines = await store.audit({ limit: 2 });
    expect(lines.map((line) => [line.n, line.hash])).toEqual([
      [3, "3:three:7"],
      [2, "2:two:7"],
    ]);
    expect(lines[0]).toEqual({ ...note("three"), n: 3, hash: "3:three:7" });
    expect((await store.audit({ before: 2, limit: 9 })).map((line) => line.n)).toEqual([1]);
    expect(await store.auditHead()).toEqual({ n: 3, hash: "3:three:7", mac: "end 3 3:three:7" });
  });

  test("what is over is forgotten, and a restore ends sessions and links", async () => {
    const whole = await open();
    const store = whole.accounts(seal);
    await store.addUser(user("u1"), null, {}, note("a"));
    await store.addSession(session("a", "u1"), "ha", note("in"));
    await store.addSession(session("b", "u1", { expires: T0 + 2 * DAY }), "hb", note("in"));
    await store.forgetExpired(T0 + DAY);
    expect((await store.sessions("u1", T0)).map((s) => s.id)).toEqual(["b"]);
    await store.addTicket(ticket("t"), "ht", false, note("invited"));
    await whole.afterRestore(T0);
    expect(await store.sessions("u1", T0)).toEqual([]);
    expect(await store.ticket("ht", T0)).toBeNull();
  });
}

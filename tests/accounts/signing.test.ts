import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { tempFolder } from "../cli/process.ts";
import { DAY, House, MINUTE, PASSWORD, refusal, VISITOR } from "./people.ts";

describe("signing in", () => {
  test("gives a token of 256 bits that stands for the person; the address may be written as people do", async () => {
    const house = new House();
    const user = await house.person("ann@x.example", "editor");
    const { token, session } = await house.accounts.signIn(" Ann@X.example ", PASSWORD, VISITOR);
    expect(Buffer.from(token, "base64url")).toHaveLength(32);
    expect(await house.accounts.whoHas(token)).toEqual({
      ...{ kind: "user", id: user.id, name: "Ann", role: "editor", scopes: null },
      ...{ user, session: session.id },
    });
  });

  test("neither the token nor the password is in the database", async () => {
    const path = `${tempFolder()}/a.sqlite`;
    const house = new House({ path });
    await house.person("ann@x.example", "editor");
    const { token } = await house.accounts.signIn("ann@x.example", PASSWORD, VISITOR);
    await house.store.checkpoint();
    const kept = readFileSync(path, "latin1");
    expect(kept).toContain("ann@x.example");
    expect(kept).toContain("$argon2id$");
    expect(kept).not.toContain(PASSWORD);
    expect(kept).not.toContain(token);
  });

  test("a wrong password and an unknown address get the same answer; only the first is noted", async () => {
    const house = new House();
    const { id } = await house.person("ann@x.example", "editor");
    const sentences = new Set<string>();
    for (const email of ["ann@x.example", "bob@x.example", "no address"]) {
      const attempt = house.accounts.signIn(email, "not the password", VISITOR);
      await attempt.catch((error: Error) => sentences.add(error.message));
      expect(await refusal(house.accounts.signIn(email, "nor this one", VISITOR))).toBe(
        "unauthorized",
      );
    }
    expect([...sentences]).toEqual(["The e-mail address or the password is wrong."]);
    const refused = (await house.accounts.audit({ limit: 9 })).filter(
      (line) => line.action === "session.refused",
    );
    expect(refused.map((line) => [line.subject, line.actor.id])).toEqual([
      [id, null],
      [id, null],
    ]);
  });

  test("a password is the same however its letters were composed", async () => {
    const house = new House();
    const newcomer = { name: "Ann", password: "café crème où", language: "en" } as const;
    await house.accounts.addOwner("ann@x.example", newcomer);
    const typed = newcomer.password.normalize("NFD");
    expect(typed).not.toBe(newcomer.password);
    await house.accounts.signIn("ann@x.example", typed, VISITOR);
  });
});

describe("a session", () => {
  test("lasts while it is used, a fortnight unused, and ninety days at most", async () => {
    const house = new House();
    const { token } = await house.signedIn("ann@x.example", "editor");
    for (let day = 0; day < 80; day += 10) {
      expect(await house.accounts.whoHas(token)).not.toBeNull();
      house.now += 10 * DAY;
    }
    expect(await house.accounts.whoHas(token)).not.toBeNull();
    house.now += 10 * DAY;
    expect(await house.accounts.whoHas(token)).toBeNull();
    const other = await house.accounts.signIn("ann@x.example", PASSWORD, VISITOR);
    house.now += 14 * DAY;
    expect(await house.accounts.whoHas(other.token)).toBeNull();
  });

  test("ends at log-out, and no other with it", async () => {
    const house = new House();
    const { token, who } = await house.signedIn("ann@x.example", "editor");
    const other = await house.accounts.signIn("ann@x.example", PASSWORD, VISITOR);
    await house.accounts.signOut(who);
    expect(await house.accounts.whoHas(token)).toBeNull();
    expect(await house.accounts.whoHas(other.token)).not.toBeNull();
  });

  test.each(["role", "reset", "removal", "new password elsewhere"])(
    "ends at once with a %s",
    async (what) => {
      const house = new House();
      const { accounts } = house;
      const owner = await house.signedIn("owner@x.example", "owner");
      const { token, who, user } = await house.signedIn("ann@x.example", "editor");
      if (what === "role") await accounts.setRole(owner.who, user.id, "viewer");
      if (what === "reset") await accounts.reset(owner.who, user.id);
      if (what === "removal") await accounts.remove(owner.who, user.id);
      if (what === "new password elsewhere") {
        const elsewhere = await accounts.signIn("ann@x.example", PASSWORD, VISITOR);
        const there = await house.whoHas(elsewhere.token);
        await accounts.changePassword(there, PASSWORD, "some other plain words");
        expect(await accounts.whoHas(elsewhere.token)).not.toBeNull();
      }
      expect(who.session).not.toBeNull();
      expect(await accounts.whoHas(token)).toBeNull();
      expect(await accounts.whoHas(owner.token)).not.toBeNull();
    },
  );

  test("is listed for its owner, who may end it, and for nobody else", async () => {
    const house = new House();
    const ann = await house.signedIn("ann@x.example", "viewer");
    const bob = await house.signedIn("bob@x.example", "viewer");
    house.now += MINUTE;
    const elsewhere = await house.accounts.signIn("ann@x.example", PASSWORD, VISITOR);
    expect((await house.accounts.sessions(ann.who)).map((s) => s.id)).toEqual([
      elsewhere.session.id,
      ann.who.session,
    ]);
    const theft = house.accounts.endSession(bob.who, elsewhere.session.id);
    expect(await refusal(theft)).toBe("not-found");
    await house.accounts.endSession(ann.who, elsewhere.session.id);
    expect(await house.accounts.whoHas(elsewhere.token)).toBeNull();
  });
});

describe("one's own account", () => {
  test("name and language are changed; the password only by who knows it", async () => {
    const house = new House();
    const { who } = await house.signedIn("ann@x.example", "viewer");
    const changed = await house.accounts.changeSelf(who, { name: "  Ann   Lee ", language: "ar" });
    expect(changed).toMatchObject({ name: "Ann Lee", language: "ar" });
    const guess = house.accounts.changePassword(who, "a wrong guess", "some other plain words");
    expect(await refusal(guess)).toBe("invalid");
    await house.accounts.changePassword(who, PASSWORD, "some other plain words");
    const old = house.accounts.signIn("ann@x.example", PASSWORD, VISITOR);
    expect(await refusal(old)).toBe("unauthorized");
    await house.accounts.signIn("ann@x.example", "some other plain words", VISITOR);
  });

  test.each([
    ["too short", "nine char"],
    ["too long", "x1y2z3 ".repeat(30)],
    ["common", "Password123"],
    ["of one sign", "aaaaaaaaaaaaaaaa"],
    ["the address", "ann.lee.smith@x.example"],
    ["the address's name with a year", "ann.lee.smith2026"],
  ])("a password that is %s is refused with a sentence in both languages", async (_, password) => {
    const house = new House();
    const newcomer = { name: "Ann", password, language: "en" } as const;
    const attempt = house.accounts.addOwner("ann.lee.smith@x.example", newcomer);
    await expect(attempt).rejects.toMatchObject({
      reason: "invalid",
      pointer: "/password",
      detail: { en: expect.stringMatching(/\.$/), ar: expect.stringMatching(/[؀-ۿ]/) },
    });
  });

  test.each(["", " ", "x".repeat(101), "a\u0000b", "<script>"])(
    "a name can't be %j",
    async (name) => {
      const house = new House();
      const attempt = house.accounts.addOwner("ann@x.example", {
        ...{ name, password: PASSWORD, language: "en" },
      });
      expect(await refusal(attempt)).toBe("invalid");
    },
  );
});

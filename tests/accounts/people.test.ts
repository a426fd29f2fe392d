import { describe, expect, test } from "vitest";
import { COMMAND_LINE, ROLES } from "../../engine/accounts/roles.ts";
import { DAY, House, PASSWORD, refusal, VISITOR } from "./people.ts";

const newcomer = { name: "Bob", password: PASSWORD, language: "ar" } as const;
const tokenOf = (link: string): string => link.split("#")[1] ?? "";

describe("the first owner", () => {
  test("is made once", async () => {
    const { accounts } = new House();
    expect(await accounts.hasOwner()).toBe(false);
    const owner = await accounts.addOwner("Ann@X.example", newcomer);
    expect(owner).toMatchObject({ email: "ann@x.example", role: "owner", language: "ar" });
    expect(await accounts.hasOwner()).toBe(true);
    expect(await refusal(accounts.addOwner("bob@x.example", newcomer))).toBe("conflict");
  });

  test("two that come at once make one owner", async () => {
    const { accounts } = new House();
    const results = await Promise.allSettled(
      ["a@x.example", "b@x.example", "c@x.example"].map((e) => accounts.addOwner(e, newcomer)),
    );
    expect(results.filter((r) => r.status === "fulfilled")).toHaveLength(1);
    expect(await accounts.users()).toHaveLength(1);
  });
});

describe("an invitation", () => {
  test("is mailed in its language; its link makes the account, once", async () => {
    const house = new House();
    const { accounts, letters } = house;
    const { who } = await house.signedIn("ann@x.example", "admin");
    const handed = await accounts.invite(who, "Bob@x.example", "agent", "ar");
    expect(handed).toMatchObject({ mailed: true, ticket: { email: "bob@x.example", by: "Ann" } });
    expect(letters).toMatchObject([{ to: "bob@x.example", language: "ar" }]);
    expect(letters[0]?.text).toContain(handed.link);
    expect(letters[0]?.subject).toBe("يدعوك Ann إلى تواصل");
    expect(handed.link).toMatch(/^https:\/\/crm\.example\/join#[\w-]{43}$/);
    const token = tokenOf(handed.link);
    expect(await accounts.invitation(token)).toMatchObject({
      email: "bob@x.example",
      role: "agent",
    });
    expect(await accounts.accept(token, newcomer)).toMatchObject({
      ...{ name: "Bob", email: "bob@x.example", role: "agent", language: "ar" },
    });
    await accounts.signIn("bob@x.example", PASSWORD, VISITOR);
    expect(await refusal(accounts.invitation(token))).toBe("gone");
    expect(await refusal(accounts.accept(token, newcomer))).toBe("gone");
    expect(await accounts.invitations()).toEqual([]);
  });

  test("isn't used up by a password that is refused", async () => {
    const { accounts } = new House();
    const { link } = await accounts.invite(COMMAND_LINE, "bob@x.example", "agent", "en");
    const weak = { ...newcomer, password: "short" };
    expect(await refusal(accounts.accept(tokenOf(link), weak))).toBe("invalid");
    await accounts.accept(tokenOf(link), newcomer);
  });

  test.each(["too old", "taken back", "replaced by a newer one", "guessed", "a reset's"])(
    "that is %s works no more",
    async (how) => {
      const house = new House();
      const { accounts } = house;
      const { link, ticket } = await accounts.invite(COMMAND_LINE, "bob@x.example", "agent", "en");
      let token = tokenOf(link);
      if (how === "too old") house.now += 7 * DAY;
      if (how === "taken back") await accounts.takeBack(COMMAND_LINE, ticket.id);
      if (how === "replaced by a newer one")
        await accounts.invite(COMMAND_LINE, "bob@x.example", "viewer", "en");
      if (how === "guessed") token = `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`;
      if (how === "a reset's") {
        const { id } = await house.person("eve@x.example", "viewer");
        token = tokenOf((await accounts.reset(COMMAND_LINE, id)).link);
      }
      expect(await refusal(accounts.accept(token, newcomer))).toBe("gone");
    },
  );

  test("isn't made for who has an account", async () => {
    const house = new House();
    await house.person("bob@x.example", "viewer");
    const attempt = house.accounts.invite(COMMAND_LINE, "BOB@x.example", "agent", "en");
    expect(await refusal(attempt)).toBe("conflict");
  });

  test("without a mail server is only shown", async () => {
    const { accounts } = new House({ mails: false });
    expect(accounts.mails).toBe(false);
    const handed = await accounts.invite(COMMAND_LINE, "bob@x.example", "agent", "en");
    expect(handed.mailed).toBe(false);
    expect(await refusal(accounts.forgot("bob@x.example"))).toBe("conflict");
  });
});

describe("a reset", () => {
  test("by an admin ends the password at once, and its link sets a new one, once", async () => {
    const house = new House();
    const { accounts, letters } = house;
    const admin = await house.signedIn("ann@x.example", "admin");
    const { id } = await house.person("bob@x.example", "agent");
    const { link } = await accounts.reset(admin.who, id);
    const old = accounts.signIn("bob@x.example", PASSWORD, VISITOR);
    expect(await refusal(old)).toBe("unauthorized");
    expect(letters).toMatchObject([{ to: "bob@x.example" }]);
    expect((await accounts.resetOf(tokenOf(link))).email).toBe("bob@x.example");
    await accounts.useReset(tokenOf(link), "brand new plain words");
    await accounts.signIn("bob@x.example", "brand new plain words", VISITOR);
    const again = accounts.useReset(tokenOf(link), "once more plain words");
    expect(await refusal(again)).toBe("gone");
  });

  test("that somebody asks for themselves changes nothing before it is used, and then ends their sessions", async () => {
    const house = new House();
    const { accounts, letters } = house;
    const { token } = await house.signedIn("bob@x.example", "agent");
    await accounts.forgot("nobody@x.example");
    await accounts.forgot("no address");
    expect(letters).toEqual([]);
    await accounts.forgot("bob@x.example");
    expect(await accounts.whoHas(token)).not.toBeNull();
    const link = /https:\S+/.exec(letters[0]?.text ?? "")?.[0] ?? "";
    await accounts.useReset(tokenOf(link), "brand new plain words");
    expect(await accounts.whoHas(token)).toBeNull();
  });

  test("is over after a day", async () => {
    const house = new House();
    const { id } = await house.person("bob@x.example", "agent");
    const { link } = await house.accounts.reset(COMMAND_LINE, id);
    house.now += DAY;
    expect(await refusal(house.accounts.resetOf(tokenOf(link)))).toBe("gone");
  });
});

describe("nobody gives, changes or takes more than they have", () => {
  const cases = ROLES.flatMap((mine) => ROLES.map((theirs) => [mine, theirs] as const));

  test.each(cases)("an %s and the account of an %s", async (mine, theirs) => {
    const house = new House();
    const { accounts } = house;
    await house.person("owner@x.example", "owner");
    const { who } = await house.signedIn("ann@x.example", mine);
    const { user } = await house.signedIn("bob@x.example", theirs);
    const may = ROLES.indexOf(mine) >= ROLES.indexOf(theirs);
    const outcome = async (work: Promise<unknown>) =>
      work.then(
        () => "done",
        () => refusal(work),
      );
    const expected = may ? "done" : "forbidden";
    expect(await outcome(accounts.invite(who, "new@x.example", theirs, "en"))).toBe(expected);
    expect(await outcome(accounts.reset(who, user.id))).toBe(expected);
    expect(await outcome(accounts.setRole(who, user.id, "viewer"))).toBe(expected);
    const other = await house.person("eve@x.example", "viewer");
    expect(await outcome(accounts.setRole(who, other.id, theirs))).toBe(expected);
    const last = await house.person("leo@x.example", theirs);
    expect(await outcome(accounts.remove(who, last.id))).toBe(expected);
  });

  test("the last owner stays", async () => {
    const house = new House();
    const { who, user } = await house.signedIn("ann@x.example", "owner");
    expect(await refusal(house.accounts.setRole(who, user.id, "admin"))).toBe("conflict");
    expect(await refusal(house.accounts.remove(who, user.id))).toBe("conflict");
  });
});

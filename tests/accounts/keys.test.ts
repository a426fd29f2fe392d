import { expect, test } from "vitest";
import { COMMAND_LINE } from "../../engine/accounts/roles.ts";
import { DAY, House, NOW, refusal } from "./people.ts";

const wish = { name: "Website", role: "agent", scopes: null, expires: null } as const;

test("a key has a prefix, an id and a secret; only the whole of it lets in", async () => {
  const { accounts } = new House();
  const { key, text } = await accounts.addKey(COMMAND_LINE, wish);
  expect(text).toMatch(new RegExp(`^twl_${key.id}_[0-9a-f]{64}$`));
  expect(await accounts.whoHasKey(text)).toEqual({
    ...{ kind: "key", id: key.id, name: "Website", role: "agent", scopes: null },
    ...{ user: null, session: null },
  });
  const other = `${text.slice(0, -1)}${text.endsWith("0") ? "1" : "0"}`;
  for (const wrong of [other, text.slice(0, -1), `${text} `, "", "twl_x_y", key.id])
    expect(await accounts.whoHasKey(wrong)).toBeNull();
  expect(JSON.stringify(await accounts.keys())).not.toContain(text.slice(21));
});

test("a key is over when it is revoked or its time has come", async () => {
  const house = new House();
  const { accounts } = house;
  const first = await accounts.addKey(COMMAND_LINE, { ...wish, expires: NOW + DAY });
  const second = await accounts.addKey(COMMAND_LINE, wish);
  await accounts.revokeKey(COMMAND_LINE, second.key.id);
  expect(await accounts.whoHasKey(second.text)).toBeNull();
  house.now += DAY - 1;
  expect(await accounts.whoHasKey(first.text)).not.toBeNull();
  house.now += 1;
  expect(await accounts.whoHasKey(first.text)).toBeNull();
  expect(await refusal(accounts.revokeKey(COMMAND_LINE, "none"))).toBe("not-found");
});

test("a key never does more than who made it may do now, and goes with them", async () => {
  const house = new House();
  const { accounts } = house;
  const { who, user } = await house.signedIn("ann@x.example", "admin");
  const { text } = await accounts.addKey(who, { ...wish, role: "editor" });
  expect((await accounts.whoHasKey(text))?.role).toBe("editor");
  await accounts.setRole(COMMAND_LINE, user.id, "viewer");
  expect((await accounts.whoHasKey(text))?.role).toBe("viewer");
  await accounts.setRole(COMMAND_LINE, user.id, "owner");
  expect((await accounts.whoHasKey(text))?.role).toBe("editor");
  await house.person("bob@x.example", "owner");
  await accounts.remove(COMMAND_LINE, user.id);
  expect(await accounts.whoHasKey(text)).toBeNull();
});

test("nobody makes a key that may do more than they, and no key is an owner", async () => {
  const house = new House();
  const { accounts } = house;
  const { who } = await house.signedIn("ann@x.example", "editor");
  expect(await refusal(accounts.addKey(who, { ...wish, role: "admin" }))).toBe("forbidden");
  expect(await refusal(accounts.addKey(COMMAND_LINE, { ...wish, role: "owner" }))).toBe("invalid");
  const scopes = ["keys:write", "contacts:read"];
  const narrow = await accounts.addKey(COMMAND_LINE, { ...wish, role: "admin", scopes });
  const holder = await accounts.whoHasKey(narrow.text);
  if (!holder) throw new Error("the key doesn't work");
  expect(await refusal(accounts.addKey(holder, wish))).toBe("forbidden");
  const more = { ...wish, scopes: ["contacts:read", "flows:write"] };
  expect(await refusal(accounts.addKey(holder, more))).toBe("forbidden");
  await accounts.addKey(holder, { ...wish, scopes: ["contacts:read"] });
});

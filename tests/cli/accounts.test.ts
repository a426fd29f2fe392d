import { describe, expect, test } from "vitest";
import { mailServer } from "./mail-server.ts";
import { Workspace } from "./process.ts";

describe("user", () => {
  test("add prints a link that works once; list, role, reset and remove know the person by e-mail", async () => {
    const workspace = new Workspace();
    const link = await workspace.ok("user", "add", "Omar@x.example", "--role", "agent");
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:3000\/join#[\w-]{43}\n$/);
    expect(await workspace.ok("user", "list")).toBe("omar@x.example  agent   (invited)\n");

    const { out } = await workspace.runWith(
      "a few plain words\n",
      ...["user", "add", "sara@x.example", "--role", "owner", "--name", "Sara"],
      ...["--password-stdin", "--json"],
    );
    const made = JSON.parse(out) as { id: string };
    expect(made).toMatchObject({ email: "sara@x.example", role: "owner", name: "Sara" });

    const last = await workspace.run("user", "role", "sara@x.example", "admin");
    expect(last.code).toBe(2);
    expect(last.err).toBe("This is the last owner; make somebody else an owner first.\n");

    const reset = JSON.parse(await workspace.ok("user", "reset", made.id, "--json")) as object;
    expect(reset).toMatchObject({
      id: made.id,
      link: expect.stringMatching(/\/reset#/),
      mailed: false,
    });
    const { users, invitations } = JSON.parse(await workspace.ok("user", "list", "--json")) as {
      users: object[];
      invitations: object[];
    };
    expect([users, invitations]).toMatchObject([
      [{ email: "sara@x.example", role: "owner" }],
      [{ email: "omar@x.example", role: "agent" }],
    ]);
    expect(JSON.stringify(users)).not.toContain("argon2");
    const unsure = await workspace.run("user", "remove", "sara@x.example");
    expect([unsure.code, unsure.err]).toEqual([
      2,
      "Say --yes to take the account of sara@x.example away, with the keys they made; nothing was done.\n",
    ]);
  });

  test("add mails the link where a mail server is set up", async () => {
    const server = await mailServer();
    const workspace = new Workspace();
    workspace.env = { SMTP_URL: server.url, MAIL_FROM: "Acme <hello@acme.example>" };
    const args = ["user", "add", "omar@x.example", "--role", "viewer", "--language", "ar"];
    const { link, mailed } = JSON.parse(await workspace.ok(...args, "--json")) as {
      link: string;
      mailed: boolean;
    };
    expect(mailed).toBe(true);
    const [mail] = await server.mails();
    expect(mail?.subject).toBe("يدعوك command line إلى تواصل");
    expect(mail?.text).toContain(link);
    expect(mail?.html).toContain('dir="rtl"');
  });

  test.each([
    [
      ["user", "add", "x@x.example", "--role", "boss"],
      "The role must be viewer, agent, editor, admin or owner, not “boss”.\n",
    ],
    [["user", "add", "nobody", "--role", "viewer"], "This is not an e-mail address.\n"],
    [
      ["user", "role", "x@x.example", "viewer"],
      "There is nobody “x@x.example”; there are no accounts yet.\n",
    ],
    [
      ["user", "add", "x@x.example", "--role", "viewer", "--password-stdin"],
      "--password-stdin needs --name.\n",
    ],
  ])("%j is wrong usage", async (args, sentence) => {
    const { code, err } = await new Workspace().run(...args);
    expect([code, err]).toEqual([2, sentence]);
  });
});

describe("key", () => {
  test("add shows the key once; list never does; revoke ends it", async () => {
    const workspace = new Workspace();
    const args = [
      "key",
      "add",
      "website",
      "--role",
      "agent",
      "--scope",
      "events:write",
      "contacts:write",
    ];
    const made = JSON.parse(await workspace.ok(...args, "--expires", "90", "--json")) as {
      id: string;
      key: string;
    };
    expect(made).toMatchObject({ role: "agent", scopes: ["contacts:write", "events:write"] });
    expect(made.key).toMatch(new RegExp(`^twl_${made.id}_`));
    const listed = await workspace.ok("key", "list", "--json");
    expect(JSON.parse(listed)).toMatchObject([{ id: made.id, name: "website", seen: null }]);
    expect(listed).not.toContain(made.key.split("_")[2]);
    expect(await workspace.ok("key", "revoke", made.id)).toBe(`${made.id}: revoked (website)\n`);
    expect((await workspace.run("key", "revoke", made.id)).err).toBe("There is no such key.\n");
    expect(JSON.parse(await workspace.ok("key", "list", "--json"))).toEqual([]);
  });

  test.each([
    [["--role", "owner"], "A key can't be an owner; an admin's is the most that it can be.\n"],
    [
      ["--role", "agent", "--expires", "0"],
      "--expires must be a whole number of days from 1 to 3650, not “0”.\n",
    ],
  ])("add with %j is wrong usage", async (flags, sentence) => {
    const { code, err } = await new Workspace().run("key", "add", "x", ...flags);
    expect([code, err]).toEqual([2, sentence]);
  });

  test("a scope that is none is said with those that there are", async () => {
    const { code, err } = await new Workspace().run(
      ...["key", "add", "x", "--role", "agent", "--scope", "people:read"],
    );
    expect(code).toBe(2);
    expect(err).toMatch(
      /^--scope: “people:read” is none; a scope is PART:read or PART:write, with PART one of audit, contacts, /,
    );
  });
});

describe("audit", () => {
  test("tells who did what, and whether somebody changed it", async () => {
    const workspace = new Workspace();
    await workspace.ok("key", "add", "website", "--role", "agent");
    expect(await workspace.ok("audit")).toMatch(
      /^1 {2}\S+Z {2}command line {2}key\.added {2}[0-9a-f]{16} name=website role=agent\n$/,
    );
    expect(await workspace.ok("audit", "--check")).toBe("whole: 1 line\n");
    workspace.env = { TAWASUL_SECRET: "another" };
    const { code, err } = await workspace.run("audit", "--check");
    expect(code).toBe(1);
    expect(err).toContain("The audit log is not as it was written: line 1 was changed");
  });
});

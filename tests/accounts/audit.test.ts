import { beforeEach, describe, expect, test } from "vitest";
import { COMMAND_LINE } from "../../engine/accounts/roles.ts";
import { tempFolder } from "../cli/process.ts";
import { House, tamper } from "./people.ts";

describe("the audit log can't be altered quietly", () => {
  let path: string;
  let house: House;
  beforeEach(async () => {
    path = `${tempFolder()}/a.sqlite`;
    house = new House({ path });
    for (const email of ["a@x.example", "b@x.example", "c@x.example", "d@x.example"])
      await house.accounts.invite(COMMAND_LINE, email, "agent", "en");
  });
  const check = () => house.accounts.checkAudit();

  test("as it was written it is whole, also while it is empty", async () => {
    expect(await check()).toEqual({ lines: 4, broken: null });
    expect(await new House().accounts.checkAudit()).toEqual({ lines: 0, broken: null });
  });

  test("a change of any column of any line is found, with its number", async () => {
    const columns = {
      at: "at + 1",
      actor_kind: "'user'",
      actor: "'x'",
      actor_name: "'Eve'",
      action: "'flow.published'",
      subject: "'x'",
      detail: `'{"role":"owner"}'`,
      hash: "'x'",
    };
    for (const n of [1, 2, 4]) {
      for (const [column, value] of Object.entries(columns)) {
        tamper(path, `CREATE TABLE kept AS SELECT * FROM audit`);
        tamper(path, `UPDATE audit SET ${column} = ${value} WHERE n = ${n}`);
        expect((await check()).broken, `${column} of ${n}`).toEqual({ line: n, how: "changed" });
        tamper(path, "DELETE FROM audit; INSERT INTO audit SELECT * FROM kept; DROP TABLE kept");
      }
    }
    expect((await check()).broken).toBeNull();
  });

  test("a line that is deleted is missed, wherever it stood", async () => {
    tamper(path, "DELETE FROM audit WHERE n = 2");
    expect((await check()).broken).toEqual({ line: 2, how: "missing" });
  });

  test("numbering anew doesn't hide a deletion", async () => {
    tamper(path, "DELETE FROM audit WHERE n = 2; UPDATE audit SET n = n - 1 WHERE n > 2");
    expect((await check()).broken).toEqual({ line: 2, how: "changed" });
  });

  test("an end that is cut off is missed, also when the mark of the end is moved or taken away", async () => {
    tamper(path, "DELETE FROM audit WHERE n = 4");
    expect((await check()).broken).toEqual({ line: 4, how: "cut" });
    tamper(path, "UPDATE audit_head SET n = 3, hash = (SELECT hash FROM audit WHERE n = 3)");
    expect((await check()).broken).toEqual({ line: 4, how: "cut" });
    tamper(path, "DELETE FROM audit_head");
    expect((await check()).broken).not.toBeNull();
  });

  test("a log that is emptied is missed as long as anybody has an account", async () => {
    await house.person("ann@x.example", "owner");
    tamper(path, "DELETE FROM audit; DELETE FROM audit_head");
    expect((await check()).broken).toEqual({ line: 1, how: "cut" });
  });

  test("with another secret nobody seals lines anew", async () => {
    const forger = new House({ path, secret: "another secret" });
    await forger.accounts.invite(COMMAND_LINE, "e@x.example", "owner", "en");
    expect((await check()).broken).toEqual({ line: 5, how: "changed" });
  });
});

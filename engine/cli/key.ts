import type { Command } from "commander";
import type { Instant } from "../../nodes/index.ts";
import { COMMAND_LINE, isScope, RESOURCES } from "../accounts/roles.ts";
import { systemClock } from "../clock.ts";
import { iso } from "../core/time.ts";
import type { ApiKey } from "../store/accounts.ts";
import { roleOf, withAccounts } from "./accounts.ts";
import { command, examples, type Output, printJson, UsageError } from "./program.ts";
import { folderOf, onWorkspace, type WorkspaceOptions } from "./workspace.ts";

/** `key add/list/revoke` */
export const key = (output: Output): Command =>
  examples(
    command("key", "API keys, with which programs sign in: add, list, revoke")
      .addCommand(add(output))
      .addCommand(list(output))
      .addCommand(revoke(output)),
    "key add website --role agent --scope contacts:write events:write",
    "key list",
    "key revoke 3f0c9a1be77d2c45",
  );

const keyOut = ({ id, name, role, scopes, maker, created, expires, seen }: ApiKey) => ({
  ...{ id, name, role, scopes, maker },
  created: iso(created),
  expires: expires === null ? null : iso(expires),
  seen: seen === null ? null : iso(seen),
});

interface AddOptions extends WorkspaceOptions {
  role: string;
  scope?: string[];
  expires?: string;
}

const add = (output: Output): Command =>
  examples(
    onWorkspace(command("add", "make a key; it is shown this once and can't be shown again"))
      .argument("<name>", "what it is for")
      .requiredOption("--role <role>", "what it may do at most: viewer, agent, editor or admin")
      .option(
        "--scope <scope...>",
        `narrow it to parts of the API, each PART:read or PART:write; parts are ${RESOURCES.join(", ")}`,
      )
      .option("--expires <days>", "it ends after so many days (default: never)")
      .action((name: string, options: AddOptions) =>
        withAccounts(folderOf(options), async (accounts) => {
          const wish = {
            name,
            role: roleOf(options.role),
            scopes: options.scope === undefined ? null : scopesOf(options.scope),
            expires: options.expires === undefined ? null : expiryOf(options.expires),
          };
          const { key: made, text } = await accounts.addKey(COMMAND_LINE, wish);
          if (options.json) return printJson(output, { ...keyOut(made), key: text });
          output.out(text);
          output.err(
            "Keep it now: it can't be shown again. Send it as “Authorization: Bearer KEY”.",
          );
        }),
      ),
    "key add website --role agent --scope contacts:write events:write",
    "key add reports --role viewer --expires 90",
  );

function scopesOf(given: string[]): string[] {
  const scopes = given.flatMap((text) => text.split(",")).filter((text) => text !== "");
  const odd = scopes.find((scope) => !isScope(scope));
  if (odd !== undefined || scopes.length === 0)
    throw new UsageError(
      `--scope: “${odd ?? ""}” is none; a scope is PART:read or PART:write, with PART one of ${RESOURCES.join(", ")}.`,
    );
  return [...new Set(scopes)].sort();
}

const DAY = 86_400_000;

function expiryOf(text: string): Instant {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= 3650) return systemClock() + days * DAY;
  throw new UsageError(`--expires must be a whole number of days from 1 to 3650, not “${text}”.`);
}

const list = (output: Output): Command =>
  examples(
    onWorkspace(command("list", "every key with its role and scopes, never the key itself")).action(
      (options: WorkspaceOptions) =>
        withAccounts(folderOf(options), async (accounts) => {
          const keys = await accounts.keys();
          if (options.json) return printJson(output, keys.map(keyOut));
          if (keys.length === 0)
            output.err("There are no keys; make one with “tawasul key add NAME --role ROLE”.");
          for (const { id, name, role, scopes, expires, seen } of keys) {
            const until = expires === null ? "" : `, until ${iso(expires)}`;
            const used = seen === null ? "never used" : `last used ${iso(seen)}`;
            output.out(
              `${id}  ${role}  ${scopes?.join(" ") ?? "everything"}  ${name} (${used}${until})`,
            );
          }
        }),
    ),
    "key list",
  );

const revoke = (output: Output): Command =>
  examples(
    onWorkspace(command("revoke", "end a key at once"))
      .argument("<id>", "its id, the middle part of the key")
      .action((id: string, options: WorkspaceOptions) =>
        withAccounts(folderOf(options), async (accounts) => {
          const { name } = await accounts.revokeKey(COMMAND_LINE, id);
          if (options.json) printJson(output, { id, name, revoked: true });
          else output.out(`${id}: revoked (${name})`);
        }),
      ),
    "key revoke 3f0c9a1be77d2c45",
  );

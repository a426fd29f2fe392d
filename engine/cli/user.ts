import type { Command } from "commander";
import type { Handed } from "../accounts/people.ts";
import { COMMAND_LINE, ROLES } from "../accounts/roles.ts";
import { iso } from "../core/time.ts";
import type { User } from "../store/accounts.ts";
import { listOf, roleOf, userOf, withAccounts } from "./accounts.ts";
import { command, examples, type Output, printJson, UsageError } from "./program.ts";
import { folderOf, onWorkspace, type WorkspaceOptions } from "./workspace.ts";

/** `user add/list/role/reset/remove` */
export const user = (output: Output): Command =>
  examples(
    command("user", "the people who sign in: add, list, role, reset, remove")
      .addCommand(add(output))
      .addCommand(list(output))
      .addCommand(role(output))
      .addCommand(reset(output))
      .addCommand(remove(output)),
    "user add sara@acme.example --role owner",
    "user list --json",
    "user reset sara@acme.example",
  );

const userOut = ({ created, ...rest }: User) => ({ ...rest, created: iso(created) });

const linkOut = ({ link, mailed, ticket }: Handed) => ({
  link,
  mailed,
  expires: iso(ticket.expires),
});

interface AddOptions extends WorkspaceOptions {
  role: string;
  name?: string;
  language: string;
  passwordStdin?: boolean;
}

const add = (output: Output): Command =>
  examples(
    onWorkspace(
      command("add", "invite somebody: prints a link with which they choose their password"),
    )
      .argument("<email>", "their e-mail address")
      .requiredOption("--role <role>", `what they may do: ${listOf(ROLES)}`)
      .option("--password-stdin", "no link: read the password from standard input (needs --name)")
      .option("--name <name>", "their name, with --password-stdin")
      .option("--language <en/ar>", "the language of the letter and of the pages", "en")
      .action((email: string, options: AddOptions) =>
        withAccounts(folderOf(options), async (accounts) => {
          const asRole = roleOf(options.role);
          const { language, name } = options;
          if (language !== "en" && language !== "ar")
            throw new UsageError(`--language must be en or ar, not “${language}”.`);
          if (!options.passwordStdin) {
            if (name !== undefined)
              throw new UsageError(
                "--name goes with --password-stdin; who is invited gives their own name.",
              );
            const handed = await accounts.invite(COMMAND_LINE, email, asRole, language);
            const invited = { email: handed.ticket.email, role: asRole };
            if (options.json) return printJson(output, { ...invited, ...linkOut(handed) });
            output.out(handed.link);
            return sayHanded(output, `${invited.email} is invited as ${asRole}`, handed);
          }
          if (name === undefined) throw new UsageError("--password-stdin needs --name.");
          const password = (await Bun.stdin.text()).replace(/\r?\n$/, "");
          const newcomer = { name, password, language } as const;
          const made = await accounts.addUser(COMMAND_LINE, email, asRole, newcomer);
          if (options.json) printJson(output, userOut(made));
          else output.out(`${made.email}: added as ${made.role}`);
        }),
      ),
    "user add sara@acme.example --role owner",
    "user add omar@acme.example --role agent --language ar",
    'user add sara@acme.example --role owner --name "Sara" --password-stdin < password.txt',
  );

function sayHanded(output: Output, what: string, { mailed, ticket }: Handed): void {
  const how = mailed ? "was mailed and" : "wasn't mailed: pass it on yourself. It";
  output.err(`${what}. The link ${how} works once, until ${iso(ticket.expires)}.`);
}

const list = (output: Output): Command =>
  examples(
    onWorkspace(command("list", "who signs in, with roles, and who is invited")).action(
      (options: WorkspaceOptions) =>
        withAccounts(folderOf(options), async (accounts) => {
          const [users, invitations] = [await accounts.users(), await accounts.invitations()];
          if (options.json) {
            const invited = invitations.map(({ id, email, role: as, expires }) => ({
              ...{ id, email, role: as, expires: iso(expires) },
            }));
            return printJson(output, { users: users.map(userOut), invitations: invited });
          }
          if (users.length + invitations.length === 0)
            output.err(
              "There are no accounts yet; make the owner with “tawasul user add EMAIL --role owner”.",
            );
          const rows = [
            ...users.map((u) => [u.email, u.role, u.name] as const),
            ...invitations.map((i) => [i.email, i.role ?? "", "(invited)"] as const),
          ];
          const width = Math.max(...rows.map(([email]) => email.length));
          for (const [email, as, name] of rows)
            output.out(`${email.padEnd(width)}  ${as.padEnd(6)}  ${name}`);
        }),
    ),
    "user list",
  );

const role = (output: Output): Command =>
  examples(
    onWorkspace(command("role", "give somebody another role; their sessions end"))
      .argument("<user>", "their e-mail address or id")
      .argument("<role>", listOf(ROLES))
      .action((key: string, to: string, options: WorkspaceOptions) =>
        withAccounts(folderOf(options), async (accounts) => {
          const { id } = await userOf(accounts, key);
          const changed = await accounts.setRole(COMMAND_LINE, id, roleOf(to));
          if (options.json) printJson(output, userOut(changed));
          else output.out(`${changed.email}: ${changed.role}`);
        }),
      ),
    "user role omar@acme.example editor",
  );

const reset = (output: Output): Command =>
  examples(
    onWorkspace(
      command("reset", "end somebody's password and sessions; prints a link to set a new one"),
    )
      .argument("<user>", "their e-mail address or id")
      .action((key: string, options: WorkspaceOptions) =>
        withAccounts(folderOf(options), async (accounts) => {
          const { id, email } = await userOf(accounts, key);
          const handed = await accounts.reset(COMMAND_LINE, id);
          if (options.json) return printJson(output, { id, email, ...linkOut(handed) });
          output.out(handed.link);
          sayHanded(output, `The password and the sessions of ${email} are ended`, handed);
        }),
      ),
    "user reset omar@acme.example",
  );

const remove = (output: Output): Command =>
  examples(
    onWorkspace(command("remove", "take somebody's account away, with their sessions and keys"))
      .argument("<user>", "their e-mail address or id")
      .option("--yes", "really do it")
      .action((key: string, options: WorkspaceOptions & { yes?: boolean }) =>
        withAccounts(folderOf(options), async (accounts) => {
          const { id, email } = await userOf(accounts, key);
          if (!options.yes)
            throw new UsageError(
              `Say --yes to take the account of ${email} away, with the keys they made; nothing was done.`,
            );
          const gone = await accounts.remove(COMMAND_LINE, id);
          if (options.json) printJson(output, { id, email: gone.email, removed: true });
          else output.out(`${gone.email}: removed`);
        }),
      ),
    "user remove omar@acme.example --yes",
  );

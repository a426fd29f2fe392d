import type { Accounts } from "../accounts/accounts.ts";
import { AccountRefused } from "../accounts/refused.ts";
import { isRole, ROLES } from "../accounts/roles.ts";
import { SmtpSettingsError } from "../channels/smtp.ts";
import { accountsOf, OpenError } from "../open.ts";
import type { Role, User } from "../store/accounts.ts";
import { UsageError } from "./program.ts";
import { withWorkspace } from "./workspace.ts";

/** Opens the accounts of a workspace for one piece of work; what isn't done is one sentence. */
export const withAccounts = <T>(
  folder: string,
  work: (accounts: Accounts) => Promise<T>,
): Promise<T> =>
  withWorkspace(folder, async (opened) => {
    const { accounts, close } = await accountsOf(opened, process.env).catch(asUsage);
    try {
      return await work(accounts).catch(asUsage);
    } finally {
      await close();
    }
  });

function asUsage(error: unknown): never {
  const isRefusal =
    error instanceof AccountRefused ||
    error instanceof OpenError ||
    error instanceof SmtpSettingsError;
  if (isRefusal) throw new UsageError(error.message, { cause: error });
  throw error;
}

export function roleOf(text: string): Role {
  if (isRole(text)) return text;
  throw new UsageError(`The role must be ${listOf(ROLES)}, not “${text}”.`);
}

/** The person with an e-mail address or an id. */
export async function userOf(accounts: Accounts, key: string): Promise<User> {
  const users = await accounts.users();
  const user = users.find(({ id, email }) => id === key || email === key.trim().toLowerCase());
  if (user) return user;
  const known = users.slice(0, 20).map(({ email }) => email);
  throw new UsageError(
    `There is nobody “${key}”; ${known.length === 0 ? "there are no accounts yet" : `there are ${known.join(", ")}`}.`,
  );
}

export const listOf = (words: readonly string[]): string =>
  `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;

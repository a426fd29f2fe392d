import { Database } from "bun:sqlite";
import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Accounts, openAccounts } from "./accounts/accounts.ts";
import type { Letter, Post } from "./accounts/base.ts";
import { notesOf } from "./accounts/log.ts";
import { COMMAND_LINE } from "./accounts/roles.ts";
import type { Channel } from "./channels/channel.ts";
import { outboxChannel } from "./channels/outbox-viewer.ts";
import { smtpChannel } from "./channels/smtp.ts";
import { type Clock, systemClock } from "./clock.ts";
import { Engine } from "./engine.ts";
import { Links } from "./links.ts";
import type { Note } from "./store/accounts.ts";
import { StoreRefused } from "./store/errors.ts";
import { openPostgres } from "./store/postgres/store.ts";
import { openSqlite } from "./store/sqlite/store.ts";
import type { Store } from "./store/store.ts";

/** What cannot be opened, as one sentence. */
export class OpenError extends Error {
  override name = "OpenError";
}

export interface Env {
  [name: string]: string | undefined;
}

/** An open workspace: its store and the keys that belong to it. */
export interface Opened {
  store: Store;
  data: string;
  secret: string;
  url: string;
  /** The address under which others reach the program, `TAWASUL_URL`; null: none was set up. */
  publicUrl: string | null;
  links: Links;
  /** The store, of which the first write also says in the audit log that the command line did it. */
  noted(action: string, subject: string | null, detail?: Note["detail"]): Store;
  /** Says in the audit log what the command line did where nothing is written beside. */
  note(action: string, subject: string | null, detail?: Note["detail"]): Promise<void>;
}

/**
 * Opens the workspace of a data folder; the folder and its secret are made at first start. With `DATABASE_URL` the data
 * are in that PostgreSQL database, and the folder has the rest. Throws `OpenError`, `StoreRefused`.
 */
export async function openWorkspace(data: string, env: Env, url?: string): Promise<Opened> {
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new OpenError(`The data folder “${data}” can't be made: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const secret = env.TAWASUL_SECRET ?? secretOf(data);
  const publicUrl = publicUrlOf(env);
  const address = publicUrl ?? url ?? "http://127.0.0.1:3000";
  const store = env.DATABASE_URL
    ? await openServer(env.DATABASE_URL, secret)
    : openSqlite(join(data, "tawasul.sqlite"), { now: systemClock() });
  const links = new Links(secret, address);
  const notes = notesOf(secret, systemClock);
  return {
    ...{ store, data, secret, url: address, publicUrl, links },
    noted: (...what) => store.noted(notes(COMMAND_LINE, ...what)),
    note(...what) {
      const { note, seal } = notes(COMMAND_LINE, ...what);
      return store.accounts(seal).note(note);
    },
  };
}

/** Under what name a shared store remembers which secret its processes have. */
const SECRET_CHECK = "secret-check";

async function openServer(url: string, secret: string): Promise<Store> {
  if (!/^postgres(?:ql)?:\/\//.test(url) || !URL.canParse(url))
    throw new OpenError(
      "DATABASE_URL must look like postgres://name:password@host:5432/database; without it the data are kept in SQLite.",
    );
  const store = await openPostgres(url, { now: systemClock() }).catch((error: unknown) => {
    if (error instanceof StoreRefused) throw error;
    const { message } = error as Error;
    throw new OpenError(`The database of DATABASE_URL can't be opened: ${message}`, {
      cause: error,
    });
  });
  const check = createHmac("sha256", secret).update(SECRET_CHECK).digest("hex");
  const known = await store.setting(SECRET_CHECK);
  if (known === null) await store.setSetting(SECRET_CHECK, check);
  else if (known !== check) {
    await store.close();
    throw new OpenError(
      "This database belongs to a workspace with another secret: give every process the same TAWASUL_SECRET, or the data folder's “secret” file of the first.",
    );
  }
  return store;
}

function publicUrlOf({ TAWASUL_URL: given }: Env): string | null {
  if (!given) return null;
  if (URL.canParse(given) && /^https?:$/.test(new URL(given).protocol)) return given;
  throw new OpenError(
    `TAWASUL_URL must be an address such as https://crm.example, not “${given}”.`,
  );
}

function secretOf(data: string): string {
  const file = join(data, "secret");
  if (!existsSync(file))
    writeFileSync(file, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" });
  return readFileSync(file, "utf8").trim();
}

/**
 * Holds the data folder for one engine at a time. The lock is the operating system's, on a file of its own, and
 * goes with the process however it dies. Returns what gives it back.
 */
export function lockFolder(data: string): () => void {
  const lock = new Database(join(data, "engine.lock"), { create: true });
  try {
    lock.run("PRAGMA locking_mode = EXCLUSIVE");
    lock.run("PRAGMA busy_timeout = 0");
    lock.run("BEGIN EXCLUSIVE");
    lock.run("CREATE TABLE IF NOT EXISTS engine (pid INTEGER)");
    lock.run("COMMIT");
  } catch (error) {
    lock.close();
    throw new OpenError(`Another engine already works on the data folder “${data}”.`, {
      cause: error,
    });
  }
  return () => lock.close();
}

/** The channels that the environment sets up; without any, the built-in outbox takes all. */
export function channelsOf(env: Env, opened: Opened, installation: string): Channel[] {
  const outbox = outboxChannel();
  if (!env.SMTP_URL) return [outbox];
  const smtp = smtpOf(env, env.SMTP_URL, opened, installation);
  // What SMTP doesn't carry stays in the built-in outbox.
  const rest = outbox.carries.filter((channel) => !smtp.carries.includes(channel));
  return [smtp, { ...outbox, carries: rest }];
}

function smtpOf(env: Env, url: string, { url: publicUrl }: Opened, installation: string): Channel {
  const from = env.MAIL_FROM;
  if (!from)
    throw new OpenError("SMTP_URL is set, but MAIL_FROM is not: whom are the e-mails from?");
  return smtpChannel({ url, from, installation, publicUrl, ...dkimOf(env) });
}

/** A letter about an account waits for its mail server for so long; milliseconds. */
const LETTER_PATIENCE = 20_000;

/** The accounts of an open workspace, and what closes their way to the mail server. */
export async function accountsOf(
  opened: Opened,
  env: Env,
  clock: Clock = systemClock,
): Promise<{ accounts: Accounts; close: () => Promise<void> }> {
  const { store, secret, url } = opened;
  const smtp = env.SMTP_URL ? smtpOf(env, env.SMTP_URL, opened, await store.installation()) : null;
  const post: Post | null = smtp && ((letter) => sendLetter(smtp, letter, clock()));
  return {
    accounts: openAccounts({ store, secret, url, clock, post }),
    close: async () => smtp?.close(),
  };
}

async function sendLetter(smtp: Channel, letter: Letter, at: number): Promise<boolean> {
  const { id, to, language, subject, text } = letter;
  const key = `account.${id}`;
  const { state } = await smtp.send(
    {
      ...{ key, providerKey: () => key, messageId: "", channel: "notify", to, attempt: 1, at },
      content: { subject, body: text, format: "text", locale: language },
      ...{ transactional: true, topic: "" },
    },
    AbortSignal.timeout(LETTER_PATIENCE),
  );
  return state === "sent";
}

function dkimOf(env: Env): {
  dkim?: { domainName: string; keySelector: string; privateKey: string };
} {
  const { DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY } = env;
  const given = [DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY].filter(Boolean).length;
  if (given === 0) return {};
  if (!DKIM_DOMAIN || !DKIM_SELECTOR || !DKIM_PRIVATE_KEY) {
    throw new OpenError(
      "DKIM needs DKIM_DOMAIN, DKIM_SELECTOR and DKIM_PRIVATE_KEY (the key or its file) together.",
    );
  }
  const isFile = !DKIM_PRIVATE_KEY.includes("-----BEGIN");
  if (isFile && !existsSync(DKIM_PRIVATE_KEY)) {
    throw new OpenError(`DKIM_PRIVATE_KEY: there is no file “${DKIM_PRIVATE_KEY}”.`);
  }
  const privateKey = isFile
    ? readFileSync(DKIM_PRIVATE_KEY, "utf8")
    : DKIM_PRIVATE_KEY.replaceAll("\\n", "\n");
  return { dkim: { domainName: DKIM_DOMAIN, keySelector: DKIM_SELECTOR, privateKey } };
}

/** What flows name as a secret stands in the environment, as `SECRET_NAME`. */
export const namedIn =
  (env: Env) =>
  (name: string): string | undefined =>
    env[`SECRET_${name}`];

/** The engine of an open workspace. */
export async function engineOf(
  opened: Opened,
  env: Env,
  options: { clock?: Clock; batch?: number; warn: (message: string) => void },
): Promise<Engine> {
  const { store, links } = opened;
  const { clock = systemClock, warn, batch } = options;
  return new Engine({
    store,
    channels: channelsOf(env, opened, await store.installation()),
    links,
    clock,
    worker: `${process.pid}-${randomUUID()}`,
    jitter: Math.random,
    secret: namedIn(env),
    uncertain: (await store.setting("uncertain")) === "resend" ? "resend" : "hold",
    warn,
    ...(batch === undefined ? {} : { batch }),
  });
}

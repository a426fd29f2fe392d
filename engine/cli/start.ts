import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Command } from "commander";
import afterPurchase from "../../flows/after-purchase.json" with { type: "json" };
import newLead from "../../flows/new-lead.json" with { type: "json" };
import type { Accounts } from "../accounts/accounts.ts";
import { systemClock } from "../clock.ts";
import type { FlowDoc } from "../core/document.ts";
import type { Engine } from "../engine.ts";
import { createApp } from "../http/app.ts";
import { EDITOR } from "../http/editor.ts";
import { type Answer, ListenError, type Listener, listen } from "../http/serve.ts";
import { Jobs } from "../jobs.ts";
import { accountsOf, namedIn, type Opened } from "../open.ts";
import { loadSample } from "../sample.ts";
import { withAccounts } from "./accounts.ts";
import { command, examples, type Output, printJson, UsageError } from "./program.ts";
import { startEngine, stopSignal } from "./run.ts";
import { folderOf, onWorkspace, open, type WorkspaceOptions } from "./workspace.ts";

interface Options extends WorkspaceOptions {
  port: string;
  host: string;
  role: string;
  sample?: boolean;
}

/** Requests under way when the program is stopped get this many milliseconds. */
const PATIENCE = 2000;
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/;

/** `start [--port 3000] [--host 127.0.0.1] [--data DIR] [--role all/web/engine]` */
export const start = (output: Output): Command =>
  examples(
    onWorkspace(command("start", "the whole program: pages, API, engine"))
      .option("--port <port>", "the port of the pages and the API; 0 takes a free one", "3000")
      .option(
        "--host <host>",
        "the address to listen on; this machine's own only, while there is no owner",
        "127.0.0.1",
      )
      .option("--role <role>", "all, web (pages and API alone) or engine (no pages)", "all")
      .option("--sample", "fill an empty workspace with made-up people and two flows")
      .action(async (options: Options) => {
        const { role } = options;
        if (role !== "all" && role !== "web" && role !== "engine") {
          throw new UsageError(`--role must be all, web or engine, not “${role}”.`);
        }
        const listener = role === "engine" ? null : await listenOn(options);
        try {
          await serve(listener, { ...options, role }, output);
        } finally {
          await listener?.stop(PATIENCE);
        }
      }),
    "start",
    "start --port 8080 --data /var/lib/tawasul",
    "start --sample",
  );

async function listenOn(options: Options): Promise<Listener> {
  const { host, port } = options;
  const number = Number(port);
  if (!/^\d{1,5}$/.test(port) || number > 65_535)
    throw new UsageError(`--port must be a number from 0 to 65535, not “${port}”.`);
  const hasOwner = () => withAccounts(folderOf(options), (accounts) => accounts.hasOwner());
  if (!LOOPBACK.test(host) && !(await hasOwner())) {
    throw new UsageError(
      `--host must be 127.0.0.1, ::1 or localhost, not “${host}”, while there is no owner: whoever reaches the program then may do everything. Make the owner's account on this machine first, in the browser or with “tawasul user add EMAIL --role owner”.`,
    );
  }
  try {
    return listen(host, number);
  } catch (error) {
    if (error instanceof ListenError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

async function serve(
  listener: Listener | null,
  options: Options & { role: "all" | "web" | "engine" },
  output: Output,
): Promise<void> {
  const stopped = stopSignal();
  const folder = folderOf(options);
  const running =
    options.role === "web" ? null : await startEngine(folder, output, { url: listener?.url });
  const opened = running?.opened ?? (await open(folder, listener?.url));
  const { accounts, close } = await accountsOf(opened, process.env);
  const warn = (message: string): void => output.err(`error: ${message}`);
  const jobs = new Jobs({ store: opened.store, clock: systemClock, warn });
  try {
    if (options.sample) await sample(opened, running?.engine ?? null, output);
    const engine = running?.engine ?? null;
    listener?.answer(appOf(opened, { engine, accounts, listener, jobs, output }));
    const url = listener?.url ?? null;
    if (listener) await sayOpen({ opened, accounts, host: options.host, listener }, output);
    if (options.json) printJson(output, { url, data: opened.data, role: options.role });
    else output.out(url === null ? "The engine of Tawasul runs." : `Tawasul runs at ${url}`);
    await stopped;
    await listener?.stop(PATIENCE);
  } finally {
    await jobs.stop();
    await close();
    if (running) await running.stop();
    else await opened.store.close();
  }
}

function appOf(
  opened: Opened,
  {
    engine,
    accounts,
    listener: { hosts },
    jobs,
    output,
  }: {
    engine: Engine | null;
    accounts: Accounts;
    listener: Listener;
    jobs: Jobs;
    output: Output;
  },
): Answer {
  const app = createApp({
    store: opened.store,
    accounts,
    publicUrl: opened.publicUrl,
    links: opened.links,
    clock: systemClock,
    engine,
    hosts,
    outboxOnly: !process.env.SMTP_URL,
    editor: EDITOR,
    newId: randomUUID,
    secret: opened.secret,
    named: namedIn(process.env),
    jobs,
    uploads: { folder: join(opened.data, "imports"), limit: uploadLimit() },
    warn: (message) => output.err(`error: ${message}`),
  });
  return (request, address) => app.fetch(request, { address });
}

/** Who may come in, where that needs a word. */
async function sayOpen(
  {
    opened,
    accounts,
    host,
    listener,
  }: { opened: Opened; accounts: Accounts; host: string; listener: Listener },
  output: Output,
): Promise<void> {
  if (!(await accounts.hasOwner()))
    output.err(
      "There is no owner yet, so it answers this machine alone, without signing in; the pages offer to make the owner's account.",
    );
  else if (!LOOPBACK.test(host) && opened.publicUrl === null)
    output.err(
      `TAWASUL_URL is not set, so links in messages lead to ${listener.url}; set it to the address under which others reach the program.`,
    );
}

/** The most bytes that a file may have: `TAWASUL_MAX_UPLOAD` in MB, else 200 MB. */
function uploadLimit(): number {
  const given = process.env.TAWASUL_MAX_UPLOAD ?? "200";
  if (!/^[1-9]\d{0,5}$/.test(given))
    throw new UsageError(
      `TAWASUL_MAX_UPLOAD must be a whole number of MB from 1 to 999999, not “${given}”.`,
    );
  return Number(given) * 1_000_000;
}

/** Made-up people are never mailed: with a provider set up the sample stays out. */
async function sample({ store }: Opened, engine: Engine | null, output: Output): Promise<void> {
  if (process.env.SMTP_URL) {
    output.err(
      "SMTP_URL is set, so the sample contacts are left out: nobody made up gets a real e-mail.",
    );
    return;
  }
  const flows = {
    enroll: newLead as unknown as FlowDoc,
    others: [afterPurchase as unknown as FlowDoc],
  };
  if (await loadSample(store, flows, systemClock())) {
    output.err(
      "Sample contacts and two flows were added; their messages stay in the built-in outbox.",
    );
    engine?.wake();
  }
}

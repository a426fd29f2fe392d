import type { Command } from "commander";
import type { Instant } from "../../nodes/index.ts";
import { SmtpSettingsError } from "../channels/smtp.ts";
import { type Clock, clockFrom, fixedClock, systemClock } from "../clock.ts";
import { iso } from "../core/time.ts";
import type { Engine, Worked } from "../engine.ts";
import { engineOf, lockFolder, OpenError, type Opened } from "../open.ts";
import type { Store } from "../store/store.ts";
import { moment } from "./files.ts";
import { command, examples, FoundProblems, type Output, printJson, UsageError } from "./program.ts";
import { folderOf, onWorkspace, open, type WorkspaceOptions } from "./workspace.ts";

interface Options extends WorkspaceOptions {
  untilIdle?: boolean;
  batch?: string;
}

/** `run [--until-idle] [--now T] [--data DIR] [--batch N]` */
export const run = (output: Output): Command =>
  examples(
    onWorkspace(command("run", "the engine with no web server"))
      .option(
        "--until-idle",
        "end once nothing is due and nothing waits to be sent, and say what was done",
      )
      .option(
        "--now <moment>",
        "the moment that the clock begins at; with --until-idle it stands there, and nothing later is due",
      )
      .option("--batch <n>", "contacts in one transaction (default 1000)")
      .action(async (options: Options) => {
        const batch = options.batch === undefined ? undefined : batchOf(options.batch);
        const now = options.now === undefined ? undefined : moment("--now", options.now);
        if (options.untilIdle)
          return untilIdle(folderOf(options), { now, batch, json: options.json === true }, output);
        const stopped = stopSignal();
        const clock = now === undefined ? systemClock : clockFrom(now);
        const running = await startEngine(folderOf(options), output, { batch, clock });
        output.err("The engine runs; stop it with Ctrl-C.");
        await stopped;
        await running.stop();
      }),
    "run",
    "run --until-idle",
    "run --until-idle --now 2026-03-01T09:00:00Z",
  );

function batchOf(text: string): number {
  const batch = Number(text);
  if (Number.isInteger(batch) && batch >= 1 && batch <= 100_000) return batch;
  throw new UsageError(`--batch must be a whole number from 1 to 100000, not “${text}”.`);
}

/** How an engine is run: contacts in one transaction, the program's address, whose clock. */
interface EngineRun {
  batch?: number | undefined;
  url?: string | undefined;
  clock?: Clock;
}

/** An engine at work on its folder, and what ends it in order. */
export interface Running {
  opened: Opened;
  engine: Engine;
  stop(): Promise<void>;
}

/** Opens and locks the folder and starts the cron tick. */
export async function startEngine(
  folder: string,
  output: Output,
  options: EngineRun = {},
): Promise<Running> {
  const { opened, engine, close } = await openEngine(folder, output, options);
  const pattern = process.env.TAWASUL_TICK ?? "* * * * * *";
  try {
    await engine.start(pattern);
  } catch (error) {
    await close();
    if (process.env.TAWASUL_TICK === undefined) throw error;
    throw new UsageError(
      `TAWASUL_TICK is “${pattern}”, which is no cron pattern: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
  return { opened, engine, stop: close };
}

async function openEngine(folder: string, output: Output, options: EngineRun) {
  const opened = await open(folder, options.url);
  let unlock = (): void => undefined;
  try {
    // A shared store tells its engines apart by itself.
    if (!opened.store.shared) unlock = lockFolder(folder);
    const engine = await engineOf(opened, process.env, {
      warn: (message) => output.err(`warning: ${message}`),
      ...(options.clock === undefined ? {} : { clock: options.clock }),
      ...(options.batch === undefined ? {} : { batch: options.batch }),
    });
    const close = async (): Promise<void> => {
      await engine.stop();
      unlock();
      await opened.store.close();
    };
    return { opened, engine, close };
  } catch (error) {
    unlock();
    await opened.store.close();
    // What can't be opened, or a channel that was set up with something unusable.
    const isSetting = error instanceof OpenError || error instanceof SmtpSettingsError;
    if (isSetting) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

/** Resolves at the first SIGTERM or SIGINT. */
export const stopSignal = (): Promise<void> =>
  new Promise((done) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => done());
  });

async function untilIdle(
  folder: string,
  { now, batch, json }: { now: Instant | undefined; batch: number | undefined; json: boolean },
  output: Output,
): Promise<void> {
  const { opened, engine, close } = await openEngine(folder, output, {
    batch,
    ...(now === undefined ? {} : { clock: fixedClock(now) }),
  });
  try {
    const worked = await engine.untilIdle();
    const left = await leftOver(opened.store);
    if (json) printJson(output, reportOf(worked, left));
    else report(worked, left, output);
    const { later, uncertain } = worked.dispatched;
    if (later + uncertain + worked.recovered.uncertain > 0) throw new FoundProblems("");
  } finally {
    await close();
  }
}

/** What is still to be done. */
interface Left {
  /** Messages that wait for another try or for their send window. */
  queued: number;
  nextTry: Instant | null;
  uncertain: number;
  /** Contacts inside a flow. */
  inside: number;
  next: Instant | null;
}

async function leftOver(store: Store): Promise<Left> {
  const left: Left = {
    queued: 0,
    nextTry: null,
    uncertain: 0,
    inside: 0,
    next: await store.nextDue(),
  };
  for (const state of ["queued", "uncertain"] as const) {
    let after: string | undefined;
    do {
      const page = await store.messages({
        state,
        limit: 1000,
        ...(after === undefined ? {} : { after }),
      });
      left[state] += page.length;
      for (const { dueAt } of page) {
        if (dueAt !== null && (left.nextTry === null || dueAt < left.nextTry)) left.nextTry = dueAt;
      }
      after = page.at(-1)?.id;
    } while (after !== undefined);
  }
  for (const { id } of await store.flows()) left.inside += (await store.flowCounts(id)).active;
  return left;
}

function reportOf({ ticked, dispatched, recovered }: Worked, left: Left) {
  const { sent, skipped, failed, later, uncertain, answered, details } = dispatched;
  return {
    contacts: ticked.contacts,
    schedules: ticked.fired,
    decided: ticked.decided,
    sent,
    skipped,
    failed,
    later,
    uncertain: uncertain + recovered.uncertain,
    answered,
    details: [...details],
    waiting: {
      messages: left.queued,
      nextTry: left.nextTry === null ? null : iso(left.nextTry),
      uncertain: left.uncertain,
      contacts: left.inside,
      next: left.next === null ? null : iso(left.next),
    },
  };
}

function report(worked: Worked, left: Left, output: Output): void {
  const done = reportOf(worked, left);
  output.out(`${many(done.contacts, "contact")} worked on`);
  output.out(
    `messages: ${done.sent} sent, ${done.skipped} skipped, ${done.failed} failed, ${done.uncertain} uncertain`,
  );
  if (done.answered > 0) output.out(`webhooks: ${done.answered} answered`);
  if (done.schedules > 0) output.out(`schedules: ${done.schedules} fired`);
  if (done.decided > 0) output.out(`splits: ${done.decided} decided`);
  const said = done.details.length === 0 ? "" : `: ${done.details.slice(0, 3).join("; ")}`;
  if (left.queued > 0) {
    const next = done.waiting.nextTry === null ? "" : `; next try at ${done.waiting.nextTry}`;
    output.out(
      `${many(left.queued, "message")} ${left.queued === 1 ? "waits" : "wait"} for another try${said}${next}`,
    );
  } else if (said !== "") output.out(`providers said${said}`);
  if (left.uncertain > 0) {
    output.out(
      `${many(left.uncertain, "message")} uncertain: a crash left unknown whether ${left.uncertain === 1 ? "it" : "they"} went out; nothing is sent twice without your word`,
    );
  }
  output.out(
    left.inside === 0
      ? "nobody is inside a flow"
      : `${many(left.inside, "contact")} inside flows${done.waiting.next === null ? "" : `; the next is due at ${done.waiting.next}`}`,
  );
}

const many = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openWorkspace } from "../../engine/open.ts";
import type { Store } from "../../engine/store/store.ts";
import { keyedReceiver, mailReceiver, type Receiver } from "./receivers.ts";
import { allMessages, chance, enrollAll, expectedOf, isDone, prepare } from "./setup.ts";

/** What a run with kills came to. `lost` and `doubled` name messages as the receiver sees them. */
export interface Verdict {
  kills: number;
  sends: number;
  lost: string[];
  doubled: string[];
  /** Messages that the engine says are uncertain. */
  uncertain: string[];
  /** Uncertain ones without a line in the journal that says so. */
  unlisted: string[];
  /** Deliveries that a provider with keys recognised and dropped. */
  repeated: number;
  seconds: number;
}

export interface KillOptions {
  kills: number;
  contacts: number;
  seed: number;
  /** Most milliseconds that a process lives before it is killed. */
  longest?: number;
}

const HERE = import.meta.dirname;
/** Milliseconds before which a process has hardly begun. */
const BOOT = 250;
/** A run that isn't done by then hangs. */
const LIMIT_MS = 30 * 60_000;

/** The engine against a provider that takes idempotency keys. */
export function killKeyed(options: KillOptions): Promise<Verdict> {
  return killing(
    options,
    async (random) => keyedReceiver(random),
    (data, url, epoch) => ({
      command: [join(HERE, "keyed-engine.ts"), data, url, String(epoch)],
      env: {},
    }),
  );
}

/** The whole program, as its users start it, against a mail server. */
export function killMail(options: KillOptions): Promise<Verdict> {
  return killing(options, mailReceiver, (data, url) => ({
    command: [join(HERE, "../../engine/cli.ts"), "run", "--data", data, "--batch", "50"],
    env: { SMTP_URL: url, MAIL_FROM: "Acme <hello@acme.example>" },
  }));
}

type Start = (
  data: string,
  url: string,
  epoch: number,
) => { command: string[]; env: Record<string, string> };

async function killing(
  { kills, contacts, seed, longest = 1200 }: KillOptions,
  open: (random: () => number) => Promise<Receiver>,
  start: Start,
): Promise<Verdict> {
  const epoch = Date.now();
  const random = chance(seed);
  const data = mkdtempSync(join(tmpdir(), "tawasul-crash-"));
  const receiver = await open(random);
  try {
    await onStore(data, (store) => prepare(store, contacts, epoch));
    const process = start(data, receiver.url, epoch);
    let rounds = 1;
    for (let killed = 0; killed < kills; killed++) {
      if (await onStore(data, isDone)) {
        await onStore(data, (store) => enrollAll(store, contacts, epoch, rounds++));
      }
      const child = spawn(process);
      await Promise.race([Bun.sleep(BOOT + random() * longest), child.exited]);
      await mustRun(child);
      child.kill("SIGKILL");
      await child.exited;
    }
    await finish(data, process);
    const expected = expectedOf(contacts, rounds);
    const found = await onStore(data, (store) => judge(store, expected, receiver));
    return { kills, sends: expected.length, ...found, seconds: (Date.now() - epoch) / 1000 };
  } finally {
    await receiver.close();
    rmSync(data, { recursive: true, force: true });
  }
}

function spawn({ command, env }: ReturnType<Start>) {
  return Bun.spawn([process.execPath, ...command], {
    env: { ...process.env, ...env },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
}

async function mustRun(child: ReturnType<typeof spawn>): Promise<void> {
  if (child.exitCode === null) return;
  throw new Error(
    `the engine ended by itself with ${child.exitCode}: ${await new Response(child.stderr).text()}`,
  );
}

async function onStore<T>(data: string, look: (store: Store) => Promise<T>): Promise<T> {
  const { store } = await openWorkspace(data, {});
  try {
    return await look(store);
  } finally {
    await store.close();
  }
}

/** Lets a last process do all that is left. */
async function finish(data: string, start: ReturnType<Start>): Promise<void> {
  const child = spawn(start);
  const limit = performance.now() + LIMIT_MS;
  while (!(await onStore(data, isDone))) {
    if (performance.now() > limit) throw new Error("the engine doesn't come to an end");
    await mustRun(child);
    await Bun.sleep(200);
  }
  child.kill("SIGKILL");
  await child.exited;
}

/** Compares what was meant to be sent with what the receiver took and what the engine says of it, and nothing else. */
async function judge(store: Store, expected: string[], receiver: Receiver) {
  const times = new Map<string, number>();
  for (const { what } of receiver.taken) times.set(what, (times.get(what) ?? 0) + 1);
  const uncertain: string[] = [];
  const unlisted: string[] = [];
  for (const { contact, key, message } of await allMessages(store)) {
    if (message.state !== "uncertain") continue;
    const what = `${message.to} ${message.content.subject}`;
    uncertain.push(what);
    const lines = await store.journal({ contact, limit: 1000 });
    const says = lines.some(
      (l) => l.detail.state === "uncertain" && key === `${l.flow}.${l.enrollment}.${l.node}.1`,
    );
    if (!says) unlisted.push(what);
  }
  const open = new Set(uncertain);
  return {
    lost: expected.filter((what) => !times.has(what) && !open.has(what)),
    doubled: [...times].flatMap(([what, n]) => (n > 1 ? [what] : [])),
    uncertain,
    unlisted,
    repeated: receiver.repeated,
  };
}

import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

/** The most memory that this process ever held, in MB. What the system's own count says begins with the parent's. */
function peak(): number {
  const status = "/proc/self/status";
  const most = existsSync(status)
    ? /VmHWM:\s+(\d+) kB/.exec(readFileSync(status, "utf8"))?.[1]
    : undefined;
  return most === undefined ? process.memoryUsage.rss() / (1 << 20) : Number(most) / 1024;
}

/** Runs one function of a module of this folder for `measured`, and writes what it returns as JSON. */
const [module = "", name = "", given = "[]"] = process.argv.slice(2);
const loaded: Record<string, (...given: unknown[]) => Promise<unknown>> = await import(
  resolve(import.meta.dirname, module)
);
const work = loaded[name];
if (!work) throw new Error(`${module} has no function ${name}`);
const result = await work(...JSON.parse(given));
process.stdout.write(JSON.stringify({ result, peak: peak() }));

import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";

/** One measured figure. `ratio` compares it with the floor of the same run: above 1 is better than the floor. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  ratio?: number;
}

/** What a work hands back. */
export interface Result {
  figures: Figure[];
  /** How it was measured, where a figure alone would mislead. */
  notes: string[];
}

export interface WorkOptions {
  /** Overrides a work's own number of contacts. */
  contacts?: number;
  /** An empty folder on disk that is removed afterwards. */
  folder: string;
}

/** One benchmark: runs alone in a process of its own, so that its peak memory is its own. */
export type Work = (options: WorkOptions) => Promise<Result>;

/** The most memory that this process ever held, in MB (10⁶ bytes). */
export function peakMemory(): number {
  try {
    const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"));
    if (found) return (Number(found[1]) * 1024) / 1e6;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  return (process.resourceUsage().maxRSS * 1024) / 1e6;
}

/**
 * Seconds that `work` took by the clock, and of the processors' time, with what it gave. On a machine that others
 * use too the second is the steadier of the two.
 */
export async function timed<T>(
  work: () => T | Promise<T>,
): Promise<{ seconds: number; cpu: number; value: T }> {
  const started = performance.now();
  const before = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - started) / 1000, cpu: (user + system) / 1e6, value };
}

/** The value below which `share` (0–1) of the values lie; 0.5 is the median. */
export function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Where the figures were measured, in one line. */
export function machine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${process.platform} ${process.arch}, ${cpus().length} × ${first?.model ?? "?"}, ${memory} GiB, Bun ${Bun.version}`;
}

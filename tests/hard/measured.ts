import { resolve } from "node:path";

export interface Measured {
  result: unknown;
  /** The most memory that the process ever held, in MB. */
  peak: number;
  seconds: number;
}

/**
 * Runs a script of this folder in a process of its own and measures it: what a test's own process holds says
 * nothing. It is told its arguments as they are, and writes `{result, peak}` as JSON.
 */
export async function measured(script: string, ...given: string[]): Promise<Measured> {
  const started = performance.now();
  const child = Bun.spawn([process.execPath, resolve(import.meta.dirname, script), ...given], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    timeout: 60_000,
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (code !== 0)
    throw new Error(`${script} ${given.join(" ")} ended by ${child.signalCode ?? code}: ${err}`);
  const { result, peak } = JSON.parse(out) as Measured;
  return { result, peak, seconds: (performance.now() - started) / 1000 };
}

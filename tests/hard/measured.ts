import { resolve } from "node:path";

export interface Measured {
  result: unknown;
  /** The most memory that the process ever held, in MB. */
  peak: number;
  seconds: number;
}

/**
 * Runs a module's function `name` in a process of its own and measures it: what a test's own process holds
 * says nothing. `module` is a path in this folder; arguments and result go as JSON.
 */
export async function measured(
  module: string,
  name: string,
  ...given: unknown[]
): Promise<Measured> {
  const started = performance.now();
  const child = Bun.spawn(
    [
      process.execPath,
      resolve(import.meta.dirname, "child.ts"),
      module,
      name,
      JSON.stringify(given),
    ],
    {
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
      timeout: 60_000,
    },
  );
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (code !== 0) throw new Error(`${module} ${name} ended by ${child.signalCode ?? code}: ${err}`);
  const { result, peak } = JSON.parse(out) as Measured;
  return { result, peak, seconds: (performance.now() - started) / 1000 };
}

import type { SSEStreamingApi } from "hono/streaming";
import type { Ctx } from "./context.ts";
import { mayStill } from "./gate.ts";

/** A stream that says nothing for so long says that it is still there, milliseconds: nothing between cuts it then. */
export const HEARTBEAT = 15_000;

/**
 * Keeps a stream open, and ends it once its caller may no longer listen: who signs out, or gets another role, hears
 * nothing more within `every` milliseconds. Returns how to stop.
 */
export function heartbeat(
  c: Ctx,
  stream: Pick<SSEStreamingApi, "write">,
  end: () => void,
  every: number = HEARTBEAT,
): () => void {
  const timer = setInterval(async () => {
    if (await mayStill(c)) await stream.write(":\n\n");
    else end();
  }, every);
  timer.unref();
  return () => clearInterval(timer);
}

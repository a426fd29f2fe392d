/** A port that is open, and what answers on it. */
export interface Listener {
  port: number;
  /** `http://127.0.0.1:3000` */
  url: string;
  /** Host headers under which this machine's own programs know it. */
  hosts: string[];
  /** From now on requests are answered by this. */
  answer(handler: Answer): void;
  /** Takes no more requests and gives those under way `patience` milliseconds. */
  stop(patience: number): Promise<void>;
}

/** Answers a request that comes from an address. */
export type Answer = (request: Request, address: string) => Response | Promise<Response>;

/** The port is taken, or may not be opened. */
export class ListenError extends Error {
  override name = "ListenError";
}

/** Streams and slow handlers may be silent for so long; the runtime's own default cuts them after 10 seconds. */
const IDLE_SECONDS = 255;
/** Bodies are bounded by the app, which says so in a sentence; the runtime would only cut the line. */
const MAX_REQUEST = Number.MAX_SAFE_INTEGER;

/** Opens a port; until `answer` is called it says that it is not ready. Throws `ListenError`. */
export function listen(host: string, port: number): Listener {
  let handler: Answer = () =>
    new Response("starting", { status: 503, headers: { "retry-after": "1" } });
  let server: ReturnType<typeof Bun.serve>;
  try {
    server = Bun.serve({
      hostname: host,
      port,
      idleTimeout: IDLE_SECONDS,
      maxRequestBodySize: MAX_REQUEST,
      fetch: (request, self) => handler(request, self.requestIP(request)?.address ?? "unknown"),
    });
  } catch (error) {
    const code = (error as { code?: string }).code;
    const why =
      code === "EADDRINUSE"
        ? `Port ${port} is taken by another program; choose another with --port.`
        : `Port ${port} of ${host} can't be opened: ${(error as Error).message}`;
    throw new ListenError(why, { cause: error });
  }
  const open = server.port ?? port;
  // On every address of the machine it is reached under its own, too.
  const own = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  const name = own.includes(":") ? `[${own}]` : own;
  return {
    port: open,
    url: `http://${name}:${open}`,
    hosts: ["127.0.0.1", "localhost", "[::1]", name].flatMap((n) =>
      open === 80 ? [n, `${n}:80`] : [`${n}:${open}`],
    ),
    answer(next) {
      handler = next;
    },
    async stop(patience) {
      const ended = server.stop(false);
      const late = new Promise((done) => setTimeout(done, patience));
      await Promise.race([ended, late]);
      await server.stop(true);
    },
  };
}

import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

/** What a receiver took, each entry `address subject`; with keys, each key once. */
export interface Receiver {
  url: string;
  taken: { what: string; key: string }[];
  /** Deliveries that it recognised by their key and dropped. */
  repeated: number;
  close(): Promise<void>;
}

/** Answers later than the sender waits, so that the sender doesn't know. */
const LATE = { share: 0.05, ms: 1500 };

/** A provider that delivers each idempotency key once and answers late now and then. */
export function keyedReceiver(random: () => number): Receiver {
  const seen = new Set<string>();
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const key = request.headers.get("Idempotency-Key") ?? "";
      const { to, subject } = (await request.json()) as { to: string; subject: string };
      if (seen.has(key)) receiver.repeated++;
      else receiver.taken.push({ what: `${to} ${subject}`, key });
      seen.add(key);
      await Bun.sleep(random() < LATE.share ? LATE.ms : random() * 20);
      return new Response(key);
    },
  });
  const receiver: Receiver = {
    url: `http://127.0.0.1:${server.port}/`,
    taken: [],
    repeated: 0,
    close: () => server.stop(true),
  };
  return receiver;
}

/** A mail server that takes its time, and takes messages also of senders who died meanwhile. */
export async function mailReceiver(random: () => number): Promise<Receiver> {
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    hideSTARTTLS: true,
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        const header = (name: string): string =>
          new RegExp(`^${name}: <?([^>\r\n]*)>?`, "im").exec(text)?.[1] ?? "";
        receiver.taken.push({
          what: `${header("To")} ${header("Subject")}`,
          key: header("Message-ID"),
        });
        setTimeout(() => done(), random() < 0.2 ? random() * 200 : 0);
      });
    },
  });
  // A sender that is killed in the middle of a conversation is what this is for.
  server.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "ECONNRESET" && error.code !== "EPIPE") throw error;
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `smtp://127.0.0.1:${port}`,
    taken: [],
    repeated: 0,
    close: () => new Promise((done) => server.close(() => done())),
  };
  return receiver;
}

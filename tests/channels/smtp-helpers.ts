import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterEach } from "vitest";
import type { Channel } from "../../engine/channels/channel.ts";
import { type SmtpOptions, smtpChannel } from "../../engine/channels/smtp.ts";

/** What a test opened; closed when it ends, last first. */
export const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A signal that doesn't fire. */
export const never = new AbortController().signal;

/** A channel to a server on loopback. */
export function channelTo(port: number, rest: Partial<SmtpOptions> = {}): Channel {
  const channel = smtpChannel({
    url: `smtp://127.0.0.1:${port}`,
    from: "Acme <hello@acme.example>",
    installation: "inst-1",
    publicUrl: "https://acme.example",
    timeouts: { connect: 2000, answer: 2000 },
    ...rest,
  });
  closing.push(() => channel.close());
  return channel;
}

/** A real server that keeps what it takes. */
export async function mailServer(options: SMTPServerOptions = {}) {
  const mails: string[] = [];
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        mails.push(Buffer.concat(chunks).toString("latin1"));
        done();
      });
    },
    ...options,
  });
  server.on("error", () => undefined);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  closing.push(() => new Promise<void>((done) => server.close(done)));
  return { mails, port: (server.server.address() as AddressInfo).port };
}

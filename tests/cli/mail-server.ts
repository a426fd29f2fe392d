import type { AddressInfo } from "node:net";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { afterEach } from "vitest";

const servers: SMTPServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise<void>((done) => server.close(done));
});

/** A mail server on loopback that keeps what it takes; with `silent` it takes and never says so. */
export async function mailServer({ silent = false, port = 0 } = {}) {
  const raw: string[] = [];
  let took = (): void => undefined;
  /** Resolves when the first mail is there. */
  const first = new Promise<void>((done) => {
    took = done;
  });
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        raw.push(Buffer.concat(chunks).toString("latin1"));
        took();
        if (!silent) done();
      });
    },
  });
  server.on("error", () => undefined);
  servers.push(server);
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  const { port: open } = server.server.address() as AddressInfo;
  return {
    raw,
    first,
    port: open,
    url: `smtp://127.0.0.1:${open}`,
    mails: (): Promise<ParsedMail[]> =>
      Promise.all(raw.map((mail) => simpleParser(Buffer.from(mail, "latin1")))),
    close: (): Promise<void> => new Promise((done) => server.close(done)),
  };
}

/** A port on loopback on which nobody answers. */
export async function closedPort(): Promise<number> {
  const server = await mailServer();
  await server.close();
  servers.splice(servers.length - 1, 1);
  return server.port;
}

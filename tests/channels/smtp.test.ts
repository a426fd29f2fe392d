import { type AddressInfo, createServer, type Socket } from "node:net";
import { simpleParser } from "mailparser";
import { describe, expect, test } from "vitest";
import { SmtpSettingsError } from "../../engine/channels/smtp.ts";
import { outgoing } from "./helpers.ts";
import { channelTo, closing, mailServer, never } from "./smtp-helpers.ts";

/** A server by script: each line of the client may be answered, left, or end the connection. */
async function scripted(answer: (line: string, socket: Socket, inData: boolean) => string | null) {
  const lines: string[] = [];
  const server = createServer((socket) => {
    let inData = false;
    let rest = "";
    socket.on("error", () => undefined);
    socket.write("220 scripted\r\n");
    socket.on("data", (chunk) => {
      rest += chunk.toString("latin1");
      for (let end = rest.indexOf("\r\n"); end >= 0; end = rest.indexOf("\r\n")) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (!inData || line === ".") lines.push(line);
        const reply = inData && line !== "." ? null : answer(line, socket, inData);
        if (line === ".") inData = false;
        if (reply?.startsWith("354")) inData = true;
        if (reply) socket.write(`${reply}\r\n`);
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  closing.push(() => void server.close());
  return { lines, port: (server.address() as AddressInfo).port };
}
const usual = (line: string) =>
  line === "DATA" ? "354 go" : line === "QUIT" ? "221 bye" : "250 ok";

describe("a mail that arrives", () => {
  test("has both parts, Arabic whole, and the headers of its content", async () => {
    const { mails, port } = await mailServer();
    const content = {
      subject: "مرحبًا سارة، عرضٌ خاصٌّ لكِ من شركتنا حتى نهاية هذا الأسبوع فقط 🎁",
      body: "السلام عليكم\n.\nسطر يبدأ بنقطة",
      locale: "ar",
      from: "أكمي <sara@acme.example>",
      replyTo: "reply@acme.example",
      unsubscribe: `https://acme.example/u/${"x".repeat(120)}`,
    };
    const message = outgoing(content);
    expect(await channelTo(port).send(message, never)).toEqual({
      state: "sent",
      providerId: expect.stringMatching(/^<[0-9a-f]{40}@acme\.example>$/),
    });
    const raw = mails[0] ?? "";
    const mail = await simpleParser(raw);
    expect(mail.subject).toBe(content.subject);
    expect(mail.from?.value).toEqual([{ name: "أكمي", address: "sara@acme.example" }]);
    expect(mail.replyTo?.value).toEqual([{ name: "", address: "reply@acme.example" }]);
    expect(mail.text).toBe(`${content.body}\n`);
    expect(mail.html).toContain('<html lang="ar" dir="rtl">');
    expect(mail.html).toContain("سطر يبدأ بنقطة");
    expect(mail.date).toEqual(new Date(message.at));
    expect(`\r\n${raw}`).toContain(`\r\nList-Unsubscribe: <${content.unsubscribe}>\r\n`);
    expect(raw).toContain("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
    // Nothing but ASCII on the wire, for servers that take no more.
    expect(raw).toMatch(/^[\t\r\n\x20-\x7e]*$/);
  });

  test.each([
    ["markdown", "**Hi** Ann", "Hi Ann", "<strong>Hi</strong>"],
    ["html", "<p>Hi <b>Ann</b></p>", "Hi Ann", "<b>Ann</b>"],
    [
      "mjml",
      "<mjml><mj-body><mj-section><mj-column><mj-text>Hi Ann</mj-text></mj-column></mj-section></mj-body></mjml>",
      "Hi Ann",
      "Hi Ann</div>",
    ],
  ] as const)("carries text and HTML when written in %s", async (format, body, text, html) => {
    const { mails, port } = await mailServer();
    expect(await channelTo(port).send(outgoing({ format, body }), never)).toMatchObject({
      state: "sent",
    });
    const mail = await simpleParser(mails[0] ?? "");
    expect(mail.text?.trim()).toBe(text);
    expect(mail.html).toContain(html);
  });

  test("goes to one person only, with no header smuggled in by a value", async () => {
    const recipients: string[] = [];
    const { mails, port } = await mailServer({
      onRcptTo(address, _session, done) {
        recipients.push(address.address);
        done();
      },
    });
    const evil = "x\r\nBcc: evil@x.example\r\n\r\nbody";
    const content = {
      subject: evil,
      from: `${evil.replaceAll("@", " ")} <a@acme.example>`,
      unsubscribe: `https://acme.example/u/${evil}`,
    };
    expect(await channelTo(port).send(outgoing(content), never)).toMatchObject({ state: "sent" });
    expect(recipients).toEqual(["ann@example.com"]);
    expect((mails[0] ?? "").split("\r\n\r\n")[0]).not.toMatch(/^Bcc:/im);
  });

  test("keeps its connection for the next ones", async () => {
    let connections = 0;
    const { mails, port } = await mailServer({
      onConnect(_session, done) {
        connections += 1;
        done();
      },
    });
    const channel = channelTo(port);
    for (let i = 0; i < 5; i += 1) await channel.send(outgoing({}, { key: `k${i}` }), never);
    expect(mails).toHaveLength(5);
    expect(connections).toBe(1);
  });

  test("is awaited when the channel closes", async () => {
    const { mails, port } = await mailServer();
    const channel = channelTo(port);
    const sending = channel.send(outgoing(), never);
    await channel.close();
    expect(mails).toHaveLength(1);
    expect(await sending).toMatchObject({ state: "sent" });
  });
});

test.each(["nonsense", "http://x.example", ""])(
  "the server address %j is refused at once",
  (url) => {
    expect(() => channelTo(25, { url })).toThrow(SmtpSettingsError);
  },
);

describe("a reply of the server", () => {
  const at = (command: string, reply: string) => (line: string, _socket: Socket, inData: boolean) =>
    (command === "." ? inData : line.startsWith(command)) ? reply : usual(line);

  test.each([
    ["RCPT TO", "550 5.1.1 No such user", "refused", "bounced"],
    ["RCPT TO", "550 No such user here", "refused", "bounced"],
    ["RCPT TO", "551 User not local", "refused", "bounced"],
    ["RCPT TO", "550-5.1.1 No such\r\n550 5.1.1 user", "refused", "bounced"],
    ["RCPT TO", "556 5.1.10 Null MX", "refused", "bounced"],
    ["RCPT TO", "550 5.2.1 Mailbox disabled", "refused", "bounced"],
    ["RCPT TO", "550 5.7.1 Blocked", "refused", "refused"],
    ["RCPT TO", "550 Blocked by policy", "refused", "refused"],
    ["RCPT TO", "550 Relaying denied", "refused", "refused"],
    ["RCPT TO", "552 5.2.2 Mailbox full", "refused", "refused"],
    ["RCPT TO", "501 5.1.7 Bad sender address", "refused", "refused"],
    ["MAIL FROM", "550 5.1.0 Sender rejected", "refused", "refused"],
    ["DATA", "554 5.7.1 No", "refused", "refused"],
    [".", "554 5.7.1 Spam", "refused", "refused"],
    [".", "550 5.1.1 No such user", "refused", "bounced"],
    [".", "552 Too big", "refused", "refused"],
    ["RCPT TO", "450 4.2.1 Try again", "later", undefined],
    ["RCPT TO", "421 4.7.0 Too many connections", "later", undefined],
    ["MAIL FROM", "451 4.3.0 Try again", "later", undefined],
    ["MAIL FROM", "530 5.7.0 Authentication required", "later", undefined],
    ["DATA", "451 Greylisted", "later", undefined],
    [".", "503 5.5.1 Bad sequence", "later", undefined],
    [".", "451 4.7.1 Greylisted", "later", undefined],
    [".", "421 4.3.2 Shutting down", "later", undefined],
    ["EHLO", "421 4.3.2 Shutting down", "later", undefined],
    [".", "299", "sent", undefined],
    [".", "399 what?", "unknown", undefined],
    [".", "garbage", "unknown", undefined],
  ])("at %s, %j means %s %s", async (command, reply, state, reason) => {
    const { port } = await scripted(at(command, reply));
    const outcome = await channelTo(port).send(outgoing(), never);
    expect(outcome.state).toBe(state);
    expect("reason" in outcome ? outcome.reason : undefined).toBe(reason);
    if (state === "refused" || state === "later") {
      expect("detail" in outcome && outcome.detail).toBe(reply.replace(/\r\n/g, " "));
    }
  });

  test("that refuses the log-in is for later, since it says nothing about the message", async () => {
    const { port } = await mailServer({
      disabledCommands: ["STARTTLS"],
      onAuth: (_auth, _session, done) =>
        done(Object.assign(new Error("Wrong password"), { responseCode: 535 })),
    });
    const outcome = await channelTo(port, { url: `smtp://ann:wrong@127.0.0.1:${port}` }).send(
      outgoing(),
      never,
    );
    expect(outcome.state).toBe("later");
    expect(JSON.stringify(outcome)).not.toContain("wrong@");
  });

  test("that refuses one person leaves the connection to the next", async () => {
    const { port, mails } = await mailServer({
      onRcptTo: (address, _session, done) =>
        done(
          address.address.startsWith("gone")
            ? Object.assign(new Error("No such user"), { responseCode: 550 })
            : undefined,
        ),
    });
    const channel = channelTo(port);
    const outcomes = await Promise.all(
      ["gone1@x.example", "ann@x.example", "gone2@x.example", "sara@x.example"].map((to, i) =>
        channel.send(outgoing({}, { to, key: `k${i}` }), never),
      ),
    );
    expect(outcomes.map((o) => ("reason" in o ? o.reason : o.state))).toEqual([
      "bounced",
      "sent",
      "bounced",
      "sent",
    ]);
    expect(mails).toHaveLength(2);
  });
});

describe("a connection that dies", () => {
  const cutAt = (command: string) => (line: string, socket: Socket, inData: boolean) => {
    if (command === "." ? !inData : !line.startsWith(command)) return usual(line);
    socket.destroy();
    return null;
  };

  test.each([
    ["EHLO", "later"],
    ["MAIL FROM", "later"],
    ["RCPT TO", "later"],
    ["DATA", "later"],
    [".", "unknown"],
  ])("at %s leaves the message %s", async (command, state) => {
    const { lines, port } = await scripted(cutAt(command));
    expect((await channelTo(port).send(outgoing(), never)).state).toBe(state);
    // What may have arrived was tried once and never again.
    if (state === "unknown") expect(lines.filter((line) => line === ".")).toHaveLength(1);
  });

  test("in the middle of the message leaves it for later: without its end no server delivers it", async () => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.write("220 hi\r\n");
      let inData = false;
      socket.on("data", (chunk) => {
        if (inData) return void socket.destroy();
        const line = chunk.toString();
        inData = line.startsWith("DATA");
        socket.write(`${usual(line.trim())}\r\n`);
        return undefined;
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    closing.push(() => void server.close());
    const body = "A long line of a long message.\n".repeat(200_000);
    const outcome = await channelTo((server.address() as AddressInfo).port).send(
      outgoing({ body }),
      never,
    );
    expect(outcome.state).toBe("later");
  });

  test("by silence after the message leaves it unknown, and before it for later", async () => {
    const timeouts = { connect: 2000, answer: 100 };
    const silentAt = (command: string) => (line: string, _s: Socket, inData: boolean) =>
      (command === "." ? inData : line.startsWith(command)) ? null : usual(line);
    const after = await scripted(silentAt("."));
    expect((await channelTo(after.port, { timeouts }).send(outgoing(), never)).state).toBe(
      "unknown",
    );
    const before = await scripted(silentAt("RCPT TO"));
    expect((await channelTo(before.port, { timeouts }).send(outgoing(), never)).state).toBe(
      "later",
    );
  });

  test("because we stop is unknown after the message and for later before it", async () => {
    for (const [command, state] of [
      [".", "unknown"],
      ["MAIL FROM", "later"],
    ] as const) {
      const stopping = new AbortController();
      const { port } = await scripted((line, _socket, inData) => {
        if (command === "." ? !inData : !line.startsWith(command)) return usual(line);
        stopping.abort();
        return null;
      });
      expect((await channelTo(port).send(outgoing(), stopping.signal)).state).toBe(state);
    }
  });

  test("while it lay idle costs nothing: the message goes over a new one", async () => {
    let connections = 0;
    const { lines, port } = await scripted((line, socket) => {
      if (line.startsWith("EHLO")) connections += 1;
      if (line === "." && connections === 1) {
        socket.end("250 ok\r\n");
        return null;
      }
      return usual(line);
    });
    const channel = channelTo(port);
    expect((await channel.send(outgoing({}, { key: "a" }), never)).state).toBe("sent");
    expect((await channel.send(outgoing({}, { key: "b" }), never)).state).toBe("sent");
    expect(lines.filter((line) => line === ".")).toHaveLength(2);
  });

  test("before it is there is for later: nobody listens, or the name is unknown", async () => {
    expect((await channelTo(1).send(outgoing(), never)).state).toBe("later");
    const url = "smtp://nowhere.invalid:25";
    expect((await channelTo(1, { url }).send(outgoing(), never)).state).toBe("later");
  });
});

test.each([
  [{}, { to: "ann" }, '"ann" is not an e-mail address.'],
  [
    { format: "mjml", body: "none" },
    {},
    "The MJML can't be read: Parsing failed. Check your mjml.",
  ],
] as const)(
  "a message that can be no mail is refused and never sent (%j %j)",
  async (content, rest, detail) => {
    const { mails, port } = await mailServer();
    const outcome = await channelTo(port).send(outgoing(content, rest), never);
    expect(outcome).toEqual({ state: "refused", reason: "refused", detail });
    expect(mails).toHaveLength(0);
  },
);

import { createHash } from "node:crypto";
import type { Outgoing } from "./channel.ts";
import { renderBody } from "./mail-body.ts";

/** A mailbox: a display name ("" for none) and an address. */
export interface Mailbox {
  name: string;
  address: string;
}

/** A mail ready for nodemailer; text and HTML say the same. */
export interface Mail {
  from: Mailbox;
  to: Mailbox;
  replyTo?: Mailbox;
  subject: string;
  text: string;
  html: string;
  /** With angle brackets. */
  messageId: string;
  date: Date;
  headers: Record<string, { prepared: true; foldLines: false; value: string }>;
}

/** A message that can never become a mail (no usable address, broken MJML): trying again is no use. */
export class MailRefused extends Error {
  override name = "MailRefused";
  constructor(readonly detail: string) {
    super(detail);
  }
}

/** One address and nothing else: no list, no comment, no quoted part, so that it can't smuggle in a second one. */
const ADDRESS = /^[^\s@<>()[\]\\,;:"]{1,64}@[^\s@<>()[\]\\,;:"]{1,255}$/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a header
const CONTROLS = /[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g;

/** One header's worth of text: line breaks and control characters become a space. */
const oneLine = (text: string) => text.replace(CONTROLS, " ").trim();

/** Reads `Name <ann@x.example>`, `ann@x.example` or, with `otherwise`, a name alone; null for anything else. */
function mailbox(text: string, otherwise?: Mailbox): Mailbox | null {
  const line = oneLine(text);
  const [, name = "", address = line] = /^([^<>]*)<\s*([^<>]*?)\s*>$/.exec(line) ?? [];
  if (ADDRESS.test(address)) return { name: name.trim().replace(/^"(.*)"$/, "$1"), address };
  if (!otherwise || line === "" || /[@<>]/.test(line)) return null;
  return { name: line, address: otherwise.address };
}

/**
 * The Message-ID of a message (with angle brackets), the same for every attempt: a hash of
 * installation and key at the sender's domain.
 */
export function messageIdOf(key: string, from: string, installation = ""): string {
  const domain = mailbox(from)?.address.split("@")[1] ?? "localhost";
  const hash = createHash("sha256").update(`${installation}\n${key}`).digest("hex").slice(0, 40);
  return `<${hash}@${domain}>`;
}

/** RFC 8058. Receivers ignore it unless both headers are there and signed; only http(s) addresses go out. */
function unsubscribeHeaders(address: string | undefined, url: string): Mail["headers"] {
  if (!address) return {};
  const target = URL.canParse(address, url) ? new URL(address, url) : null;
  if (!target || !/^https?:$/.test(target.protocol)) return {};
  // Taken as they are: folding a long address would put a space into it for some readers.
  const value = (text: string) => ({ prepared: true, foldLines: false, value: text }) as const;
  return {
    "List-Unsubscribe": value(`<${target.href}>`),
    "List-Unsubscribe-Post": value("List-Unsubscribe=One-Click"),
  };
}

/**
 * The mail of a message. `from` is the workspace's sender (`Acme <hello@acme.example>`), used where
 * the message names none; `url` is the public address, for links written without a host.
 * @throws MailRefused
 */
export async function composeMail(
  outgoing: Outgoing,
  options: { from: string; url: string; installation?: string },
): Promise<Mail> {
  const { content } = outgoing;
  const standard = mailbox(options.from);
  if (!standard)
    throw new MailRefused(`The sender "${oneLine(options.from)}" is not an e-mail address.`);
  const from = content.from ? mailbox(content.from, standard) : standard;
  if (!from)
    throw new MailRefused(`The sender "${oneLine(content.from ?? "")}" is not an e-mail address.`);
  const replyTo = content.replyTo ? mailbox(content.replyTo) : undefined;
  if (replyTo === null) {
    throw new MailRefused(
      `The reply address "${oneLine(content.replyTo ?? "")}" is not an e-mail address.`,
    );
  }
  const to = outgoing.to.trim();
  if (!ADDRESS.test(to)) throw new MailRefused(`"${oneLine(to)}" is not an e-mail address.`);

  const subject = oneLine(content.subject ?? "");
  const body = await renderBody({ ...content, subject });
  if ("refused" in body) throw new MailRefused(body.refused);
  const given = /^<?([^\s<>@]+@[^\s<>@]+)>?$/.exec(outgoing.messageId);
  return {
    from,
    to: { name: "", address: to },
    ...(replyTo ? { replyTo } : {}),
    subject,
    text: body.text,
    html: body.html,
    messageId: given
      ? `<${given[1]}>`
      : messageIdOf(outgoing.key, from.address, options.installation),
    date: new Date(outgoing.at),
    headers: unsubscribeHeaders(content.unsubscribe, options.url),
  };
}

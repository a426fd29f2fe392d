import { createPrivateKey } from "node:crypto";
import { createTransport } from "nodemailer";
import type { Channel, Outcome, Outgoing } from "./channel.ts";
import { composeMail, MailRefused } from "./mail.ts";
import { classify } from "./smtp-outcome.ts";

/** Where mail goes out. `url` is `smtp://user:pass@host:port` or `smtps://…`; times in milliseconds. */
export interface SmtpOptions {
  url: string;
  /** `Acme <hello@acme.example>` */
  from: string;
  dkim?: DkimKey;
  /** Part of every Message-ID, so that a copied workspace never repeats one. */
  installation: string;
  /** The public address, for links written without a host. */
  publicUrl: string;
  timeouts?: { connect?: number; answer?: number };
}

/** An RSA key (PEM) with the domain and selector under which its public half is published. */
export interface DkimKey {
  domainName: string;
  keySelector: string;
  privateKey: string;
}

/** The channel was set up with something unusable. */
export class SmtpSettingsError extends Error {
  override name = "SmtpSettingsError";
}

/**
 * What the signature covers: RFC 6376 §5.4.1 and, as RFC 8058 §4 asks, both List-Unsubscribe
 * headers; nodemailer's own list lacks the second.
 */
const SIGNED = [
  "From:Sender:Reply-To:Subject:Date:Message-ID:To:Cc:MIME-Version",
  "Content-Type:Content-Transfer-Encoding:In-Reply-To:References",
  "List-Id:List-Unsubscribe:List-Unsubscribe-Post",
].join(":");

/** nodemailer sends unsigned, and silently, when it can't use the key: so it is tried at the start. */
function signing(dkim: DkimKey) {
  let type: string | undefined;
  try {
    type = createPrivateKey(dkim.privateKey).asymmetricKeyType;
  } catch (cause) {
    throw new SmtpSettingsError("The DKIM private key can't be read: it must be a PEM text.", {
      cause,
    });
  }
  if (type !== "rsa")
    throw new SmtpSettingsError(`The DKIM key must be RSA, not ${type ?? "unknown"}.`);
  return { ...dkim, headerFieldNames: SIGNED };
}

function connect({ url, dkim, timeouts }: SmtpOptions) {
  if (!URL.canParse(url) || !/^smtps?:$/.test(new URL(url).protocol)) {
    // The address isn't repeated: it holds a password.
    throw new SmtpSettingsError("The SMTP address must look like smtp://user:password@host:port.");
  }
  return createTransport({
    url,
    pool: true,
    maxConnections: 4,
    maxMessages: 1000,
    // A connection that the server dropped while idle costs no attempt.
    maxRequeues: 2,
    disableFileAccess: true,
    disableUrlAccess: true,
    dnsTimeout: timeouts?.connect ?? 15_000,
    connectionTimeout: timeouts?.connect ?? 15_000,
    greetingTimeout: timeouts?.connect ?? 30_000,
    // After the last dot a server may filter for long, and impatience makes the outcome unknown.
    socketTimeout: timeouts?.answer ?? 180_000,
    ...(dkim ? { dkim: signing(dkim) } : {}),
  });
}

/** How far one message got. */
interface Progress {
  /** Its last byte was taken for the wire: from here on the server may have it. */
  handedOver: boolean;
}

/**
 * Mail by SMTP, over a few lasting connections. SMTP knows no idempotency: an attempt that ends
 * between the message and its answer is `unknown`, everything earlier is `later`.
 * @throws SmtpSettingsError at once, not when sending
 */
export function smtpChannel(options: SmtpOptions): Channel {
  const transport = connect(options);
  const underWay = new Set<Promise<Outcome>>();
  const progressOf = new WeakMap<AbortSignal, Progress>();

  // nodemailer's errors don't say whether the message was already out. Its stream does: it is only
  // read once the server has answered DATA with "go ahead".
  transport.use("stream", (mail, done) => {
    const progress = mail.data.signal && progressOf.get(mail.data.signal);
    const open = mail.message.createReadStream.bind(mail.message);
    mail.message.createReadStream = (...args) => {
      const stream = open(...args);
      if (progress?.handedOver) {
        // nodemailer takes up a message again only before its first byte; this holds it to that.
        stream.destroy(new Error("The message was already handed over once."));
      } else if (progress) {
        stream.once("end", () => {
          progress.handedOver = true;
        });
      }
      return stream;
    };
    done();
  });

  async function attempt(message: Outgoing, given: AbortSignal): Promise<Outcome> {
    const progress: Progress = { handedOver: false };
    const signal = AbortSignal.any([given]);
    progressOf.set(signal, progress);
    try {
      const mail = await composeMail(message, {
        from: options.from,
        url: options.publicUrl,
        installation: options.installation,
      });
      const info = await transport.sendMail({ ...mail, signal });
      return { state: "sent", providerId: info.serverMessageId ?? info.messageId };
    } catch (error) {
      if (error instanceof MailRefused) {
        return { state: "refused", reason: "refused", detail: error.detail };
      }
      return classify(error, progress.handedOver);
    }
  }

  return {
    name: "smtp",
    carries: ["email", "notify"],
    idempotent: false,
    send(message, signal) {
      const sending = attempt(message, signal).finally(() => underWay.delete(sending));
      underWay.add(sending);
      return sending;
    },
    async close() {
      await Promise.allSettled(underWay);
      transport.close();
    },
  };
}

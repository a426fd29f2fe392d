import type { Outcome } from "./channel.ts";

/** What is read of a nodemailer error. */
interface SmtpError {
  message: string;
  /** `ECONNECTION`, `EENVELOPE`, `EMESSAGE`, `EAUTH`, … */
  code?: string;
  /** The server's reply, whole. */
  response?: string;
  responseCode?: number;
  /** `CONN`, `MAIL FROM`, `RCPT TO`, `DATA`, `API`, … */
  command?: string;
}

/** Enhanced codes (RFC 3463, RFC 7505) that say that nobody can be reached at this address. */
const DEAD = /^5\.1\.(0|1|2|3|4|6|10)$|^5\.2\.1$/;
/** A bare 550 at RCPT is "mailbox unavailable" (RFC 5321 §4.2.3), unless the text tells that it is about us. */
const ABOUT_US =
  /spam|spf|dkim|dmarc|polic|block|blacklist|denylist|listed|reputation|relay|authenticat|sender|\brate|too many|spamhaus|denied|prohibited|permission/i;
/** Replies about the session or our log-in, not about this message: it can go once the settings are put right. */
const SESSION = new Set([503, 530, 534, 535, 538]);
const BARE_DEAD = new Set([550, 551, 553]);

/** Whether a permanent reply means a dead address, which will be suppressed. */
function isDead({ response = "", responseCode = 0, command }: SmtpError): boolean {
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];
  // 5.1.0 and 5.1.x at MAIL FROM speak of the sender.
  if (command === "MAIL FROM") return false;
  if (enhanced) return DEAD.test(enhanced);
  return command === "RCPT TO" && BARE_DEAD.has(responseCode) && !ABOUT_US.test(response);
}

/**
 * The outcome of an attempt that nodemailer failed. `handedOver`: the whole message was out, so
 * without an answer nobody knows whether it arrives.
 * @throws whatever isn't an Error: nodemailer gives nothing else
 */
export function classify(error: unknown, handedOver: boolean): Outcome {
  if (!(error instanceof Error)) throw error;
  const failure: SmtpError = error;
  const { code, command, response, responseCode = 0 } = failure;
  const detail = (response ?? failure.message).replace(/\s+/g, " ").trim().slice(0, 500);

  if (responseCode >= 400 && responseCode < 500) return { state: "later", detail };
  if (responseCode >= 500 && responseCode < 600) {
    const staged = command === "MAIL FROM" || command === "RCPT TO" || command === "DATA";
    // Greeting, log-in and TLS come before any message: a wrong password must not use up the outbox.
    if (SESSION.has(responseCode) || !(staged || handedOver)) return { state: "later", detail };
    return { state: "refused", reason: isDead(failure) ? "bounced" : "refused", detail };
  }
  // nodemailer itself found the envelope or size impossible and sent nothing.
  if (
    (code === "EENVELOPE" && command === "API") ||
    (code === "EMESSAGE" && command === "MAIL FROM")
  ) {
    return { state: "refused", reason: "refused", detail };
  }
  return later(detail, handedOver);
}

/** No answer that decides anything: known undelivered before the last byte, unknown after it. */
const later = (detail: string, handedOver: boolean): Outcome =>
  handedOver ? { state: "unknown", detail } : { state: "later", detail };

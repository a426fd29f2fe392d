import { timingSafeEqual } from "node:crypto";

/** What a public link is for, and for whom. */
export interface LinkTarget {
  kind: "unsubscribe" | "preferences" | "survey";
  contact: string;
  /** The message's key, `flow.n.node.visit`. */
  message: string;
  channel: string;
}

const PATHS = { unsubscribe: "u", preferences: "u", survey: "s" } as const;
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** 128 bits, unguessable and short enough for a mail header: 21 digits of base64url, and two bits of another. */
const MAC_LENGTH = 21;
const MAC_LAST_BITS = 0b110000;

/** Signs and reads the tokens of public links. A token says all, so that no table of links is kept. */
export class Links {
  /** Keyed and empty: copying it costs a quarter of keying one for each link. */
  readonly #hasher: Bun.CryptoHasher;
  readonly #url: string;
  /** The link made last: a message shows its own twice, in the text and in the header. */
  #last = { of: "", link: "" };

  /** `secret` signs; `url` is the program's public address without a slash at its end. */
  constructor(secret: string, url: string) {
    this.#hasher = new Bun.CryptoHasher("sha256", secret);
    this.#url = url.replace(/\/+$/, "");
  }

  /** The public address of a link. */
  link(kind: LinkTarget["kind"], contact: string, message: string, channel: string): string {
    const of = `${kind} ${channel} ${contact} ${message}`;
    if (this.#last.of !== of) {
      const token = this.token({ kind, contact, message, channel });
      this.#last = { of, link: `${this.#url}/${PATHS[kind]}/${token}` };
    }
    return this.#last.link;
  }

  /** The last part of the address under which another system starts a flow; another salt makes another. */
  hookKey(flow: string, node: string, salt: string): string {
    return this.#hasher.copy().update(`hook:${flow}/${node}/${salt}`).digest("base64url");
  }

  /** The public address of a hook. */
  hook(flow: string, node: string, key: string): string {
    return `${this.#url}/hooks/${flow}/${node}/${key}`;
  }

  token({ kind, contact, message, channel }: LinkTarget): string {
    const payload = toBase64Url(JSON.stringify([kind[0], contact, message, channel]));
    return `${payload}.${this.#mac(payload)}`;
  }

  /** What a token says; null when it was not signed here. */
  read(token: string): LinkTarget | null {
    if (token.length > 2000) return null;
    const [payload = "", mac = ""] = token.split(".");
    const given = Buffer.from(mac, "base64url");
    const right = Buffer.from(this.#mac(payload), "base64url");
    if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
    const [kind, contact, message, channel] = JSON.parse(
      Buffer.from(payload, "base64url").toString(),
    ) as [string, string, string, string];
    const kinds = { u: "unsubscribe", p: "preferences", s: "survey" } as const;
    return { kind: kinds[kind as keyof typeof kinds], contact, message, channel };
  }

  /** The first 128 bits of the MAC. Cut as text: that takes a third of the time of cutting the bytes. */
  #mac(payload: string): string {
    const whole = this.#hasher.copy().update(`link:${payload}`).digest("base64url");
    const last = DIGITS.indexOf(whole.charAt(MAC_LENGTH));
    return whole.slice(0, MAC_LENGTH) + DIGITS.charAt(last & MAC_LAST_BITS);
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range
const ASCII = /^[\x00-\x7f]*$/;

/** Base64url of a text's UTF-8, without padding. */
function toBase64Url(text: string): string {
  if (!ASCII.test(text)) return Buffer.from(text).toString("base64url");
  return btoa(text).replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_");
}

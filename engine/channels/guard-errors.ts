import type { Label } from "../../nodes/node.ts";

/** How many redirects of one call are followed. */
export const MAX_REDIRECTS = 5;

/** Why an address isn't called. */
export type RefusedBecause =
  | "scheme"
  | "credentials"
  | "name"
  | "private"
  | "redirects"
  | "downgrade";

const SENTENCES: Record<RefusedBecause, (host: string) => Label> = {
  scheme: (host) => ({
    en: `${host} can't be called: only http and https addresses can.`,
    ar: `لا يمكن استدعاء ${host}: لا تُقبل إلا عناوين http وhttps.`,
  }),
  credentials: (host) => ({
    en: `The address at ${host} holds a user name or password; put it in a header instead.`,
    ar: `يحتوي العنوان لدى ${host} على اسم مستخدم أو كلمة مرور؛ ضعهما في ترويسة بدلًا من ذلك.`,
  }),
  name: (host) => ({
    en: `${host} is a name of this machine or its own network, so it isn't called.`,
    ar: `${host} اسم لهذا الجهاز أو لشبكته الداخلية، ولذلك لا يُستدعى.`,
  }),
  private: (host) => ({
    en: `${host} lies in a private or reserved network, so it isn't called.`,
    ar: `يقع ${host} في شبكة خاصة أو محجوزة، ولذلك لا يُستدعى.`,
  }),
  redirects: (host) => ({
    en: `${host} redirected more than ${MAX_REDIRECTS} times.`,
    ar: `أعاد ${host} التوجيه أكثر من ${MAX_REDIRECTS} مرات.`,
  }),
  downgrade: (host) => ({
    en: `The redirect to ${host} leaves the encrypted connection (https to http), so it isn't followed.`,
    ar: `إعادة التوجيه إلى ${host} تترك الاتصال المشفّر (من https إلى http)، ولذلك لا تُتبع.`,
  }),
};

/** An address that must not be called. `sentence` names the host, never the path or query, which may hold secrets. */
export class AddressRefused extends Error {
  override name = "AddressRefused";
  readonly sentence: Label;
  constructor(
    readonly because: RefusedBecause,
    readonly host: string,
  ) {
    const sentence = SENTENCES[because](host);
    super(sentence.en);
    this.sentence = sentence;
  }
}

/** The answer's body is over 1 MiB, compressed or not. */
export class AnswerTooLarge extends Error {
  override name = "AnswerTooLarge";
  constructor(readonly host: string) {
    super(`The answer of ${host} is larger than 1 MB.`);
  }
}

/** No whole answer came: connection refused or cut, name not found, time over. `code` as Node names it. */
export class NoAnswer extends Error {
  override name = "NoAnswer";
  constructor(
    readonly host: string,
    readonly code: string,
    options: { cause: unknown },
  ) {
    super(`${host} gave no answer (${code}).`, options);
  }
}

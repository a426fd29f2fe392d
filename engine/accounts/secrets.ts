import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Seal } from "../store/accounts.ts";

/** 256 bits: the token of a session, an invitation or a reset. Only its hash is kept. */
export const newToken = (): string => randomBytes(32).toString("base64url");

/** An id that says nothing. */
export const newId = (): string => randomBytes(8).toString("hex");

/** A token is too long to be guessed, so a plain hash is enough, and is quick to look up. */
export const hashOf = (token: string): string =>
  createHash("sha256").update(token).digest("base64url");

const PREFIX = "twl";
const KEY = new RegExp(`^${PREFIX}_([0-9a-f]{16})_([0-9a-f]{64})$`);

/** A new API key, `twl_ID_SECRET`: the id is public, the secret is shown once, the hash is kept. */
export function newKey(): { id: string; text: string; hash: string } {
  const id = randomBytes(8).toString("hex");
  const secret = randomBytes(32).toString("hex");
  return { id, text: `${PREFIX}_${id}_${secret}`, hash: hashOf(secret) };
}

/** The id of a key and the hash of its secret; null when the text is no key. */
export function readKey(text: string): { id: string; hash: string } | null {
  const [, id, secret] = KEY.exec(text) ?? [];
  return id === undefined || secret === undefined ? null : { id, hash: hashOf(secret) };
}

/** Compares two hashes in a time that says nothing about where they differ. */
export function sameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Seals the audit log with a key made from the installation's secret. */
export function sealOf(secret: string): Seal {
  const mac = (text: string): string =>
    createHmac("sha256", secret).update(`audit:${text}`).digest("base64url");
  return {
    line(n, { at, actor, action, subject, detail }, before) {
      const values = [n, at, actor.kind, actor.id, actor.name, action, subject, detail, before];
      return mac(`line:${JSON.stringify(values)}`);
    },
    head: (n, hash) => mac(`head:${n}:${hash}`),
  };
}

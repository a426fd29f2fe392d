import { createHash, createPublicKey, createVerify, generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { SmtpSettingsError } from "../../engine/channels/smtp.ts";
import { outgoing } from "./helpers.ts";
import { channelTo, mailServer, never } from "./smtp-helpers.ts";

describe("DKIM", () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const key = { domainName: "acme.example", keySelector: "t1", privateKey };

  /** RFC 6376 §3.4.2 and §3.4.4, relaxed/relaxed, by hand. */
  function verify(raw: string) {
    const split = raw.indexOf("\r\n\r\n");
    const headers = raw.slice(0, split).split(/\r\n(?![ \t])/);
    const relaxed = (header: string) => {
      const colon = header.indexOf(":");
      const value = header
        .slice(colon + 1)
        .replace(/\r\n/g, "")
        .replace(/[ \t]+/g, " ")
        .trim();
      return `${header.slice(0, colon).toLowerCase().trim()}:${value}`;
    };
    const signature = headers.find((h) => /^dkim-signature:/i.test(h)) ?? "";
    const tags = Object.fromEntries(
      signature
        .slice(15)
        .split(";")
        .map((tag) => [
          tag.slice(0, tag.indexOf("=")).trim(),
          tag.slice(tag.indexOf("=") + 1).replace(/\s+/g, ""),
        ]),
    );
    const covered = (tags.h ?? "").split(":");
    const signed = covered.map((name) =>
      relaxed(headers.findLast((h) => h.toLowerCase().startsWith(`${name}:`)) ?? ""),
    );
    signed.push(relaxed(signature.replace(/(\bb=)[\s\S]*$/, "$1")));
    const body = raw
      .slice(split + 4)
      .split("\r\n")
      .map((line) => line.replace(/[ \t]+/g, " ").replace(/ $/, ""))
      .join("\r\n")
      .replace(/(\r\n)*$/, "\r\n");
    return {
      covered,
      tags,
      bodyHolds: createHash("sha256").update(body, "latin1").digest("base64") === tags.bh,
      headersHold: createVerify("RSA-SHA256")
        .update(signed.join("\r\n"), "latin1")
        .verify(createPublicKey(publicKey), tags.b ?? "", "base64"),
    };
  }

  test("signs the mail and both unsubscribe headers, and the signature verifies", async () => {
    const { mails, port } = await mailServer();
    const message = outgoing({
      subject: "مرحبًا",
      body: "السلام عليكم",
      locale: "ar",
      unsubscribe: "https://acme.example/u/t",
    });
    await channelTo(port, { dkim: key }).send(message, never);
    const { covered, tags, bodyHolds, headersHold } = verify(mails[0] ?? "");
    expect(tags).toMatchObject({ d: "acme.example", s: "t1", a: "rsa-sha256" });
    expect(covered).toEqual([
      ...["from", "subject", "date", "message-id", "to", "mime-version", "content-type"],
      ...["list-unsubscribe", "list-unsubscribe-post"],
    ]);
    expect({ bodyHolds, headersHold }).toEqual({ bodyHolds: true, headersHold: true });
    expect(verify((mails[0] ?? "").replace("/u/t", "/u/x")).headersHold).toBe(false);
  });

  test("refuses a key that it could not sign with, instead of sending unsigned", () => {
    const ed25519 = generateKeyPairSync("ed25519")
      .privateKey.export({ type: "pkcs8", format: "pem" })
      .toString();
    const open = (dkimKey: string) => () =>
      channelTo(25, { dkim: { ...key, privateKey: dkimKey } });
    expect(open("no key")).toThrow(SmtpSettingsError);
    expect(open(ed25519)).toThrow("The DKIM key must be RSA, not ed25519.");
  });
});

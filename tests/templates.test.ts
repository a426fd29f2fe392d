import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { FlowDoc } from "../engine/core/document.ts";
import type { Scenario } from "../engine/simulate/scenarios.ts";

const json = (name: string): unknown => JSON.parse(readFileSync(`flows/${name}`, "utf8"));
const templates = readdirSync("flows")
  .filter((name) => name.endsWith(".json") && !name.endsWith(".scenarios.json"))
  .map((name) => ({
    name: name.replace(".json", ""),
    doc: json(name) as FlowDoc,
    scenarios: json(name.replace(".json", ".scenarios.json")) as Scenario[],
  }));

const TEXTS = ["subject", "preheader", "body", "text", "question", "script", "title", "notes"];
const REACHING = ["email", "sms", "whatsapp", "survey", "letter"];
const NAME = /\{\{(contact\.first_name)\}\}/;
/** What a basic text message holds before it is sent as two: GSM-7, and with Arabic letters. */
const GSM = /^[\n\r !"#$%&'()*+,\-./0-9:;<=>?@A-Z_a-z£¥èéùìòÇØøÅåÆæßÉ¤¡ÄÖÑÜ§¿äöñüà]*$/;

/** The text as it goes out with the template's own defaults, to somebody with a name of usual length. */
function filled(text: string, doc: FlowDoc): string {
  return text
    .replaceAll(/\{\{param\.(\w+)\}\}/g, (_, name) => String(doc.parameters?.[name]?.default ?? ""))
    .replaceAll(/\{\{default contact\.first_name "[^"]*"\}\}/g, "Khadijah")
    .replaceAll(/\{\{date [^}]*\}\}/g, "18:00");
}

describe.each(templates)("the template $name", ({ doc, scenarios }) => {
  test("speaks English and Arabic in every text that a person reads", () => {
    const texts = [
      doc.name,
      doc.description,
      ...Object.values(doc.parameters ?? {}).map((p) => p.title),
    ];
    for (const { data } of doc.nodes) {
      for (const key of [...TEXTS, "label"])
        if (data[key] !== undefined) texts.push(data[key] as never);
    }
    for (const text of texts) {
      expect(Object.keys(text ?? {})).toEqual(expect.arrayContaining(["en", "ar"]));
      const { en = "", ar = "" } = text as { en?: string; ar?: string };
      expect(en.trim()).not.toBe("");
      // A mere merge field needs no letters of its own.
      expect(
        ar.replaceAll(/\{\{[^}]*\}\}/g, "").trim() === "" || /\p{Script=Arabic}/u.test(ar),
      ).toBe(true);
    }
  });

  test("says who writes and how to end it in every marketing e-mail", () => {
    for (const { type, data } of doc.nodes) {
      if (type !== "email" || data.transactional === true) continue;
      for (const body of Object.values(data.body as Record<string, string>)) {
        expect(body).toContain("{{links.unsubscribe}}");
        expect(body).toContain("{{param.address}}");
        expect(body).toContain("{{param.brand}}");
      }
    }
  });

  test("greets nobody without a name: each name has something in its place", () => {
    for (const { type, data } of doc.nodes) {
      if (!REACHING.includes(type)) continue;
      for (const key of TEXTS) {
        for (const text of Object.values((data[key] ?? {}) as Record<string, string>)) {
          const guarded = text.replaceAll(/\{\{#if contact\.first_name\}\}.*?\{\{\/if\}\}/gs, "");
          expect(guarded).not.toMatch(NAME);
        }
      }
    }
  });

  test("keeps a phone number in its order within Arabic: a mark of direction stands before it", () => {
    for (const { data } of doc.nodes) {
      for (const key of TEXTS) {
        const { ar = "" } = (data[key] ?? {}) as { ar?: string };
        expect(ar).not.toMatch(/(?<!\u200e)\{\{(param\.phone|param\.hotline|contact\.phone)\}\}/);
      }
    }
  });

  test("keeps each text message within one that is paid for", () => {
    for (const { type, data } of doc.nodes) {
      if (type !== "sms") continue;
      for (const text of Object.values(data.text as Record<string, string>)) {
        const whole = filled(text, doc);
        expect(whole.length, whole).toBeLessThanOrEqual(GSM.test(whole) ? 160 : 70);
      }
    }
  });

  test("has a scenario with holidays of the workspace", () => {
    expect(scenarios.some(({ workspace }) => workspace?.holidays !== undefined)).toBe(true);
  });
});

import { describe, expect, it } from "vitest";
import email from "../../nodes/email.ts";
import letter from "../../nodes/letter.ts";
import sms from "../../nodes/sms.ts";
import survey from "../../nodes/survey.ts";
import whatsapp from "../../nodes/whatsapp.ts";
import { at, pointers, runNode } from "./fake.ts";

const onward = { leave: "next" };

describe("email, sms and whatsapp", () => {
  it("hand over an email as it is written, unrendered, with the defaults", () => {
    const data = { subject: { en: "Hi {{contact.first_name}}", ar: "أهلًا" }, body: "Text" };
    expect(runNode(email, data)).toEqual({
      send: { channel: "email", ...data, format: "text", transactional: false },
      then: onward,
    });
    const full = {
      ...data,
      format: "mjml" as const,
      preheader: "P",
      from: "A",
      replyTo: "B",
      topic: "t",
      transactional: true,
    };
    expect(runNode(email, full)).toEqual({ send: { channel: "email", ...full }, then: onward });
  });

  it("keep the name and the note of the node out of the message", () => {
    const decision = runNode(sms, { text: "Hi", label: "Hello", note: "ours" });
    expect(decision).toEqual({
      send: { channel: "sms", body: "Hi", transactional: false },
      then: onward,
    });
  });

  it("send WhatsApp as free text or as an approved template", () => {
    expect(runNode(whatsapp, { text: "Hi" })).toEqual({
      send: { channel: "whatsapp", body: "Hi", transactional: false },
      then: onward,
    });
    const template = { name: "welcome", language: "ar", parameters: ["{{contact.first_name}}"] };
    expect(runNode(whatsapp, { template })).toEqual({
      send: { channel: "whatsapp", body: "", template, transactional: false },
      then: onward,
    });
    expect(pointers(whatsapp, {})).toEqual([""]);
    expect(pointers(whatsapp, { text: "Hi", template })).toEqual(["/template"]);
  });

  it("say when a message passes marketing consent", () => {
    expect(sms.reaches?.({ text: "x", transactional: true })).toEqual({
      channel: "sms",
      transactional: true,
    });
  });
});

describe("letter", () => {
  it("joins the day's batch and goes on", () => {
    expect(runNode(letter, { body: "Dear {{contact.first_name}}" })).toEqual({
      effects: [{ do: "letter", body: "Dear {{contact.first_name}}" }],
      leave: "next",
    });
  });
});

describe("survey", () => {
  const nps = { kind: "nps" as const, channel: "sms" as const, timeout: "P7D" };
  const waiting = { wait: at("2026-03-08T10:00"), for: "reply" };

  it("sends the question with its link and waits for the answer", () => {
    expect(runNode(survey, { ...nps, question: "How was it?" })).toEqual({
      send: { channel: "sms", body: "How was it?\n\n{{links.survey}}", transactional: false },
      then: waiting,
    });
    expect(runNode(survey, { ...nps, question: { en: "Well?", ar: "كيف؟" } })).toMatchObject({
      send: { body: { en: "Well?\n\n{{links.survey}}", ar: "كيف؟\n\n{{links.survey}}" } },
    });
  });

  it("has a question and, by email, a subject of its own in both languages", () => {
    for (const kind of ["nps", "csat"] as const) {
      const decision = runNode(survey, { kind, channel: "email" });
      if (!("send" in decision)) throw new Error("the survey must send");
      const { subject, body } = decision.send;
      expect(Object.keys(subject ?? {})).toEqual(["en", "ar"]);
      for (const text of Object.values(body))
        expect(text).toMatch(
          /[?؟]\n\n\{\{links\.survey\}\}\n\n(Unsubscribe|إلغاء الاشتراك): \{\{links\.unsubscribe\}\}$/,
        );
      expect(decision.then).toEqual({ wait: null, for: "reply" });
    }
  });

  it.each([
    ["nps", 0, "detractor"],
    ["nps", 6, "detractor"],
    ["nps", 7, "passive"],
    ["nps", 8, "passive"],
    ["nps", 9, "promoter"],
    ["nps", 10, "promoter"],
    ["csat", 1, "unsatisfied"],
    ["csat", 3, "unsatisfied"],
    ["csat", 4, "satisfied"],
    ["csat", 5, "satisfied"],
  ] as const)("leaves %s with %i by %s and keeps the score", (kind, score, leave) => {
    expect(runNode(survey, { ...nps, kind }, { woke: { by: "score", score } })).toEqual({
      effects: [{ do: "store", as: "n1", value: { score } }],
      leave,
    });
  });

  it("keeps the comment beside the score", () => {
    const woke = { by: "score", score: 9, comment: "Great" } as const;
    expect(runNode(survey, nps, { woke }).effects).toEqual([
      { do: "store", as: "n1", value: { score: 9, comment: "Great" } },
    ]);
  });

  it("leaves by timeout when the time is up or the message could not be sent", () => {
    expect(runNode(survey, nps, { woke: { by: "time" } })).toEqual({ leave: "timeout" });
    expect(runNode(survey, nps, { woke: { by: "unsent" } })).toEqual({ leave: "timeout" });
  });

  it("goes on waiting after a pause without asking twice, unless the time is up", () => {
    const woke = { by: "again" } as const;
    expect(runNode(survey, nps, { woke })).toEqual(waiting);
    expect(runNode(survey, nps, { woke, now: at("2026-03-08T10:00") })).toEqual({
      leave: "timeout",
      due: at("2026-03-08T10:00"),
    });
  });
});

import { type Static, Type } from "typebox";
import { node } from "./node.ts";
import type { DataProblem } from "./problems.ts";
import { short } from "./say.ts";
import { Choice, Data, DurationOf, ID, MapOf, Optional, Value } from "./schema.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
const same = (word: string) => ({ en: word, ar: word });

const data = Data({
  url: Type.String({
    minLength: 1,
    maxLength: 2000,
    control: "url",
    label: { en: "Address", ar: "العنوان" },
    help: { en: "Begins with https://.", ar: "يبدأ بـ https://." },
  }),
  method: Optional(
    Choice(
      METHODS,
      {
        GET: same("GET"),
        POST: same("POST"),
        PUT: same("PUT"),
        PATCH: same("PATCH"),
        DELETE: same("DELETE"),
      },
      {
        label: { en: "Method", ar: "الطريقة" },
        help: { en: "POST, if not said otherwise.", ar: "‏POST، ما لم يُذكر غيرها." },
      },
    ),
  ),
  headers: Optional(
    MapOf<string>(
      {
        label: { en: "Headers", ar: "الترويسات" },
        help: {
          en: "A secret is named: {{secret.NAME}}.",
          ar: "يُذكر المفتاح السري باسمه: {{secret.NAME}}.",
        },
      },
      { type: "string", maxLength: 8000 },
    ),
  ),
  body: Optional(
    Value({
      label: { en: "Body", ar: "المحتوى" },
      help: {
        en: "A text or JSON with templates; none if left out.",
        ar: "نص أو JSON فيه قوالب؛ ولا شيء إن تُرك.",
      },
    }),
  ),
  saveAs: Optional(
    Type.String({
      pattern: ID,
      control: "text",
      label: { en: "Keep the answer as", ar: "حفظ الجواب باسم" },
      help: {
        en: "Read as steps.NAME; else under this step's id.",
        ar: "يُقرأ بصيغة steps.NAME؛ وإلا فبمعرّف هذه الخطوة.",
      },
    }),
  ),
  timeout: Optional(
    DurationOf({
      label: { en: "Give up after", ar: "التوقف بعد" },
      help: { en: "10 seconds, if not said otherwise.", ar: "10 ثوانٍ، ما لم يُذكر غيرها." },
    }),
  ),
});
type D = Static<typeof data>;

/** A header's name is a token of RFC 9110, section 5.6.2. */
const HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

function check({ url, headers }: D): DataProblem[] {
  const problems: DataProblem[] = [];
  if (!/^(https?:\/\/[^\s/]|\{\{)/i.test(url)) {
    problems.push({
      pointer: "/url",
      message: {
        en: `“${short(url)}” is not a web address; it must begin with https:// or http://.`,
        ar: `«${short(url)}» ليس عنوان ويب؛ يجب أن يبدأ بـ https:// أو http://.`,
      },
    });
  }
  for (const name of Object.keys(headers ?? {})) {
    if (HEADER.test(name)) continue;
    problems.push({
      pointer: `/headers/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`,
      message: {
        en: `“${name}” can't be the name of a header; use letters, digits and hyphens.`,
        ar: `«${name}» لا يصلح اسمًا لترويسة؛ استخدم حروفًا لاتينية وأرقامًا وشرطات.`,
      },
    });
  }
  return problems;
}

export default node<D>({
  type: "webhook",
  group: "work",
  icon: "plug",
  label: { en: "Call a webhook", ar: "استدعاء Webhook" },
  about: {
    en: "Calls another system's address and keeps its answer.",
    ar: "يستدعي عنوان نظام آخر ويحفظ جوابه.",
  },
  data,
  example: {
    url: "https://crm.example.com/api/leads",
    method: "POST",
    headers: { Authorization: "Bearer {{secret.CRM_TOKEN}}" },
    body: { email: "{{contact.email}}" },
    saveAs: "crm",
    timeout: "PT10S",
  },
  summary: ({ url, method }) => `${method ?? "POST"} ${short(url, 60)}`,
  outputs: () => [
    { id: "ok", label: { en: "Answered", ar: "نجح" } },
    { id: "failed", label: { en: "Failed", ar: "فشل" } },
  ],
  check,
  run({ node: id, data, woke }) {
    if (woke?.by === "answer") {
      return {
        effects: [{ do: "store", as: data.saveAs ?? id, value: woke.body }],
        leave: woke.ok ? "ok" : "failed",
      };
    }
    // The request of this visit is under way: a pause or a new version must not call a second time.
    if (woke !== null) return { wait: null, for: null };
    return {
      effects: [
        {
          do: "request",
          url: data.url,
          method: data.method ?? "POST",
          headers: data.headers ?? {},
          body: data.body,
          timeout: data.timeout ?? "PT10S",
        },
      ],
      wait: null,
      for: null,
    };
  },
});

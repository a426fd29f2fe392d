import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Label } from "../../nodes/index.ts";
import type { Problem } from "../core/problems.ts";
import { type Ctx, say } from "./context.ts";

/** Kinds of refusals: the `type` of an answer stays, its sentence may change. */
export const KINDS = {
  "bad-json": { status: 400, title: { en: "The body is not JSON", ar: "محتوى الطلب ليس JSON" } },
  "invalid-input": {
    status: 422,
    title: { en: "The input is not valid", ar: "المدخلات غير صالحة" },
  },
  "invalid-flow": {
    status: 422,
    title: { en: "The flow has problems", ar: "في خطة المتابعة مشكلات" },
  },
  "not-found": { status: 404, title: { en: "Not found", ar: "غير موجود" } },
  conflict: {
    status: 409,
    title: { en: "It conflicts with what is there", ar: "يتعارض مع الموجود" },
  },
  unauthorized: { status: 401, title: { en: "Who is asking?", ar: "من صاحب الطلب؟" } },
  forbidden: { status: 403, title: { en: "Not allowed", ar: "غير مسموح" } },
  gone: { status: 410, title: { en: "No longer there", ar: "لم يعد موجودًا" } },
  "too-many": { status: 429, title: { en: "Too many requests", ar: "طلبات كثيرة" } },
  "too-big": { status: 413, title: { en: "Too big", ar: "أكبر من المسموح" } },
  "not-json": { status: 415, title: { en: "JSON is expected", ar: "المتوقع JSON" } },
  "not-a-file": {
    status: 415,
    title: { en: "Another kind of file is expected", ar: "المتوقع نوع آخر من الملفات" },
  },
  "method-not-allowed": {
    status: 405,
    title: { en: "This can't be done here", ar: "غير متاح هنا" },
  },
  "idempotency-key-invalid": {
    status: 400,
    title: { en: "The Idempotency-Key is not valid", ar: "مفتاح Idempotency-Key غير صالح" },
  },
  "idempotency-key-reused": {
    status: 422,
    title: { en: "The Idempotency-Key was used before", ar: "مفتاح Idempotency-Key مستخدم من قبل" },
  },
  "idempotency-key-in-use": {
    status: 409,
    title: { en: "The Idempotency-Key is in use", ar: "مفتاح Idempotency-Key قيد الاستخدام" },
  },
  unavailable: { status: 503, title: { en: "Not ready", ar: "غير جاهز" } },
  internal: { status: 500, title: { en: "Something went wrong here", ar: "حدث خطأ لدينا" } },
} satisfies Record<string, { status: ContentfulStatusCode; title: Label }>;

export type ProblemKind = keyof typeof KINDS;

/** A refusal on its way to the caller (RFC 9457). */
export class HttpProblem extends Error {
  override name = "HttpProblem";
  readonly kind: ProblemKind;
  readonly detail: Label;
  readonly problems: readonly Problem[];
  /** Of the answer. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    kind: ProblemKind,
    detail: Label,
    problems: readonly Problem[] = [],
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail.en);
    this.kind = kind;
    this.detail = detail;
    this.problems = problems;
    this.headers = headers;
  }
}

/** The `type` of a problem, the same for ever. */
export const typeOf = (kind: ProblemKind): string => `urn:tawasul:problem:${kind}`;

export const statusOf = (kind: ProblemKind): number => KINDS[kind].status;

/** The answer of a refusal: `application/problem+json` in the caller's language. */
export function problemResponse(
  c: Ctx,
  { kind, detail, problems, headers: own }: HttpProblem,
  headers: Record<string, string> = {},
): Response {
  const { status, title } = KINDS[kind];
  const body = {
    type: typeOf(kind),
    title: say(c, title),
    status,
    detail: say(c, detail),
    ...(problems.length === 0 ? {} : { problems: problems.map((p) => problemOut(c, p)) }),
  };
  return c.body(JSON.stringify(body), status, {
    "content-type": "application/problem+json",
    "content-language": c.get("lang"),
    "cache-control": "no-store",
    ...own,
    ...headers,
  });
}

/** One problem of a document as the API writes it. */
export const problemOut = (c: Ctx, { severity, code, node, pointer, message }: Problem) => ({
  severity,
  code,
  node,
  pointer,
  message: say(c, message),
});

export const notFound = (what: Label): HttpProblem => new HttpProblem("not-found", what);

export const noContact = (key: string): HttpProblem =>
  notFound({
    en: `There is no contact “${key.slice(0, 100)}”.`,
    ar: `لا توجد جهة اتصال «${key.slice(0, 100)}».`,
  });

export const noVersion = (flow: string, version: string): HttpProblem =>
  notFound({
    en: `The flow “${flow}” has no version ${version.slice(0, 20)}.`,
    ar: `ليس لخطة المتابعة «${flow}» إصدار ${version.slice(0, 20)}.`,
  });

export const noFlow = (id: string): HttpProblem =>
  notFound({
    en: `There is no flow “${id.slice(0, 100)}”.`,
    ar: `لا توجد خطة متابعة «${id.slice(0, 100)}».`,
  });

export const unpublished = (id: string): HttpProblem =>
  new HttpProblem("conflict", {
    en: `The flow “${id}” isn't published.`,
    ar: `خطة المتابعة «${id}» غير منشورة.`,
  });

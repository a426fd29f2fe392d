import type { Handler, TypedResponse } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { type Static, type TObject, type TSchema, Type } from "typebox";
import type { Role } from "../store/accounts.ts";
import type { Ctx, Env } from "./context.ts";
import { type Access, problemOfRefusal, saysAccess } from "./gate.ts";
import { bodyOf, checkType, queryOf } from "./input.ts";
import type { ProblemKind } from "./problem.ts";
import { closed } from "./schemas.ts";
import type { Upload } from "./upload.ts";

/** Who may look, work with contacts and tasks, change flows, change settings. */
export const VIEWERS: readonly Role[] = ["owner", "admin", "editor", "agent", "viewer"];
export const AGENTS: readonly Role[] = ["owner", "admin", "editor", "agent"];
export const EDITORS: readonly Role[] = ["owner", "admin", "editor"];
export const ADMINS: readonly Role[] = ["owner", "admin"];

type Answers = Readonly<Record<number, TSchema>>;
type Params = Readonly<Record<string, TSchema>>;

/**
 * All that is said of a route, once: input is checked by it, the OpenAPI document and the types of the client are
 * made of it.
 */
export interface RouteSpec extends Access {
  /** One sentence in English. */
  summary: string;
  /** What each `:name` of the path is. */
  params?: Params;
  query?: TObject;
  /** Request headers of its own, in small letters; the handler reads them. */
  headers?: Params;
  /** The JSON body; without one, only an empty body or object is taken. */
  body?: TSchema;
  /** In place of JSON a file is taken: as the body, of one of these types, or in a form, with the query's values beside it. */
  upload?: readonly string[];
  /** The handler reads the body itself; `body` then only describes it. */
  readsBody?: true;
  /** Its body or its answer holds a secret, so nothing of it is kept, and it takes no `Idempotency-Key`. */
  forgets?: true;
  /** Status → body. A string with a `contentMediaType` is an answer of that type, which the handler makes. */
  answers: Answers;
  /** With `Accept: text/event-stream` the answer of 200 comes again with every change, as server-sent events. */
  streams?: true;
  /** It asks neither the store nor anybody else. */
  neverFails?: true;
  /** What the header Location of a 201 or 202 leads to. */
  location?: string;
  /** Refusals beyond those that its input brings with it. */
  problems?: readonly ProblemKind[];
}

interface Input<S extends RouteSpec> {
  param: { [K in keyof S["params"]]: string };
  query: S["query"] extends TSchema ? Static<S["query"]> : Record<never, never>;
  body: S["readsBody"] extends true
    ? never
    : S["body"] extends TSchema
      ? Static<S["body"]>
      : Record<never, never>;
  /** On the disk until the handler has answered; one that takes it away moves it. */
  file: S["upload"] extends readonly string[] ? Upload : undefined;
  /** An unguessable id for what is made; the same again for a request that is repeated with its key. */
  newId: () => string;
}

type Of<A, S extends keyof A> = A[S] extends TSchema ? Static<A[S]> : never;
type Reply<A> = {
  [S in keyof A]: { status: S; body: Of<A, S>; headers?: Record<string, string> };
}[keyof A];

/** What the client is told of: every value of the query goes as text. */
interface Wire<S extends RouteSpec> {
  in: {
    query?: S["query"] extends TSchema ? Texts<Static<S["query"]>> : Record<never, never>;
    json?: S["body"] extends TSchema ? Static<S["body"]> : Record<never, never>;
  };
  out: Record<never, never>;
}
type Texts<Q> = {
  [K in keyof Q]: Extract<Q[K], string> | (Q[K] extends string | undefined ? never : string);
};
type Typed<A> = {
  [S in keyof A]: S extends ContentfulStatusCode
    ? TypedResponse<Of<A, S>, S, Of<A, S> extends string ? "text" : "json">
    : never;
}[keyof A];

const SPECS = new WeakMap<object, RouteSpec>();

/** What was said of the route that a handler answers; undefined: it is no route of the API. */
export const specOf = (handler: object): RouteSpec | undefined => SPECS.get(handler);

const refused = (error: unknown): never => {
  throw problemOfRefusal(error);
};

const Nothing = Type.Object({}, closed);
const noId = (): string => {
  throw new Error("a route that only looks makes nothing");
};

/** Whether an `Idempotency-Key` counts. */
export const keepsKey = (method: string, { changesNothing, forgets }: RouteSpec): boolean =>
  hasBody(method) && !changesNothing && !forgets;
const hasBody = (method: string): boolean => method !== "GET" && method !== "HEAD";

/**
 * A route of the API: `.get("/:id", route({ summary, allow, params, answers }, async (c, { param }) => reply(200, …)))`.
 * The handler gets input that fits, and answers by `reply`, or by a whole `Response` where it is no JSON.
 */
export function route<const S extends RouteSpec>(
  spec: S,
  handle: (
    c: Ctx,
    input: Input<S>,
  ) => Reply<S["answers"]> | Response | Promise<Reply<S["answers"]> | Response>,
  // biome-ignore lint/suspicious/noExplicitAny: the path is Hono's to infer.
): Handler<Env, any, Wire<S>, Promise<Typed<S["answers"]>>> {
  const act = async (c: Ctx, newId: () => string, file?: Upload): Promise<Response> => {
    const query = queryOf(c, spec.query ?? Nothing, file?.fields);
    const reads = hasBody(c.req.method) && !spec.readsBody && !file;
    const body = reads ? await bodyOf(c, spec.body ?? Nothing) : undefined;
    const input = { param: c.req.param(), query, body, file, newId } as Input<S>;
    const answer = await Promise.resolve(handle(c, input)).catch(refused);
    if (answer instanceof Response) return answer;
    return c.json(answer.body as object, answer.status as ContentfulStatusCode, answer.headers);
  };
  const handler = async (c: Ctx): Promise<Response> => {
    await c.get("gate").pass(c, spec);
    if (!hasBody(c.req.method)) return act(c, noId);
    checkType(c, spec.upload);
    const once = c.get("once");
    if (spec.upload) {
      return c.get("receive")(c, (file) =>
        once(
          c,
          () => file.digest,
          (newId) => act(c, newId, file),
        ),
      );
    }
    if (!keepsKey(c.req.method, spec)) return act(c, noId);
    return once(
      c,
      () => c.req.text(),
      (newId) => act(c, newId),
    );
  };
  SPECS.set(handler, spec);
  saysAccess(handler, spec);
  return handler as unknown as ReturnType<typeof route<S>>;
}

const KEY_KINDS = [
  "idempotency-key-invalid",
  "idempotency-key-reused",
  "idempotency-key-in-use",
] as const satisfies readonly ProblemKind[];

/** Every kind of refusal that a route may answer with: its own, and those of its input. */
export const kindsOf = (method: string, spec: RouteSpec): ProblemKind[] => [
  ...new Set<ProblemKind>([
    ...(hasBody(method) && !spec.upload ? (["not-json"] as const) : []),
    ...(hasBody(method) && !spec.upload && !spec.readsBody ? (["bad-json"] as const) : []),
    ...(spec.upload ? (["not-a-file"] as const) : []),
    ...(hasBody(method) ? (["too-big"] as const) : []),
    ...(keepsKey(method, spec) ? KEY_KINDS : []),
    ...(spec.allow === "public" ? [] : (["unauthorized", "too-many"] as const)),
    "forbidden",
    "invalid-input",
    ...(spec.problems ?? []),
    ...(spec.neverFails ? [] : (["internal"] as const)),
  ]),
];

/** An answer with a JSON body. */
export const reply = <S extends number, B>(
  status: S,
  body: B,
  headers?: Record<string, string>,
): { status: S; body: B; headers?: Record<string, string> } => ({
  status,
  body,
  ...(headers ? { headers } : {}),
});

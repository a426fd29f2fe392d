import { type Label, NODE_TYPES } from "../../nodes/index.ts";
import { RULE_SCHEMAS } from "../../nodes/rule.ts";
import { isObject } from "../core/problems.ts";
import { KINDS, type ProblemKind, typeOf } from "./problem.ts";
import { keepsKey, kindsOf, type RouteSpec, specOf } from "./route.ts";
import { ProblemDocument, RuleSchema } from "./schemas.ts";

type Json = Record<string, unknown>;
/** A route as Hono lists it. */
interface Listed {
  method: string;
  path: string;
  handler: object;
}

const ABOUT = `The API of Tawasul: contacts, events, flows, messages and tasks as JSON.

- **Who asks**: a program sends a key, \`Authorization: Bearer twl_…\`; a browser carries the cookie of a session. While there is no owner, the machine itself needs neither, and nobody else is answered.
- **Refusals** are problem documents (RFC 9457, \`application/problem+json\`): a \`type\` that stays the same, a sentence in the caller's language, and in \`problems\` everything that is wrong with the input, each with a JSON Pointer.
- **Language**: \`Accept-Language\` with \`en\` or \`ar\`, or \`?lang=\`.
- **Lists** answer \`{ items, next }\`; ask again with \`?cursor=\` and the value of \`next\` until it is null.
- **Writes** take \`Idempotency-Key\` (draft-ietf-httpapi-idempotency-key-header): repeat a request whose answer you didn't get, with its key, and it is done once.
- **Unknown** keys and query parameters are refused.
- **Moments** are UTC with a \`Z\`.`;

/** The OpenAPI 3.1 document of an app's routes: of those that were made by `route`. */
export function openApi(routes: readonly Listed[]): Json {
  const components = new Components();
  const paths: Record<string, Json> = {};
  const tags = new Set<string>();
  for (const { method, path, handler } of routes) {
    const spec = specOf(handler);
    if (!spec || method === "ALL") continue;
    const name = path.replace(/:(\w+)/g, "{$1}");
    const tag = name.split("/")[2] ?? "";
    tags.add(tag);
    paths[name] ??= {};
    paths[name][method.toLowerCase()] = operation(method, path, tag, spec, components);
  }
  for (const { type, data } of NODE_TYPES) components.add(`Node.${type}`, data);
  return {
    openapi: "3.1.0",
    info: {
      title: "Tawasul",
      version: "1",
      summary: "Follow-up with customers, as flows",
      description: ABOUT,
      license: { name: "AGPL-3.0-only", identifier: "AGPL-3.0-only" },
    },
    servers: [{ url: "/" }],
    tags: [...tags].map((name) => ({ name })),
    paths,
    components: {
      schemas: components.schemas,
      parameters: PARAMETERS,
      headers: HEADERS,
      securitySchemes: SECURITY,
    },
  };
}

const SECURITY = {
  key: { type: "http", scheme: "bearer", description: "An API key" },
  session: {
    ...{ type: "apiKey", in: "cookie", name: "tawasul_session" },
    description: "Given by POST /api/session; over TLS `__Host-tawasul_session`",
  },
};

const PARAMETERS = {
  IdempotencyKey: {
    name: "Idempotency-Key",
    in: "header",
    description:
      "Of your own making, one for each request. Repeated with the same request within 48 hours it is answered again, with `Idempotency-Replayed: true`, and nothing is done twice.",
    schema: { type: "string", minLength: 1, maxLength: 257 },
    example: "8e03978e-40d5-43e8-bc93-6894a57f9324",
  },
  AcceptLanguage: {
    name: "Accept-Language",
    in: "header",
    description: "The language of sentences: the one of `en` and `ar` that is asked for first",
    schema: { type: "string" },
    example: "ar",
  },
  Lang: {
    name: "lang",
    in: "query",
    description: "The same in the address; it comes first",
    schema: { type: "string", enum: ["en", "ar"] },
  },
};
const HEADERS = {
  ContentLanguage: {
    description: "The language of the sentences",
    schema: { type: "string", enum: ["en", "ar"] },
  },
};

function operation(
  method: string,
  path: string,
  tag: string,
  spec: RouteSpec,
  components: Components,
): Json {
  return {
    operationId: operationId(method, path),
    tags: [tag],
    summary: spec.summary,
    security:
      spec.allow === "public" ? [] : [...(spec.people ? [] : [{ key: [] }]), { session: [] }],
    "x-allowed-roles": spec.allow === "public" ? ["public"] : [...spec.allow],
    parameters: parametersOf(method, spec, components),
    ...(spec.body ? { requestBody: bodyOf(spec, components) } : {}),
    ...(spec.upload ? { requestBody: fileOf(spec, components) } : {}),
    responses: { ...answersOf(spec, components), ...problemsOf(method, spec, components) },
  };
}

/** `getFlowsIdVersions` */
const operationId = (method: string, path: string): string =>
  path
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "" && word !== "api")
    .reduce((id, word) => id + word.charAt(0).toUpperCase() + word.slice(1), method.toLowerCase());

function parametersOf(method: string, spec: RouteSpec, components: Components): Json[] {
  const { params, query, headers } = spec;
  const one = (where: string, name: string, given: unknown, required: boolean): Json => {
    const { description, ...schema } = components.of(given) as Json;
    return {
      name,
      in: where,
      ...(required ? { required } : {}),
      ...(description === undefined ? {} : { description }),
      schema,
    };
  };
  const must = new Set(query?.required ?? []);
  return [
    ...Object.entries(params ?? {}).map(([name, schema]) => one("path", name, schema, true)),
    ...Object.entries(query?.properties ?? {}).map(([name, schema]) =>
      one("query", name, schema, must.has(name)),
    ),
    ...Object.entries(headers ?? {}).map(([name, schema]) => one("header", name, schema, false)),
    ...(keepsKey(method, spec) ? [{ $ref: "#/components/parameters/IdempotencyKey" }] : []),
    { $ref: "#/components/parameters/AcceptLanguage" },
    { $ref: "#/components/parameters/Lang" },
  ];
}

const bodyOf = ({ body }: RouteSpec, components: Components): Json => {
  const isNeeded = isObject(body) && Array.isArray(body.required) && body.required.length > 0;
  return {
    ...(isNeeded ? { required: true } : {}),
    content: { "application/json": { schema: components.of(body) } },
  };
};

/** A file as it is, or in a form that says beside it what else would stand in the query. */
const fileOf = ({ upload = [], query }: RouteSpec, components: Components): Json => {
  const file = { type: "string", contentMediaType: "application/octet-stream" };
  const beside = components.of(query ?? {}) as Json;
  const schema = {
    ...{ type: "object", required: ["file"], additionalProperties: false },
    properties: { file, ...(beside.properties as Json) },
  };
  return {
    required: true,
    content: {
      ...Object.fromEntries(upload.map((type) => [type, { schema: { type: "string" } }])),
      "multipart/form-data": { schema },
    },
  };
};

function answersOf({ answers, location, streams }: RouteSpec, components: Components): Json {
  return Object.fromEntries(
    Object.entries(answers).map(([status, given]) => {
      const schema = components.of(given) as Json;
      const type = schema.contentMediaType ?? "application/json";
      const isFound = location !== undefined && (status === "201" || status === "202");
      return [
        status,
        {
          description: STATUS[status] ?? "Done.",
          ...(isFound
            ? { headers: { Location: { description: location, schema: { type: "string" } } } }
            : {}),
          content: {
            [String(type)]: { schema },
            ...(streams && status === "200" ? { "text/event-stream": STREAM } : {}),
          },
        },
      ];
    }),
  );
}

const STREAM = {
  schema: { type: "string", description: "Server-sent events, each with the answer as its data" },
};
const STATUS: Record<string, string> = {
  200: "Done.",
  201: "Made.",
  202: "Taken; what follows from it happens a moment later.",
};

/** The refusals of a route by status, each with the types that it may have. */
function problemsOf(method: string, spec: RouteSpec, components: Components): Json {
  const byStatus = new Map<number, ProblemKind[]>();
  for (const kind of kindsOf(method, spec)) {
    const { status } = KINDS[kind];
    byStatus.set(status, [...(byStatus.get(status) ?? []), kind]);
  }
  const schema = components.of(ProblemDocument);
  return Object.fromEntries(
    [...byStatus].map(([status, kinds]) => [
      String(status),
      {
        description: kinds.map((kind) => `${KINDS[kind].title.en}.`).join(" "),
        headers: { "Content-Language": { $ref: "#/components/headers/ContentLanguage" } },
        content: {
          "application/problem+json": {
            schema: {
              allOf: [
                schema,
                { type: "object", properties: { type: { enum: kinds.map(typeOf) } } },
              ],
            },
          },
        },
      },
    ]),
  );
}

const RULE = { ...RuleSchema, type: undefined, anyOf: Object.values(RULE_SCHEMAS) };
/** Keywords that only the editor's forms read. */
const FORM = new Set(["control", "options", "signed", "component", "label", "help", "hint"]);

/** The schemas that the document names. */
class Components {
  readonly schemas: Record<string, unknown> = {};

  /** The schema as the document has it: what is a component becomes a reference. */
  of(schema: unknown): unknown {
    if (Array.isArray(schema)) return schema.map((each) => this.of(each));
    if (!isObject(schema)) return schema;
    if (schema.$ref === "rule") return this.add("Rule", RULE);
    if (typeof schema.component !== "string") return this.#plain(schema);
    if (schema.component === "Rule") return this.add("Rule", RULE);
    return this.add(schema.component, schema);
  }

  add(name: string, schema: object): { $ref: string } {
    if (!Object.hasOwn(this.schemas, name)) {
      // Before it is gone through: a rule holds rules.
      this.schemas[name] = null;
      this.schemas[name] = this.#plain(schema as Json);
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  #plain(schema: Json): Json {
    const plain: Json = {};
    const { label, help, hint } = schema as { label?: Label; help?: Label; hint?: Label };
    if (isLabel(label)) plain.title = label.en;
    const about = isLabel(help) ? help : hint;
    if (isLabel(about)) plain.description = about.en;
    for (const [key, value] of Object.entries(schema)) {
      if (FORM.has(key) || value === undefined) continue;
      // Under `properties` stand names, which may be anything: `label`, `options`.
      plain[key] = key === "properties" && isObject(value) ? this.#each(value) : this.of(value);
    }
    return plain;
  }

  #each(properties: Json): Json {
    return Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [name, this.of(value)]),
    );
  }
}

const isLabel = (value: unknown): value is Label => isObject(value) && typeof value.en === "string";

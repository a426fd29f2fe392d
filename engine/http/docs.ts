import { html, raw } from "hono/html";
import type { Label, Language } from "../../nodes/index.ts";
import { isObject } from "../core/problems.ts";
import { DOCS, RESOURCES_IN_WORDS, SUMMARIES } from "./docs-words.ts";
import type { Html } from "./layout.ts";

type Json = Record<string, unknown>;
interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema: Json;
}
interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  "x-allowed-roles": string[];
  parameters: Parameter[];
  requestBody?: { content: Record<string, { schema: Json }> };
  responses: Record<string, { description: string; content: Record<string, { schema: Json }> }>;
}
interface Shown {
  method: string;
  path: string;
  operation: Operation;
}

const REF = "#/components/schemas/";
/** With it each problem's `type` begins. */
const PROBLEM = "urn:tawasul:problem:";

/** The OpenAPI document as a page to read: no script, and nothing that the document doesn't say. */
export function docsBody(document: Json, lang: Language, origin: string): Html {
  const say = (label: Label): string => label[lang];
  const paths = document.paths as Record<string, Record<string, Operation>>;
  const shown = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]): Shown => ({ method: method.toUpperCase(), path, operation }),
    ),
  );
  const resources = Map.groupBy(shown, ({ operation }) => operation.tags[0] ?? "");
  const { schemas } = document.components as { schemas: Record<string, Json> };
  const other = lang === "ar" ? "en" : "ar";
  return html`<main class="wrap api">
<p class="lang"><a href="?lang=${other}" lang="${other}" hreflang="${other}">${say(DOCS.otherLanguage)}</a></p>
<h1>${say(DOCS.title)}</h1>
<p class="about">${say(DOCS.about)} <a href="/api/openapi.json">openapi.json</a></p>
<dl class="rules">${DOCS.rules.map(({ name, text }) => html`<div><dt>${say(name)}</dt><dd>${marked(say(text))}</dd></div>`)}</dl>
<pre class="plain" dir="ltr"><code>${`curl -H 'Authorization: Bearer KEY' ${origin}/api/contacts?limit=2`}</code></pre>
<nav class="toc" aria-label="${say(DOCS.contents)}">${[...resources.keys()].map((name) => html`<a href="#${name}">${resourceName(name, say)}</a>`)}<a href="#schemas">${say(DOCS.schemas)}</a></nav>
${[...resources].map(([name, all]) => resource(name, all, say))}
<section id="schemas"><h2>${say(DOCS.schemas)}</h2><p class="soft">${say(DOCS.schemasAbout)}</p>
${Object.entries(schemas).map(([name, schema]) => html`<details id="schema-${name}"><summary><code>${name}</code></summary>${about(schema)}${propertiesOf(schema, say)}</details>`)}
</section>
</main>`;
}

const resourceName = (name: string, say: (label: Label) => string): string => {
  const known = RESOURCES_IN_WORDS[name];
  return known ? say(known) : name;
};

/** `code` between backquotes. */
const marked = (text: string): Html[] =>
  text
    .split("`")
    .map((part, i) => (i % 2 === 1 ? html`<code dir="ltr">${part}</code>` : html`${part}`));

function resource(name: string, all: Shown[], say: (label: Label) => string): Html {
  return html`<section id="${name}"><h2>${resourceName(name, say)}</h2>
${all.map((one) => operation(one, say))}</section>`;
}

function operation({ method, path, operation }: Shown, say: (label: Label) => string): Html {
  const { operationId, summary, requestBody, responses } = operation;
  const arabic = SUMMARIES[`${method} ${path}`];
  const own = operation.parameters.filter(({ $ref }) => $ref === undefined);
  const keeps = operation.parameters.some(({ $ref }) => $ref?.endsWith("/IdempotencyKey"));
  const roles = operation["x-allowed-roles"];
  return html`<details class="operation" id="${operationId}"><summary><span class="method ${method}">${method}</span><code dir="ltr">${path}</code><span class="what">${say({ en: summary, ar: arabic ?? summary })}</span></summary>
<p class="soft">${say(DOCS.who)} ${say(roleWords(roles))}${keeps ? html` · <code dir="ltr">Idempotency-Key</code>` : ""}</p>
${
  own.length === 0
    ? ""
    : html`<h4>${say(DOCS.parameters)}</h4>${table(
        own.map((one) => [
          one.name,
          one.schema,
          one.required === true,
          one.description ?? "",
          one.in,
        ]),
        say,
      )}`
}
${requestBody ? html`<h4>${say(DOCS.body)}</h4>${contents(requestBody.content, say)}` : ""}
<h4>${say(DOCS.answers)}</h4>
<dl class="answers">${Object.entries(responses).map(([status, answer]) => answered(status, answer, say))}</dl>
</details>`;
}

function answered(
  status: string,
  { content }: Operation["responses"][string],
  say: (label: Label) => string,
): Html {
  const problem = content["application/problem+json"]?.schema as
    | { allOf?: { properties?: { type?: { enum?: string[] } } }[] }
    | undefined;
  const types = problem?.allOf?.[1]?.properties?.type?.enum;
  const tone = status.startsWith("2") ? "good" : "";
  return html`<div><dt><span class="pill ${tone}">${status}</span></dt><dd>${types ? types.map((type) => html`<code dir="ltr">${type.replace(PROBLEM, "")}</code> `) : contents(content, say)}</dd></div>`;
}

/** Types of content, each with its schema: an object is shown whole, anything else by its type. */
const contents = (
  content: Record<string, { schema: Json }>,
  say: (label: Label) => string,
): Html[] =>
  Object.entries(content).map(
    ([type, { schema }]) =>
      html`${type === "application/json" ? "" : html`<code dir="ltr">${type}</code> `}${isObject(schema.properties) ? propertiesOf(schema, say) : typed(schema)}`,
  );

type Row = [name: string, schema: Json, required: boolean, about: string, place?: string];

/** The properties of an object, or what else a schema is. */
function propertiesOf(schema: Json, say: (label: Label) => string): Html {
  if (!isObject(schema.properties)) return html`<p>${typed(schema)}</p>`;
  const must = new Set(Array.isArray(schema.required) ? schema.required : []);
  const rows = Object.entries(schema.properties as Record<string, Json>).map(
    ([name, of]): Row => [name, of, must.has(name), String(of.description ?? of.title ?? "")],
  );
  return table(rows, say);
}

const table = (rows: Row[], say: (label: Label) => string): Html =>
  html`<table><thead><tr><th scope="col">${say(DOCS.name)}</th><th scope="col">${say(DOCS.type)}</th><th scope="col">${say(DOCS.meaning)}</th></tr></thead><tbody>
${rows.map(([name, schema, required, text, place]) => html`<tr><td dir="ltr"><code>${name}</code>${required ? raw('<b class="must">*</b>') : ""}${place && place !== "query" ? html` <span class="soft">${place}</span>` : ""}</td><td dir="ltr" lang="en">${typed(schema)}</td><td dir="ltr" lang="en">${text}${exampleOf(schema)}</td></tr>`)}
</tbody></table>`;

function exampleOf({ examples, default: usual }: Json): Html | string {
  const [example] = Array.isArray(examples) ? examples : [];
  const shown = usual ?? example;
  return shown === undefined ? "" : html` <code>${JSON.stringify(shown)}</code>`;
}

const about = ({ description }: Json): Html | string =>
  typeof description === "string" ? html`<p dir="ltr" lang="en">${description}</p>` : "";

/** A schema in a few words, with links to the schemas that it names. */
function typed(schema: unknown, depth = 0): Html | string {
  if (!isObject(schema)) return "any";
  const { $ref, type, items, enum: words, anyOf, oneOf, allOf, properties } = schema;
  const constant = schema.const;
  if (typeof $ref === "string") {
    const name = $ref.replace(REF, "");
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  if (constant !== undefined) return html`<code>${JSON.stringify(constant)}</code>`;
  if (Array.isArray(words))
    return joined(
      words.map((word) => html`<code>${JSON.stringify(word)}</code>`),
      " | ",
    );
  const parts = anyOf ?? oneOf ?? allOf;
  if (Array.isArray(parts))
    return joined(
      parts.map((part) => typed(part, depth + 1)),
      allOf ? " & " : " | ",
    );
  if (type === "array") return html`[${typed(items, depth + 1)}]`;
  if (type === "object" && isObject(properties) && depth < 3) {
    const inner = Object.entries(properties).map(
      ([name, of]) => html`<code>${name}</code>: ${typed(of, depth + 1)}`,
    );
    return html`{ ${joined(inner, ", ")} }`;
  }
  if (type === "object" && isObject(schema.additionalProperties) && depth < 3)
    return html`{ [name]: ${typed(schema.additionalProperties, depth + 1)} }`;
  return Array.isArray(type) ? type.join(" | ") : String(type ?? "any");
}

const joined = (parts: (Html | string)[], by: string): Html =>
  html`${parts.map((part, i) => (i === 0 ? html`${part}` : html`${by}${part}`))}`;

function roleWords(roles: string[]): Label {
  const least = roles.at(-1) ?? "public";
  return DOCS.roles[least] ?? { en: least, ar: least };
}

/** What the page needs beyond the plain pages' looks. */
export const DOCS_STYLE = `
.api h2{font-size:1.2rem;margin:40px 0 8px;font-weight:600}
.api h4{font-size:.85rem;color:var(--soft);margin:16px 0 6px;font-weight:600}
.api .lang{text-align:end;margin:0}
.rules{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(280px,100%),1fr));gap:14px 28px;margin:0 0 20px}
.rules dt{font-weight:600}.rules code{white-space:nowrap}.rules dd{margin:0;color:var(--soft);font-size:.92rem}
.toc{flex-wrap:wrap;margin:20px 0 0;gap:6px}.toc a{background:var(--grey-wash);font-size:.9rem}
.api section{scroll-margin-block-start:12px}
.api details{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:0 16px;margin-block:8px;scroll-margin-block-start:12px}
.api details[open]{padding-block-end:16px}
.api summary{cursor:pointer;padding:10px 0;display:flex;flex-wrap:wrap;gap:4px 12px;align-items:baseline;list-style:none}
.api summary::-webkit-details-marker{display:none}
.api summary:focus-visible{outline:2px solid var(--teal);outline-offset:2px;border-radius:4px}
.what{color:var(--soft);flex:1 1 260px}
.method{font:600 .78rem/1 ui-monospace,Consolas,monospace;min-width:58px;color:var(--teal)}
.method.DELETE{color:var(--red)}.method.POST,.method.PUT,.method.PATCH{color:var(--saffron)}
.must{color:var(--red)}
.api table{border-collapse:collapse;width:100%;font-size:.9rem;display:block;overflow-x:auto}
.api th{text-align:start;color:var(--soft);font-weight:400;font-size:.82rem}
.api th,.api td{padding:6px 16px 6px 0;vertical-align:top;border-block-end:1px solid var(--line)}
.api td[dir=ltr]{text-align:left}
.api td:last-child{min-width:200px}
.answers{margin:0;display:grid;gap:8px}.answers>div{display:grid;grid-template-columns:52px minmax(0,1fr);gap:10px}
.answers dd{margin:0;overflow-wrap:anywhere;font-size:.9rem}
.api .plain{overflow-x:auto;white-space:pre;font-size:.9rem;text-align:left}.api .plain code{background:none;padding:0}
`;

import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

import { writeDeclared, writeDown } from "./seen.ts";

type Json = Record<string, unknown>;

/** An answer that the OpenAPI document doesn't foresee. */
export class NotConforming extends Error {
  override name = "NotConforming";
}

interface Operation extends Json {
  requestBody?: { content: Record<string, { schema: Json }> };
  responses: Record<string, { headers?: Json; content: Record<string, { schema: Json }> }>;
}
export interface Document extends Json {
  paths: Record<string, Record<string, Operation>>;
}

const FORMATS = {
  "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
  uri: /^[a-z][a-z0-9+.-]*:\S+$/,
};

/** Holds what the API answers, and what it takes, against its OpenAPI document. */
export class Conformity {
  readonly document: Document;
  /** `GET /api/flows/{id} 200`: what was seen to conform. */
  readonly #seen = new Set<string>();
  readonly #ajv = new Ajv2020({ allErrors: true, strict: false, formats: FORMATS });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(document: Document) {
    this.document = document;
    writeDeclared(document);
    this.#ajv.addSchema({ ...document, $id: "document" });
  }

  /** Throws `NotConforming` when the answer isn't one that the document names. */
  async check(method: string, url: string, sent: unknown, response: Response): Promise<void> {
    const path = new URL(url, "http://localhost").pathname;
    if (!path.startsWith("/api/") || method === "HEAD") return;
    const template = this.#templateOf(path);
    const operation =
      template === null ? undefined : this.document.paths[template]?.[method.toLowerCase()];
    const place = `${method} ${template ?? path} ${response.status}`;
    if (template === null || !operation) return this.#unknown(place, template, response);
    const answer = operation.responses[response.status];
    if (!answer) throw new NotConforming(`${place}: the document doesn't name this status`);
    const at = ["paths", template, method.toLowerCase()];
    const type = response.headers.get("content-type")?.split(";")[0] ?? "";
    const content = answer.content[type];
    if (!content)
      throw new NotConforming(`${place}: the document doesn't name ${type || "an empty answer"}`);
    for (const name of Object.keys(answer.headers ?? {})) {
      if (!response.headers.has(name))
        throw new NotConforming(`${place}: the header ${name} is missing`);
    }
    if (type.endsWith("json")) {
      const pointer = [...at, "responses", String(response.status), "content", type, "schema"];
      this.#fits(`${place}: the answer`, pointer, await response.clone().json());
    }
    const isJson = operation.requestBody?.content["application/json"] !== undefined;
    if (response.ok && isJson && typeof sent === "string") {
      const pointer = [...at, "requestBody", "content", "application/json", "schema"];
      this.#fits(`${place}: what was taken`, pointer, JSON.parse(sent));
    }
    this.#see(place);
    if (type === "application/problem+json") {
      const { type: kind } = (await response.clone().json()) as { type: string };
      this.#see(`${method} ${template} ${kind}`);
    }
  }

  #see(place: string): void {
    if (this.#seen.has(place)) return;
    this.#seen.add(place);
    writeDown(place);
  }

  /** What the document doesn't have is refused, and in the way of all refusals. */
  async #unknown(place: string, template: string | null, response: Response): Promise<void> {
    const methods = Object.keys(this.document.paths[template ?? ""] ?? {});
    const expected = template === null ? [403, 404, 415] : [403, 405, 415];
    if (!expected.includes(response.status))
      throw new NotConforming(`${place}: an operation that the document doesn't have`);
    const allow = (response.headers.get("allow") ?? "").split(", ");
    const missing = methods.map((m) => m.toUpperCase()).filter((m) => !allow.includes(m));
    if (response.status === 405 && missing.length > 0)
      throw new NotConforming(`${place}: Allow should name ${missing.join(", ")}`);
    this.#fits(place, ["components", "schemas", "Problem"], await response.clone().json());
  }

  #templateOf(path: string): string | null {
    const parts = path.split("/");
    const fitting = Object.keys(this.document.paths).filter((template) => {
      const names = template.split("/");
      return (
        names.length === parts.length &&
        names.every((name, i) => name === parts[i] || (name.startsWith("{") && parts[i] !== ""))
      );
    });
    // `/api/contacts/count` is no contact.
    const open = (template: string) => template.split("{").length;
    return fitting.sort((a, b) => open(a) - open(b))[0] ?? null;
  }

  #fits(place: string, pointer: string[], value: unknown): void {
    const ref = pointer
      .map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1")))
      .join("/");
    const validate = this.#compiled.get(ref) ?? this.#ajv.compile({ $ref: `document#/${ref}` });
    this.#compiled.set(ref, validate);
    if (validate(value)) return;
    const errors = (validate.errors ?? []).map(
      (e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`,
    );
    throw new NotConforming(
      `${place} doesn't fit: ${errors.join("; ")}\n${JSON.stringify(value).slice(0, 2000)}`,
    );
  }
}

import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, test } from "vitest";
import type { Document } from "./conform.ts";
import { MAIL, Site } from "./site.ts";

const site = new Site();
const document = (await site.json("/api/openapi.json")) as unknown as Document;

describe("the OpenAPI document", () => {
  test("is valid OpenAPI 3.1", async () => {
    expect(await new Validator().validate(document)).toEqual({ valid: true });
  });

  test("has every route of the API, and nothing else", () => {
    const routes = site.app.routes
      .filter(({ method, path }) => path.startsWith("/api/") && method !== "ALL")
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`);
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(operations.sort()).toEqual(routes.sort());
  });

  test("names each operation once", () => {
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("leads nowhere but into itself, and holds nothing that only the editor's forms read", () => {
    const text = JSON.stringify(document);
    const found = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = ""]) => ref);
    expect(found.filter((ref) => !ref.startsWith("#/components/"))).toEqual([]);
    expect(text).not.toMatch(/"control":"|"component":"/);
  });
});

describe("what isn't there", () => {
  test("a known path with another method names those that it has", async () => {
    const answer = await new Site().send("DELETE", "/api/flows/mail/enrollments");
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("GET, POST");
    expect(await answer.json()).toMatchObject({ type: "urn:tawasul:problem:method-not-allowed" });
  });

  test("a path that nothing has is a problem in the caller's language", async () => {
    const answer = await new Site().request("/api/nothing", {
      headers: { "accept-language": "ar" },
    });
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-language")).toBe("ar");
    expect(await answer.json()).toMatchObject({ detail: "لا شيء في /api/nothing." });
  });

  test("a query parameter that a route doesn't know is refused, and the near one named", async () => {
    const answer = await new Site().request("/api/messages?limt=5&state=sent&state=failed");
    expect(answer.status).toBe(422);
    const { problems } = (await answer.json()) as {
      problems: { pointer: string; message: string }[];
    };
    expect(problems).toEqual([
      expect.objectContaining({
        pointer: "/state",
        message: "The query: “state” is given twice, and only one can count.",
      }),
      expect.objectContaining({
        pointer: "/limt",
        message: "The query: unknown key “limt”; did you mean “limit”?",
      }),
    ]);
  });

  test.each([
    "contacts",
    "messages",
    "tasks",
    "journal",
    "flows",
    "templates",
    "tags",
    "segments",
    "fields",
    "flows/mail/versions",
    "flows/mail/enrollments",
  ])("a cursor that no page of /api/%s gave is refused", async (list) => {
    const site = new Site();
    await site.send("PUT", "/api/flows/mail", MAIL);
    const answer = await site.request(`/api/${list}?cursor=nowhere`);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ detail: "There is no such cursor." });
  });
});

import { expect, test } from "vitest";
import { SUMMARIES } from "../../engine/http/docs-words.ts";
import { Site } from "./site.ts";

const site = new Site();
const document = (await site.json("/api/openapi.json")) as unknown as {
  paths: Record<string, Record<string, { operationId: string; summary: string }>>;
  components: { schemas: Record<string, unknown> };
};
const OPERATIONS = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, of]) => ({
    ...of,
    name: `${method.toUpperCase()} ${path}`,
  })),
);
const page = async (lang: string): Promise<{ text: string; answer: Response }> => {
  const answer = await new Site().request("/api/docs", { headers: { "accept-language": lang } });
  return { text: await answer.text(), answer };
};
const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("'", "&#39;");

test("every operation is there, with its own words in both languages", async () => {
  const [en, ar] = [(await page("en")).text, (await page("ar")).text];
  expect(Object.keys(SUMMARIES).sort()).toEqual(OPERATIONS.map(({ name }) => name).sort());
  for (const { name, operationId, summary } of OPERATIONS) {
    const arabic = SUMMARIES[name] ?? "";
    expect(arabic, name).toMatch(/^\p{Script=Arabic}.*\.$/u);
    expect(en, name).toContain(escaped(summary));
    expect(ar, name).toContain(escaped(arabic));
    expect(en.split(`id="${operationId}"`), name).toHaveLength(2);
  }
  expect(ar).toContain('<html lang="ar" dir="rtl">');
});

test("every link leads to a place in the page, and every schema has one", async () => {
  const { text } = await page("en");
  const targets = [...text.matchAll(/href="#([^"]+)"/g)].map(([, target]) => target);
  const places = new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, place]) => place));
  expect(targets.length).toBeGreaterThan(100);
  expect(targets.filter((target) => !places.has(target))).toEqual([]);
  for (const name of Object.keys(document.components.schemas))
    expect(places.has(`schema-${name}`), name).toBe(true);
});

test("it has no script, loads nothing, and its policy allows neither", async () => {
  const { text, answer } = await page("en");
  expect(text).not.toMatch(/<script|<link rel="stylesheet"|src=|@import|url\(/);
  const policy = answer.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/script-src|unsafe/);
});

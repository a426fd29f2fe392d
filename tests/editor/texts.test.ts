import { type AST, parse } from "svelte/compiler";
import { describe, expect, test } from "vitest";
import { ourFiles, read } from "../tree.ts";

const components = ourFiles().filter((file) => /^editor\/src\/.*\.svelte$/.test(file));

/** Attributes that a person reads or hears. */
const READ = new Set([
  "aria-label",
  "aria-description",
  "placeholder",
  "title",
  "alt",
  "label",
  "about",
  "help",
]);
/** Names and signs that are the same in every language. */
const NAMES = new Set(["Markdown", "MJML", "HTML", "JSON", "English", "العربية", "P3DT4H"]);

interface Found {
  text: string;
  at: number;
}

const isWords = (text: string): boolean =>
  /\p{L}{2,}/u.test(text) && !NAMES.has(text.trim()) && !text.includes("://");

/** Literal texts in an expression that may be shown: strings and templates, but no arguments and no comparisons. */
function inExpression(node: unknown): Found[] {
  if (typeof node !== "object" || node === null) return [];
  const it = node as { type: string; start: number; [key: string]: unknown };
  switch (it.type) {
    case "Literal":
      return typeof it.value === "string" && isWords(it.value)
        ? [{ text: it.value, at: it.start }]
        : [];
    case "TemplateLiteral":
      return (it.quasis as { value: { raw: string }; start: number }[])
        .map(({ value, start }) => ({ text: value.raw, at: start }))
        .filter(({ text }) => isWords(text));
    case "ConditionalExpression":
      return [it.consequent, it.alternate].flatMap(inExpression);
    case "LogicalExpression":
      return [it.left, it.right].flatMap(inExpression);
    default:
      return [];
  }
}

type Node = AST.Fragment["nodes"][number] | AST.Attribute | AST.StyleDirective;

/** Everything that a component says in so many words. */
function literals(fragment: unknown): Found[] {
  const found: Found[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const one of value) visit(one);
      return;
    }
    if (typeof value !== "object" || value === null || !("type" in value)) return;
    const node = value as Node;
    if (node.type === "Text") {
      if (isWords(node.data)) found.push({ text: node.data.trim(), at: node.start });
      return;
    }
    if (node.type === "ExpressionTag") {
      found.push(...inExpression(node.expression));
      return;
    }
    // `style:color` and `class:on` hold no words.
    if (node.type === "StyleDirective") return;
    if (node.type === "Attribute") {
      if (READ.has(node.name)) visit(node.value);
      return;
    }
    for (const inner of Object.values(node)) visit(inner);
  };
  visit(fragment);
  return found;
}

const textsOf = (source: string): Found[] =>
  literals((parse(source, { modern: true }) as { fragment: unknown }).fragment);

describe("texts of the interface", () => {
  test("no component says anything in so many words: every sentence is in both catalogues", () => {
    expect(components.length).toBeGreaterThan(50);
    const said = components.flatMap((file) => {
      const source = read(file);
      return textsOf(source).map(
        ({ text, at }) => `${file}:${source.slice(0, at).split("\n").length}: ${text}`,
      );
    });
    expect(said).toEqual([]);
  });

  test.each([
    ["<p>Hello there</p>", "Hello there"],
    ['<input placeholder="Find it" />', "Find it"],
    ['<button aria-label={open ? "Shut" : t("x")}>x</button>', "Shut"],
    ["<p title={`Step one`}>{n}</p>", "Step one"],
    ['{#if a}<b>{"Words"}</b>{/if}', "Words"],
    ['<Empty title="Nothing here" />', "Nothing here"],
  ])("%s is seen", (source, text) => {
    expect(textsOf(source).map((found) => found.text)).toEqual([text]);
  });

  test.each([
    '<p class="words here">{t("a.key")}</p>',
    "<style>p { color: red }</style><p>{a} · {b}</p>",
    '<a href="/flows" data-name="one">{name}</a>',
    '<script>const x = "words";</script>{x}',
  ])("%s is allowed", (source) => {
    expect(textsOf(source)).toEqual([]);
  });
});

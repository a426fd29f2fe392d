import { describe, expect, test } from "vitest";
import { ourFiles, read } from "../tree.ts";

/** The canvas has places of its own: Svelte Flow counts from the left in every language. */
const CANVAS = /^editor\/src\/lib\/canvas\//;
const styled = ourFiles().filter(
  (file) => /^editor\/src\/.*\.(?:svelte|css)$/.test(file) && !CANVAS.test(file),
);

const PHYSICAL =
  /^(?:left|right|(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)(?:-\w+)?|border-(?:top|bottom)-(?:left|right)-radius)$/;
/** Four values go round from the top: the second is the right side, the fourth the left. */
const ROUND =
  /^(?:margin|padding|inset|border-(?:width|color|style)|scroll-margin|scroll-padding)$/;
const CORNERS = /^border-radius$/;
const SIDES = /^(?:text-align|float|clear|justify-content|justify-items|justify-self)$/;

/** Values apart at spaces, but not inside of brackets. */
const valuesOf = (value: string): string[] =>
  value.match(/(?:[^\s()]|\((?:[^()]|\([^()]*\))*\))+/g) ?? [];

/** Whether a declaration means another side in Arabic than it says. */
function isPhysical(property: string, value: string): boolean {
  const values = valuesOf(value);
  if (PHYSICAL.test(property)) return true;
  if (SIDES.test(property)) return /\b(?:left|right)\b/.test(value);
  if (ROUND.test(property)) return values.length === 4 && values[1] !== values[3];
  return CORNERS.test(property) && values.length > 1;
}

/** The style sheets of a file, the rest blanked out so that lines stay. */
function styleOf(file: string, source: string): string {
  const blank = (text: string): string => text.replaceAll(/[^\n]/g, " ");
  const bare = (css: string): string => css.replaceAll(/\/\*[\s\S]*?\*\//g, blank);
  if (file.endsWith(".css")) return bare(source);
  const sheet = /<style[^>]*>([\s\S]*?)<\/style>/.exec(source);
  if (!sheet?.[1]) return "";
  const start = sheet.index + sheet[0].indexOf(sheet[1]);
  return blank(source.slice(0, start)) + bare(sheet[1]);
}

/** Physical declarations as `line: property: value`. */
function physicalIn(file: string, source: string): string[] {
  const css = styleOf(file, source);
  return [...css.matchAll(/(?<=[{;]\s*)([a-z-]+)\s*:\s*([^;{}]+)/g)]
    .filter(([, property = "", value = ""]) => isPhysical(property, value.trim()))
    .map(
      ({ 0: text, index }) =>
        `${css.slice(0, index).split("\n").length}: ${text.trim().replaceAll(/\s+/g, " ")}`,
    );
}

describe("styles mirror by themselves", () => {
  test("no style names left or right, but for the canvas", () => {
    expect(styled.length).toBeGreaterThan(50);
    const wrong = styled.flatMap((file) =>
      physicalIn(file, read(file)).map((at) => `${file}:${at}`),
    );
    expect(wrong).toEqual([]);
  });

  test.each([
    ["p { margin-left: 4px; }", "1: margin-left: 4px"],
    ["p {\n  color: red;\n  padding: 1px 2px 3px 4px;\n}", "3: padding: 1px 2px 3px 4px"],
    ["p { text-align: right }", "1: text-align: right"],
    ["@media (x) { p { left: 0; } }", "1: left: 0"],
    ["p { border-radius: 8px 0 0 8px; }", "1: border-radius: 8px 0 0 8px"],
  ])("%s is seen", (css, found) => {
    expect(physicalIn("x.css", css)).toEqual([found]);
  });

  test.each([
    "p { margin-inline-start: 4px; inset-inline: 0; }",
    "p { padding: 1px 2px 3px 2px; }",
    "p { margin: 0 calc(1px + 2px) 0 calc(1px + 2px); }",
    "/* left: 0; */ p { text-align: start; }",
    "p:has(a:left) { color: red; }",
  ])("%s is allowed", (css) => {
    expect(physicalIn("x.css", css)).toEqual([]);
  });
});

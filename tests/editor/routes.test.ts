import { expect, test } from "vitest";
import { read } from "../tree.ts";

const paths = (text: string): string[] =>
  [...text.matchAll(/"(\/[a-z/:-]+)"/g)].map((m) => m[1] ?? "");

test("the program serves every page that the editor's router knows, so that a reload finds it", () => {
  const known = [...read("editor/src/lib/router.svelte.ts").matchAll(/path: "(\/[^"]+)"/g)].map(
    (m) => m[1],
  );
  const served = /PAGES = \[([^\]]*)\]/.exec(read("engine/http/editor.ts"))?.[1] ?? "";
  expect(known.length).toBeGreaterThan(5);
  expect(paths(served).sort()).toEqual(known.sort());
});

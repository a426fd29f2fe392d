import { describe, expect, test } from "vitest";
import { impurities } from "./purity.ts";
import { importsOf, lineOf, ourFiles, parse, read } from "./tree.ts";

/** A part of the program, and what it may know of the others. The first layer that fits a file is its own. */
interface Layer {
  name: string;
  files: RegExp;
  /** Files it may import; its own are always allowed. */
  may: RegExp[];
  /** Files of which it may import types alone. */
  types?: RegExp[];
  /** The only packages it may import; absent: any. */
  packages?: string[];
}

const NODES = /^nodes\//;
const CORE = /^engine\/core\//;
const STORE = /^engine\/store\//;
const CHANNELS = /^engine\/channels\//;
const CONTACTS = /^engine\/contacts\//;
const INBOX = /^engine\/inbox\//;
const REPORTS = /^engine\/reports\//;
const SIMULATE = /^engine\/simulate\//;
const ACCOUNTS = /^engine\/accounts\//;
const WHY = /^engine\/why\//;
const TIME_MACHINE = /^engine\/time-machine\//;
const SHELL = /^engine\/[^/]+\.ts$/;
const HTTP = /^engine\/http\//;
const COMMANDS = /^engine\/(?:cli|main)(?:\.ts$|\/)/;
const FLOWS = /^flows\/.*\.json$/;
const STORE_INTERFACE = /^engine\/store\/(?:store|accounts)\.ts$/;
const ROOTS = /^engine\/(?:cli|main)\.ts$/;

const LAYERS: Layer[] = [
  { name: "nodes/", files: NODES, may: [], packages: ["typebox"] },
  {
    name: "engine/core/",
    files: CORE,
    may: [NODES],
    packages: ["handlebars", "croner", "ajv", "typebox", "simple-statistics"],
  },
  { name: "engine/store/", files: STORE, may: [NODES, CORE] },
  { name: "engine/channels/", files: CHANNELS, may: [NODES, CORE] },
  { name: "engine/contacts/", files: CONTACTS, may: [NODES, CORE] },
  {
    name: "engine/accounts/",
    files: ACCOUNTS,
    may: [NODES, CORE, CONTACTS],
    types: [STORE_INTERFACE],
  },
  { name: "engine/inbox/", files: INBOX, may: [NODES, CORE], types: [STORE_INTERFACE] },
  { name: "engine/reports/", files: REPORTS, may: [NODES, CORE], types: [STORE_INTERFACE] },
  { name: "engine/why/", files: WHY, may: [NODES, CORE], types: [STORE_INTERFACE] },
  { name: "engine/simulate/", files: SIMULATE, may: [NODES, CORE, CONTACTS] },
  {
    name: "engine/time-machine/",
    files: TIME_MACHINE,
    may: [NODES, CORE, CONTACTS, SIMULATE, WHY],
  },
  {
    name: "engine/http/",
    files: HTTP,
    may: [
      ...[NODES, CORE, STORE, CHANNELS, CONTACTS, INBOX, REPORTS, WHY, SIMULATE, TIME_MACHINE],
      ...[SHELL, FLOWS, ACCOUNTS],
    ],
  },
  {
    name: "engine/cli and main",
    files: COMMANDS,
    may: [NODES, /^engine\//, FLOWS, /^package\.json$/],
  },
  {
    name: "the files of engine/ itself",
    files: SHELL,
    may: [NODES, CORE, STORE, CHANNELS, CONTACTS, INBOX, REPORTS, ACCOUNTS],
  },
  { name: "editor/", files: /^editor\//, may: [NODES], types: [/^engine\//] },
];

const files = ourFiles();
const isCode = (f: string) => /^(?:nodes|engine|editor)\//.test(f) && /\.(?:ts|js|svelte)$/.test(f);
const code = files.filter(isCode);
const imports = new Map(code.map((f) => [f, importsOf(parse(f))]));
const layerOf = (file: string) => LAYERS.find((l) => l.files.test(file));

/** Imports of a layer's files by path that its arrows don't allow. */
function againstTheArrows(layer: Layer): string[] {
  const wrong: string[] = [];
  for (const file of code.filter((f) => layerOf(f) === layer)) {
    for (const { file: target, typeOnly, line } of imports.get(file) ?? []) {
      if (target === null || layerOf(target) === layer) continue;
      const allowed = typeOnly ? [...layer.may, ...(layer.types ?? [])] : layer.may;
      if (!allowed.some((may) => may.test(target))) wrong.push(`${file}:${line} imports ${target}`);
    }
  }
  return wrong;
}

/** Rings of imports that are still there after compiling, each as `a → b → a`. */
function cycles(among: string[]): string[] {
  const state = new Map<string, "open" | "done">();
  const path: string[] = [];
  const found: string[] = [];
  const visit = (file: string): void => {
    state.set(file, "open");
    path.push(file);
    for (const { file: target, typeOnly } of imports.get(file) ?? []) {
      if (target === null || typeOnly || !among.includes(target)) continue;
      if (state.get(target) === "open") {
        found.push([...path.slice(path.indexOf(target)), target].join(" → "));
      } else if (!state.has(target)) visit(target);
    }
    path.pop();
    state.set(file, "done");
  };
  for (const file of among) if (!state.has(file)) visit(file);
  return found;
}

describe("arrows", () => {
  test("every source file belongs to a part whose arrows are known", () => {
    expect(code.filter((f) => !layerOf(f))).toEqual([]);
  });

  test("every import by path names a file that exists", () => {
    const missing = code.flatMap((f) =>
      (imports.get(f) ?? [])
        .filter(({ file }) => file !== null && !files.includes(file))
        .map(({ file, line }) => `${f}:${line} imports ${file}`),
    );
    expect(missing).toEqual([]);
  });

  for (const layer of LAYERS) {
    const only = layer.may.length === 0 ? "itself alone" : "only what lies below it";
    test(`${layer.name} imports ${only}`, () => {
      expect(againstTheArrows(layer)).toEqual([]);
    });
  }

  for (const layer of LAYERS) {
    const { packages } = layer;
    if (!packages) continue;
    test(`${layer.name} imports no package but ${packages.join(", ")}`, () => {
      const wrong = code
        .filter((f) => layerOf(f) === layer)
        .flatMap((f) =>
          (imports.get(f) ?? [])
            .filter((i) => i.package !== null && !packages.includes(i.package))
            .map((i) => `${f}:${i.line} imports ${i.package}`),
        );
      expect(wrong).toEqual([]);
    });
  }

  test("nobody imports main.ts or cli.ts", () => {
    const wrong = code.flatMap((f) =>
      (imports.get(f) ?? [])
        .filter(({ file }) => file !== null && ROOTS.test(file))
        .map(({ file, line }) => `${f}:${line} imports ${file}`),
    );
    expect(wrong).toEqual([]);
  });

  test("no code imports tests", () => {
    const wrong = code.filter((f) => imports.get(f)?.some((i) => i.file?.startsWith("tests/")));
    expect(wrong).toEqual([]);
  });

  test("nodes/ and engine/ have no ring of imports", () => {
    expect(cycles(code.filter((f) => /^(?:nodes|engine)\//.test(f)))).toEqual([]);
  });
});

describe("purity of nodes/ and engine/core/", () => {
  const pure = code.filter((f) => NODES.test(f) || CORE.test(f));

  test("no file reads the clock, chance or the world outside", () => {
    expect(pure.flatMap((f) => impurities(f))).toEqual([]);
  });

  test.each([
    ["Date.now()", "Date.now"],
    ["const { now } = Date", "Date as a value"],
    ["new Date()", "new Date() without argument"],
    ["new Date", "new Date() without argument"],
    ["Date()", "Date as a value"],
    ["Math.random()", "Math.random"],
    ["[1].map(Math['random'])", "Math as a value"],
    ["Temporal.Now.instant()", "Temporal.Now"],
    ["globalThis.Date", "globalThis"],
    ["await fetch(url)", "fetch"],
    ["setTimeout(f, 1)", "setTimeout"],
    ["process.env.X", "process"],
    ["crypto.randomUUID()", "crypto"],
  ])("%s is seen", (text, what) => {
    expect(impurities("x.ts", `export const x = 1;\n${text};`)).toEqual([`x.ts:2: ${what}`]);
  });

  test.each([
    "new Date(0)",
    "Date.UTC(2026, 0, 1)",
    "value instanceof Date",
    "const d: Date = new Date(now)",
    "Math.floor(1.5)",
    "Temporal.Instant.from(text)",
    "contact.process",
    "({ fetch: 1 })",
    "// Date.now() and new Date() in a comment",
    "'Math.random()'",
    "if (import.meta.main) await Bun.write('a', 'b')",
  ])("%s is allowed", (text) => {
    expect(impurities("x.ts", text)).toEqual([]);
  });
});

describe("shape", () => {
  test("the top level holds what newcomers expect there and nothing else", () => {
    const expected = new Set([
      ...["engine", "editor", "nodes", "flows", "tests"],
      ...["package.json", "package-lock.json", "tsconfig.json", "bunfig.toml"],
      ...["README.md", "LICENSE", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"],
      ...["SECURITY.md", "Dockerfile", "compose.yaml"],
    ]);
    const names = new Set(files.map((f) => f.split("/")[0] ?? ""));
    expect([...names].filter((n) => !expected.has(n) && !n.startsWith("."))).toEqual([]);
  });

  test("a source file has at most 400 lines", () => {
    const own = files.filter((f) => /\.(?:ts|js|svelte)$/.test(f));
    const long = own
      .map((f) => ({ file: f, lines: read(f).trimEnd().split("\n").length }))
      .filter(({ lines }) => lines > 400);
    expect(long).toEqual([]);
  });

  test("an import is found wherever it stands, with its line, and types are told apart", () => {
    const text = [
      'import type { A } from "../core/a.ts";',
      'import { type B } from "./b.ts";',
      'export * from "@scope/name/deep";',
      'export type { C } from "typebox";',
      'const d = await import("node:fs");',
      'let e: import("./e.ts").E;',
      '// import "./comment.ts";',
    ].join("\n");
    const source = parse("engine/store/x.ts", text);
    expect(importsOf(source)).toEqual([
      { file: "engine/core/a.ts", package: null, typeOnly: true, line: 1 },
      { file: "engine/store/b.ts", package: null, typeOnly: false, line: 2 },
      { file: null, package: "@scope/name", typeOnly: false, line: 3 },
      { file: null, package: "typebox", typeOnly: true, line: 4 },
      { file: null, package: "node:fs", typeOnly: false, line: 5 },
      { file: "engine/store/e.ts", package: null, typeOnly: true, line: 6 },
    ]);
    expect(lineOf(source, source)).toBe(1);
  });
});

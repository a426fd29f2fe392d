import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { pathToFileURL } from "node:url";
import Ajv from "ajv/dist/2020.js";
import { afterAll, describe, expect, test } from "vitest";
import type { Ctx, NodeType, Step } from "../nodes/node.ts";
import { ourFiles, ROOT, read } from "./tree.ts";

const files = ourFiles();
const folders = new Set(
  files.flatMap((f) => f.split("/").map((_, i, all) => all.slice(0, i).join("/"))),
);
const documents = files.filter((f) => f.endsWith(".md"));
const exists = (path: string) => files.includes(path) || folders.has(path.replace(/\/$/, ""));

/** A document without its fenced code, line by line. */
const prose = (file: string) => read(file).replace(/^```[\s\S]*?^```/gm, "");

/** The anchor that a heading gets on the usual hosts. */
const anchor = (heading: string) =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
const anchors = (file: string) =>
  [...prose(file).matchAll(/^#{1,6} (.+)$/gm)].map((match) => anchor(match[1] ?? ""));

describe("documents", () => {
  test.each([
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "LICENSE",
  ])("%s is there", (name) => {
    expect(files).toContain(name);
  });

  test("every link inside the project leads to a file, and every anchor to a heading", () => {
    const broken = documents.flatMap((file) =>
      [...prose(file).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = ""]) => {
        if (/^(?:[a-z]+:|\/\/)/.test(link)) return [];
        const [path = "", hash] = link.split("#");
        const target = path === "" ? file : posix.join(posix.dirname(file), path);
        const found = exists(target) && (!hash || anchors(target).includes(hash));
        return found ? [] : [`${file}: ${link}`];
      }),
    );
    expect(broken).toEqual([]);
  });

  test("every path of ours that the top-level documents name exists", () => {
    // CONTRIBUTING shows how these two are made.
    const examples = ["nodes/office-hours.ts", "tests/nodes/office-hours.test.ts"];
    const missing = documents
      .filter((file) => !file.includes("/") && file !== "CHANGELOG.md")
      .flatMap((file) =>
        [...read(file).matchAll(/\b(?:nodes|engine|editor|flows|tests)\/[\w./-]*\w(?:\.\w+|\/)/g)]
          .map(([path]) => path)
          .filter((path) => !exists(path) && !examples.includes(path))
          .map((path) => `${file}: ${path}`),
      );
    expect(missing).toEqual([]);
  });

  test("every npm script that a document names exists", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const named = documents.flatMap((file) =>
      [...read(file).matchAll(/\bnpm (?:run ([\w:-]+)|(test|start)\b)/g)].map((match) => ({
        file,
        script: match[1] ?? match[2] ?? "",
      })),
    );
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter(({ script }) => !(script in scripts))).toEqual([]);
  });

  test("the licence of package.json is the text of LICENSE", () => {
    expect(JSON.parse(read("package.json")).license).toBe("AGPL-3.0-only");
    expect(
      read("LICENSE")
        .split("\n", 2)
        .map((line) => line.trim()),
    ).toEqual(["GNU AFFERO GENERAL PUBLIC LICENSE", "Version 3, 19 November 2007"]);
  });
});

describe("ARCHITECTURE.md", () => {
  const text = read("ARCHITECTURE.md");

  test("opens with the words that the code uses", () => {
    const first = text.slice(0, text.indexOf("\n## ", text.indexOf("## Words") + 1));
    const words = [...first.matchAll(/^\| \*\*(.+?)\*\* \|/gm)].map(([, word]) => word);
    expect(words).toEqual(
      expect.arrayContaining([
        ...["contact", "flow", "version", "node", "output", "enrollment", "step", "message"],
        ...["outbox", "channel", "receipt", "segment", "tag", "rule", "journal", "tick", "turn"],
        "store",
      ]),
    );
    expect(text.indexOf("## Words")).toBeLessThan(text.indexOf("## The way of a contact"));
  });

  test("names every folder of the engine", () => {
    const parts = [...folders].filter((f) => /^engine\/[^/]+$/.test(f));
    expect(parts.filter((part) => !text.includes(`${part}/`))).toEqual([]);
  });
});

describe("CONTRIBUTING.md", () => {
  const folder = mkdtempSync(join(tmpdir(), "tawasul-docs-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The node that the document shows, loaded as if it lay in nodes/. */
  async function shown(): Promise<NodeType> {
    const block = /```ts\n([\s\S]*?)```/.exec(read("CONTRIBUTING.md"))?.[1] ?? "";
    const file = join(folder, "office-hours.ts");
    const nodes = pathToFileURL(join(ROOT, "nodes")).href;
    writeFileSync(file, block.replaceAll('from "./', `from "${nodes}/`));
    const module = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
      default: NodeType;
    };
    return module.default;
  }

  test("shows a node whose example fits its schema", async () => {
    const type = await shown();
    expect(type.type).toBe("office-hours");
    const fits = new Ajv({ strict: false }).compile(type.data);
    expect([fits(type.example), fits.errors]).toEqual([true, null]);
    expect(fits({ ...type.example, windw: {} })).toBe(false);
  });

  test("shows a node that leaves by the output it promises", async () => {
    const type = await shown();
    const leave = (opening: number) => {
      const ctx: Pick<Ctx, "opening"> = { opening: () => opening };
      const step: Pick<Step<unknown>, "data" | "now"> = { data: type.example, now: 1_000 };
      return type.run(step as Step<unknown>, ctx as Ctx);
    };
    expect(leave(1_000)).toEqual({ leave: "open" });
    expect(leave(2_000)).toEqual({ leave: "closed" });
    expect(type.outputs(type.example).map((output) => output.id)).toEqual(["open", "closed"]);
  });
});

import { describe, expect, test } from "vitest";
import { ourFiles, read } from "./tree.ts";

interface Entry {
  version?: string;
  resolved?: string;
  link?: boolean;
  optionalDependencies?: Record<string, string>;
}
const lock = JSON.parse(read("package-lock.json")) as {
  lockfileVersion: number;
  packages: Record<string, Entry>;
};
const entries = Object.entries(lock.packages).filter(([path]) => path !== "");

/** Where npm looks for a package that `from` asks for: beside it, then in each folder above. */
function places(from: string, name: string): string[] {
  const out: string[] = [];
  let folder = from;
  while (folder !== "") {
    out.push(`${folder}/node_modules/${name}`);
    const above = folder.lastIndexOf("/node_modules/");
    folder = above < 0 ? "" : folder.slice(0, above);
  }
  return [...out, `node_modules/${name}`];
}

describe("package-lock.json", () => {
  test("every optional package is in the lock file, so that npm ci works on every platform", () => {
    const missing = Object.entries(lock.packages).flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {})
        .filter((name) => !places(path, name).some((place) => lock.packages[place]))
        .map((name) => `${name}, asked for by ${path || "the project"}`),
    );
    expect(missing).toEqual([]);
  });

  test("every entry has a version", () => {
    expect(entries.filter(([, e]) => !e.version && !e.link).map(([path]) => path)).toEqual([]);
  });

  test("no entry names the address it was fetched from", () => {
    expect(entries.filter(([, e]) => e.resolved !== undefined).map(([path]) => path)).toEqual([]);
  });

  test("it fits package.json", () => {
    const { dependencies, devDependencies } = JSON.parse(read("package.json")) as Record<
      string,
      Record<string, string>
    >;
    const root = lock.packages[""] as Record<string, unknown>;
    expect(root.dependencies).toEqual(dependencies);
    expect(root.devDependencies).toEqual(devDependencies);
  });

  test("it is the only lock file", () => {
    const others = /(?:^|\/)(?:bun\.lockb?|yarn\.lock|pnpm-lock\.yaml|npm-shrinkwrap\.json)$/;
    expect(ourFiles().filter((f) => others.test(f))).toEqual([]);
  });
});

describe("package registries", () => {
  // Written in parts, for this file is searched too.
  const name = `(?:regis${"try"}|npm)\\.[a-z0-9.-]+`;
  const host = new RegExp(`//(?:[^\\s/]*@)?${name}|\\b${name}\\.(?:org|com|net|io)\\b`, "i");
  const setting = new RegExp(`^[^\\n]*(?:regis${"try"}|_authToken)[ \\t]*=[ \\t]*https?:`, "im");
  const binary = /\.(?:png|jpe?g|ico|woff2?|pdf|gz|zip|xlsx|sqlite)$/;

  test("no file of ours names a registry's host", () => {
    const named = ourFiles()
      .filter((f) => !binary.test(f))
      .filter((f) => host.test(read(f)) || setting.test(read(f)));
    expect(named).toEqual([]);
  });

  test.each([
    `https://${"regis"}try.example/typebox/-/typebox-1.0.0.tgz`,
    `//user:pass@${"regis"}try.corp.example:4873/`,
    `${"np"}m.corp.example.com`,
  ])("a host like that of %s would be seen", (address) => {
    expect(host.test(address)).toBe(true);
  });

  test.each(["registry.nodes.map(f)", "tests/registry.test.ts", "npm.version"])(
    "%s is no host",
    (text) => {
      expect(host.test(text)).toBe(false);
    },
  );

  test("a registry set in a settings file would be seen", () => {
    expect(setting.test(`save-exact=true\nregis${"try"}=http://10.0.0.1/`)).toBe(true);
  });
});

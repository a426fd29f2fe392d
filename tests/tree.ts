import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, posix, resolve } from "node:path";
import ts from "typescript";

/** The checkout's folder, absolute. */
export const ROOT = resolve(import.meta.dirname, "..");

/** What git keeps or would keep: paths relative to the checkout, with `/`, sorted. */
export function ourFiles(): string[] {
  const out = execFileSync(
    "git",
    ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    { cwd: ROOT, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  // A file that was deleted but not yet committed is still listed.
  return [...new Set(out.split("\0"))].filter((f) => f && existsSync(join(ROOT, f))).sort();
}

/** The text of a file named as `ourFiles` does. */
export const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

/** One import of a file: by path (`file`, relative to the checkout) or by package name. */
export interface Import {
  file: string | null;
  /** `typebox`, `@scope/name`, `node:fs`; null for an import by path. */
  package: string | null;
  /** Gone after compiling: `import type`, `export type … from`, `typeof import()`. */
  typeOnly: boolean;
  line: number;
}

const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

/** The script of a source file: a Svelte component's `<script>` blocks, else the file as it is. */
function scriptOf(file: string): string {
  const text = read(file);
  if (!file.endsWith(".svelte")) return text;
  // Everything else is blanked, so that line numbers stay those of the file.
  const blank = (s: string) => s.replace(/[^\n]/g, " ");
  let out = "";
  let end = 0;
  for (const match of text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)) {
    const start = match.index + match[0].indexOf(">") + 1;
    out += blank(text.slice(end, start)) + match[1];
    end = start + (match[1]?.length ?? 0);
  }
  return out + blank(text.slice(end));
}

/** Parses one of our source files; comments and texts are told apart from code. */
export const parse = (file: string, text = scriptOf(file)): ts.SourceFile =>
  ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TS);

export const lineOf = (source: ts.SourceFile, node: ts.Node): number =>
  source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;

/** The module text of an import, export-from, `import()` or `import("x").T`, if the node is one. */
function specifierOf(node: ts.Node): { text: string; typeOnly: boolean } | null {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    const typeOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
    return { text: node.moduleSpecifier.text, typeOnly };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    if (!ts.isStringLiteral(node.moduleSpecifier)) return null;
    return { text: node.moduleSpecifier.text, typeOnly: node.isTypeOnly };
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [argument] = node.arguments;
    return argument && ts.isStringLiteralLike(argument)
      ? { text: argument.text, typeOnly: false }
      : null;
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    const { literal } = node.argument;
    return ts.isStringLiteral(literal) ? { text: literal.text, typeOnly: true } : null;
  }
  return null;
}

/** Every import of a parsed file, wherever in it. */
export function importsOf(source: ts.SourceFile): Import[] {
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier) {
      const { text, typeOnly } = specifier;
      const byPath = text.startsWith(".") || text.startsWith("/");
      found.push({
        file: byPath ? posix.join(posix.dirname(source.fileName), text) : null,
        package: byPath ? null : packageOf(text),
        typeOnly,
        line: lineOf(source, node),
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

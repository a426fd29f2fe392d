/**
 * Whether every status and problem that the OpenAPI document declares was answered by some test, read from what the
 * tests of a whole run wrote down (`API_SEEN` names the folder; see `tests/run.ts`).
 */
import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Document } from "./conform.ts";

/** `GET /api/flows/{id} 200`, `GET /api/flows/{id} urn:tawasul:problem:not-found` */
const declared = (document: Document): string[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { responses }]) =>
      Object.entries(responses).flatMap(([status, { content }]) => {
        const place = `${method.toUpperCase()} ${path}`;
        const problem = content["application/problem+json"]?.schema as
          | { allOf?: { properties?: { type?: { enum?: string[] } } }[] }
          | undefined;
        const types = problem?.allOf?.[1]?.properties?.type?.enum;
        return types ? types.map((type) => `${place} ${type}`) : [`${place} ${status}`];
      }),
    ),
  );

/** A folder is named where a whole run wants to know. */
export function writeDown(place: string): void {
  const folder = process.env.API_SEEN;
  if (folder) appendFileSync(join(folder, `seen-${process.pid}`), `${place}\n`);
}

/** The document as the tests saw it is written down too: it needs no app to be read. */
export function writeDeclared(document: Document): void {
  const folder = process.env.API_SEEN;
  if (folder)
    appendFileSync(join(folder, `declared-${process.pid}`), `${declared(document).join("\n")}\n`);
}

function linesOf(folder: string, kind: string): Set<string> {
  const files = readdirSync(folder).filter((name) => name.startsWith(kind));
  const text = files.map((name) => readFileSync(join(folder, name), "utf8")).join("");
  return new Set(text.split("\n").filter((line) => line !== ""));
}

if (import.meta.main) {
  const folder = process.env.API_SEEN ?? "";
  const [all, seen] = [linesOf(folder, "declared-"), linesOf(folder, "seen-")];
  const missing = [...all].filter((place) => !seen.has(place)).sort();
  if (all.size === 0) throw new Error(`no test wrote down what the API answers, in “${folder}”`);
  if (missing.length > 0) {
    process.stderr.write(
      `Declared, and answered by no test:\n${missing.map((place) => `  ${place}\n`).join("")}`,
    );
    process.exitCode = 1;
  }
}

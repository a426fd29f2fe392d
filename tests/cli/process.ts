import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, vi } from "vitest";

// Each step starts a process, which takes seconds on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 120_000 });

export const ROOT = resolve(import.meta.dirname, "../..");
export const CLI = join(ROOT, "engine/cli.ts");

const folders: string[] = [];
const children: { kill(signal: "SIGKILL"): void }[] = [];
afterEach(() => {
  // A test that failed half-way leaves no program running.
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder that goes when the test ends. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tawasul-cli-"));
  folders.push(folder);
  return folder;
}

export interface Result {
  code: number;
  out: string;
  err: string;
}

/** The command line as people run it, in a folder of its own and with none of our settings. */
export class Workspace {
  readonly folder = tempFolder();
  env: Record<string, string> = {};

  spawn(...args: string[]) {
    const child = Bun.spawn([process.execPath, CLI, ...args], {
      cwd: this.folder,
      env: { PATH: process.env.PATH ?? "", HOME: this.folder, NO_COLOR: "1", ...this.env },
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
    });
    children.push(child);
    return child;
  }

  async run(...args: string[]): Promise<Result> {
    return this.runWith("", ...args);
  }

  /** Hands it a text on standard input. */
  async runWith(stdin: string, ...args: string[]): Promise<Result> {
    const child = this.spawn(...args);
    child.stdin.write(stdin);
    await child.stdin.end();
    const [out, err, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    return { code, out, err };
  }

  /** A run that must succeed; gives its standard output. */
  async ok(...args: string[]): Promise<string> {
    const { code, out, err } = await this.run(...args);
    if (code !== 0) throw new Error(`tawasul ${args.join(" ")} ended with ${code}: ${out}${err}`);
    return out;
  }

  file(name: string, content: string | object): string {
    writeFileSync(
      join(this.folder, name),
      typeof content === "string" ? content : JSON.stringify(content),
    );
    return name;
  }

  /** A file in a folder of its own. */
  folderFile(folder: string, name: string, content: string | object): string {
    mkdirSync(join(this.folder, folder), { recursive: true });
    return this.file(join(folder, name), content);
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  /** JSON Lines of a file. */
  lines(name: string): Record<string, unknown>[] {
    return jsonLines(this.read(name));
  }
}

export const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** Manual start, a welcome, a day's wait, a second mail, a tag. Transactional mails pass windows and consent. */
export const WELCOME = {
  format: 1,
  id: "welcome",
  name: { en: "Welcome", ar: "ترحيب" },
  parameters: { brand: { default: "Acme" } },
  nodes: [
    { id: "start", type: "trigger.manual", position: { x: 0, y: 0 }, data: {} },
    {
      id: "hello",
      type: "email",
      position: { x: 0, y: 100 },
      data: {
        subject: "Hello {{contact.first_name}}",
        body: "Welcome to {{param.brand}}. {{links.unsubscribe}}",
      },
    },
    { id: "pause", type: "wait", position: { x: 0, y: 200 }, data: { for: "P1D" } },
    {
      id: "second",
      type: "email",
      position: { x: 0, y: 300 },
      data: { subject: "Again", body: "Still here." },
    },
    {
      id: "mark",
      type: "tag",
      position: { x: 0, y: 400 },
      data: { add: [{ tag: "welcomed" }] },
    },
  ],
  edges: [
    { id: "e1", source: "start", target: "hello" },
    { id: "e2", source: "hello", target: "pause" },
    { id: "e3", source: "pause", target: "second" },
    { id: "e4", source: "second", target: "mark" },
  ],
};

/** A CSV of so many people who allow e-mails. */
export function people(count: number): string {
  const rows = Array.from(
    { length: count },
    (_, i) => `person${i}@example.com,Person ${i},email|sms`,
  );
  return `email,first_name,consent\n${rows.join("\n")}\n`;
}

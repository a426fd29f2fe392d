import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sparticuz from "@sparticuz/chromium";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { ROOT } from "../tree.ts";

/** A program that runs on a data folder of its own, with a browser beside it. */
export interface Site {
  url: string;
  browser: Browser;
  /** A page in a fresh profile; everything that went wrong in it is in `faults`. */
  open(path: string, options?: OpenOptions): Promise<Opened>;
  /** `GET`, or `POST` (`PUT` …) with a body, to the API; the answer's JSON. Throws unless it was 2xx. */
  api<T = unknown>(path: string, body?: unknown, method?: string): Promise<T>;
  /** Ends the program at once, as a power cut would. */
  crash(): Promise<void>;
  /** Starts it again after a crash, at the same address. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface OpenOptions extends BrowserContextOptions {
  /** As somebody who was never here before: the tour shows by itself. */
  newcomer?: boolean;
  /** As somebody who isn't signed in; else it is the owner, where there is one. */
  stranger?: boolean;
}

/** Whoever is the owner where there is one. */
export const OWNER = {
  name: "Sara Al-Amin",
  email: "sara@acme.example",
  password: "a few plain words",
  language: "en",
};

export interface Opened {
  page: Page;
  /** Errors in the console, uncaught errors, and breaches of the content security policy. */
  faults: string[];
}

const FLAGS = [
  ...[
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
  ],
  ...["--disable-sync", "--no-first-run", "--disable-dev-shm-usage"],
];

/**
 * Starts the program on an empty folder (with the sample people unless told otherwise) and a browser. With `owner` there
 * is one, and pages and calls of the API are theirs; else the machine is open to whoever sits at it.
 */
export async function openSite({ sample = true, owner = false } = {}): Promise<Site> {
  mustBeBuilt();
  const folder = mkdtempSync(join(tmpdir(), "tawasul-browser-"));
  const [program, browser] = await Promise.all([startProgram(folder, sample), startBrowser()]);
  const { url } = program;
  const cookie = owner ? await makeOwner(url) : null;
  let { child } = program;
  const end = async (signal: "SIGTERM" | "SIGKILL"): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill(signal);
    await ended;
  };
  return {
    url,
    browser,
    open: (path, options = {}) =>
      openPage(browser, `${url}${path}`, options.stranger ? null : cookie, options),
    async api<T>(path: string, body?: unknown, method = body === undefined ? "GET" : "POST") {
      const answer = await fetch(`${url}/api${path}`, {
        method,
        headers: {
          ...(cookie ? { cookie } : {}),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as T;
    },
    crash: () => end("SIGKILL"),
    async restart() {
      ({ child } = await startProgram(folder, false, new URL(url).port));
    },
    async close() {
      await browser.close();
      await end("SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes the owner; returns the cookie of their session. */
async function makeOwner(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/session/owner`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(OWNER),
  });
  if (!answer.ok) throw new Error(`there is no owner: ${await answer.text()}`);
  return answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

async function openPage(
  browser: Browser,
  url: string,
  cookie: string | null,
  { newcomer = false, stranger: _, ...options }: OpenOptions,
): Promise<Opened> {
  const context = await browser.newContext({
    locale: "en-GB",
    viewport: { width: 1280, height: 860 },
    ...options,
  });
  // Frames of messages have no storage.
  const seen = "if (self === top) localStorage.setItem('tawasul.tour', 'done')";
  if (!newcomer) await context.addInitScript(seen);
  if (cookie !== null) {
    const [name = "", value = ""] = cookie.split("=");
    const { origin } = new URL(url);
    await context.addCookies([{ name, value, url: origin, httpOnly: true, sameSite: "Strict" }]);
  }
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.goto(url);
  return { page, faults };
}

async function startBrowser(): Promise<Browser> {
  const own = [process.env.CHROMIUM, "/usr/bin/chromium"].find((file) => file && existsSync(file));
  const executablePath = own ?? (await sparticuz.executablePath());
  return chromium.launch({ executablePath, args: FLAGS, headless: true });
}

function startProgram(
  folder: string,
  sample: boolean,
  port = "0",
): Promise<{ url: string; child: ChildProcess }> {
  const args = ["engine/cli.ts", "start", "--port", port, "--data", folder, "--json"];
  const env = { ...process.env, DATABASE_URL: "", SMTP_URL: "", TAWASUL_URL: undefined };
  const child = spawn("bun", sample ? [...args, "--sample"] : args, { cwd: ROOT, env });
  let said = "";
  let complained = "";
  return new Promise((done, fail) => {
    child.stderr.on("data", (data) => {
      complained += String(data);
    });
    child.stdout.on("data", (data) => {
      said += String(data);
      const url = /"url": "([^"]+)"/.exec(said)?.[1];
      if (url) done({ url, child });
    });
    child.once("exit", (code) => fail(new Error(`the program ended with ${code}: ${complained}`)));
  });
}

/** What is looked at must be what is in the folder. */
function mustBeBuilt(): void {
  const built = join(ROOT, "editor", "dist", "index.html");
  const at = existsSync(built) ? statSync(built).mtimeMs : 0;
  const newer = sources(join(ROOT, "editor", "src")).find((file) => statSync(file).mtimeMs > at);
  if (newer) {
    throw new Error(
      `${newer} is newer than the built editor: run “npm run build” before its tests`,
    );
  }
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

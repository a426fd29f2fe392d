import type { Context } from "hono";
import type { Instant, Label, Language } from "../../nodes/index.ts";
import type { Accounts } from "../accounts/accounts.ts";
import type { Principal } from "../accounts/roles.ts";
import type { Clock } from "../clock.ts";
import type { Engine } from "../engine.ts";
import type { Jobs } from "../jobs.ts";
import type { Links } from "../links.ts";
import type { Store } from "../store/store.ts";
import type { Gate } from "./gate.ts";
import type { Limits } from "./limits.ts";
import type { Once } from "./once.ts";
import type { Receive, UploadOptions } from "./upload.ts";

/** What the web face works with. */
export interface AppOptions {
  store: Store;
  accounts: Accounts;
  links: Links;
  clock: Clock;
  /** Null where another process runs the engine: it hears of what arrives at its next tick. */
  engine: Pick<Engine, "wake" | "lastTick"> | null;
  /** `host:port` under which this machine may ask while there is no owner. */
  hosts: readonly string[];
  /** The address under which others reach the program, through a proxy in front; null: none was set up. */
  publicUrl: string | null;
  /** No channel is set up: every message stays in the built-in outbox. */
  outboxOnly: boolean;
  /** Folder of the built editor, served in place of the plain pages; absent: those. */
  editor?: string;
  /** An unguessable id. */
  newId: () => string;
  jobs: Jobs;
  uploads: UploadOptions;
  /** Seals what is kept of answers. */
  secret: string;
  /** The secrets that flows name. */
  named: (name: string) => string | undefined;
  /** Tells the operator of an error that nobody expected. */
  warn: (message: string) => void;
}

/** What middleware leaves for the routes. */
export interface Env {
  /** What the server says of a connection; absent in a request that is made inside the program. */
  Bindings: { address?: string };
  Variables: {
    lang: Language;
    /** Where the request comes from; "" inside the program. */
    address: string;
    limits: Limits;
    gate: Gate;
    /** Who was let through to the route. */
    who?: Principal;
    /** Whether they would be let through again: a stream asks now and then. */
    still?: () => Promise<boolean>;
    /** The same as one word; absent for whoever sits at the machine. */
    caller?: string;
    once: Once;
    receive: Receive;
  };
}

export type Ctx = Context<Env>;

/** The caller's language: `?lang=`, else the one of English and Arabic that the browser asks for first. */
export function languageOf(c: Ctx): Language {
  const asked = c.req.query("lang");
  if (asked === "en" || asked === "ar") return asked;
  let best: { lang: Language; q: number } = { lang: "en", q: 0 };
  for (const part of (c.req.header("accept-language") ?? "").slice(0, 500).split(",")) {
    const [tag = "", ...params] = part.trim().toLowerCase().split(";");
    const [language] = tag.split("-");
    const q = Number(/^\s*q=([\d.]+)/.exec(params[0] ?? "q=1")?.[1] ?? 1);
    if ((language === "en" || language === "ar") && q > best.q) best = { lang: language, q };
  }
  return best.lang;
}

/** Keeps a language that was asked for in the address of the next page. */
export const langIn = (c: Ctx, join: "?" | "&"): string =>
  c.req.query("lang") === undefined ? "" : `${join}lang=${c.get("lang")}`;

/** A sentence in the caller's language. */
export const say = (c: Ctx, label: Label): string => label[c.get("lang")];

/** Something was written: the engine looks at once. */
export const wake = ({ engine }: AppOptions): void => engine?.wake();

/** A moment as the API writes it. */
export const timeOf = <T extends Instant | null>(at: T): T extends null ? null : string =>
  (at === null ? null : new Date(at).toISOString()) as T extends null ? null : string;

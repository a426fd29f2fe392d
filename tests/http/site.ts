import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { type Accounts, openAccounts } from "../../engine/accounts/accounts.ts";
import type { Letter } from "../../engine/accounts/base.ts";
import { COMMAND_LINE } from "../../engine/accounts/roles.ts";
import { outboxChannel } from "../../engine/channels/outbox-viewer.ts";
import type { FlowDoc } from "../../engine/core/document.ts";
import type { Value } from "../../engine/core/state.ts";
import { Engine } from "../../engine/engine.ts";
import { createApp } from "../../engine/http/app.ts";
import { openApi } from "../../engine/http/openapi.ts";
import { Jobs } from "../../engine/jobs.ts";
import { Links } from "../../engine/links.ts";
import { publishFlow } from "../../engine/publish.ts";
import type { Role, User } from "../../engine/store/accounts.ts";
import { openSqlite } from "../../engine/store/sqlite/store.ts";
import type { Store } from "../../engine/store/store.ts";
import { Conformity, type Document } from "./conform.ts";

export const PASSWORD = "a few plain words";

/** Somebody who is signed in. */
export interface Person {
  user: User;
  /** What their requests carry. */
  headers: Record<string, string>;
}

/** Monday, 2 March 2026, 09:00 UTC. */
export const NOW = Date.UTC(2026, 2, 2, 9);

/** One for all: every site has the same routes. */
let conformity: Conformity | null = null;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const SECRET = "a secret of this test";

interface SiteOptions {
  publicUrl?: string | null;
  /** Whether letters can be mailed. */
  mails?: boolean;
  /** Of the database; in memory unless told otherwise. */
  path?: string;
  /** The installation's. */
  secret?: string;
}

/** The web face on a store in memory, with an engine that is moved by hand. */
export class Site {
  readonly store: Store;
  readonly links: Links;
  readonly warnings: string[] = [];
  /** Where uploads lie; made when the first comes. */
  readonly folder = join(tmpdir(), `tawasul-site-${crypto.randomUUID()}`);
  readonly jobs: Jobs;
  readonly letters: Letter[] = [];
  readonly accounts: Accounts;
  now = NOW;
  woken = 0;
  lastTick: number | null = NOW;
  #ids = 0;
  readonly #engine: Engine;
  readonly app: ReturnType<typeof createApp>;

  constructor({
    publicUrl = null,
    mails = true,
    path = ":memory:",
    secret = SECRET,
  }: SiteOptions = {}) {
    const clock = () => this.now;
    const warn = (message: string) => this.warnings.push(message);
    const store = openSqlite(path, { now: NOW });
    const links = new Links(secret, "http://localhost");
    this.store = store;
    this.links = links;
    this.jobs = new Jobs({ store, clock, warn });
    this.accounts = openAccounts({
      ...{ store, secret, clock, url: "http://localhost" },
      post: mails ? async (letter) => this.letters.push(letter) > 0 : null,
      // As little as the algorithm allows: what a hash costs is no behaviour.
      cost: { memory: 8, rounds: 1 },
    });
    this.#engine = new Engine({
      ...{ store, links, clock, warn },
      channels: [outboxChannel()],
      worker: "test",
      jitter: () => 0,
      secret: () => undefined,
    });
    this.app = createApp({
      store: this.store,
      accounts: this.accounts,
      publicUrl,
      links: this.links,
      clock: () => this.now,
      engine: this.#heard(),
      hosts: ["localhost", "127.0.0.1:3000"],
      outboxOnly: true,
      newId: () => `id-${++this.#ids}`,
      secret,
      named: (name) => (name === "SHOP_HOOK" ? "shop secret" : undefined),
      jobs: this.jobs,
      uploads: { folder: this.folder, limit: 1_000_000 },
      warn: (message) => this.warnings.push(message),
    });
    closing.push(async () => {
      await this.jobs.stop();
      await this.store.close();
      rmSync(this.folder, { recursive: true, force: true });
    });
  }

  /** Counts what wakes the engine; the last tick is read anew at each request, as the engine's own is. */
  #heard() {
    const site = this;
    return {
      wake(): void {
        site.woken++;
      },
      get lastTick(): number | null {
        return site.lastTick;
      },
    };
  }

  /** A request as it comes; what is answered must be as the OpenAPI document says. */
  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await this.app.request(path, init);
    conformity ??= new Conformity(openApi(this.app.routes) as Document);
    await conformity.check(init.method ?? "GET", path, init.body, response);
    return response;
  }

  /** A request with a JSON body, or none. */
  send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return this.request(path, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async json(
    path: string,
  ): Promise<Record<string, unknown> & { items: Record<string, unknown>[]; next: string | null }> {
    return (await this.request(path)).json() as never;
  }

  /** Does everything that is due. */
  async work(): Promise<void> {
    await this.#engine.untilIdle();
  }

  async person(
    fields: Record<string, Value>,
    consent: string[] | null = ["email", "sms"],
  ): Promise<string> {
    const row = { id: null, fields, tags: [], consent, created: null, source: "test" };
    await this.store.writeContacts([row], this.now, false);
    const id = await this.store.findContact(String(fields.email ?? fields.phone));
    if (id === null) throw new Error("the person wasn't written");
    return id;
  }

  /** Somebody with a role and a session: what their requests carry. From the first on, nobody comes in without. */
  async signedIn(role: Role, email = `${role}@acme.example`): Promise<Person> {
    const newcomer = { name: `The ${role}`, password: PASSWORD, language: "en" } as const;
    const user = await this.accounts.addUser(COMMAND_LINE, email, role, newcomer);
    const { token } = await this.accounts.begin(user, { agent: "test", address: "" });
    return { user, headers: { cookie: `tawasul_session_80=${token}` } };
  }

  /** A key's requests carry this. */
  async key(role: Role, scopes: string[] | null = null): Promise<Record<string, string>> {
    const wish = { name: "a program", role, scopes, expires: null };
    const { text } = await this.accounts.addKey(COMMAND_LINE, wish);
    return { authorization: `Bearer ${text}` };
  }

  async publish(doc: object): Promise<void> {
    const flow = doc as FlowDoc;
    await this.store.saveDraft(flow, this.now);
    await publishFlow(this.store, flow.id, this.now);
  }
}

/** A flow of one node after a manual start. */
export const oneNode = (id: string, type: string, data: object) => ({
  format: 1,
  id,
  name: { en: `Flow ${id}`, ar: `خطة ${id}` },
  nodes: [
    { id: "start", type: "trigger.manual", position: { x: 0, y: 0 }, data: {} },
    { id: "step", type, position: { x: 0, y: 100 }, data },
  ],
  edges: [{ id: "e", source: "start", target: "step" }],
});

export const MAIL = oneNode("mail", "email", {
  subject: "Hello {{contact.first_name}}",
  body: "Dear {{contact.first_name}}, {{links.unsubscribe}}",
});

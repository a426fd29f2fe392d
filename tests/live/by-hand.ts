import type { Channel } from "../../engine/channels/channel.ts";
import { outboxChannel } from "../../engine/channels/outbox-viewer.ts";
import type { FlowDoc } from "../../engine/core/document.ts";
import type { JournalLine } from "../../engine/core/journal.ts";
import type { Input, Run } from "../../engine/core/state.ts";
import { Engine } from "../../engine/engine.ts";
import { Links } from "../../engine/links.ts";
import { type PublishFlowOptions, publishFlow } from "../../engine/publish.ts";
import { openSqlite } from "../../engine/store/sqlite/store.ts";
import type { FlowVersion, Store } from "../../engine/store/store.ts";
import { allLines } from "./live.ts";

/** Monday, 2026-03-02T09:00:00Z */
export const START = Date.UTC(2026, 2, 2, 9);
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

type Happening = Input extends infer I ? (I extends Input ? Omit<I, "at" | "id"> : never) : never;

/** The live engine on a real store, its clock moved by hand from `START`. */
export class ByHand {
  readonly store: Store;
  readonly engine: Engine;
  readonly warnings: string[] = [];
  now = START;
  #ids = 0;

  constructor({
    path = ":memory:",
    channel = outboxChannel(),
  }: { path?: string; channel?: Channel } = {}) {
    this.store = openSqlite(path, { now: START });
    this.engine = new Engine({
      store: this.store,
      channels: [channel],
      links: new Links("secret", "https://example.com"),
      clock: () => this.now,
      worker: "test",
      jitter: () => 0,
      secret: () => undefined,
      warn: (message) => this.warnings.push(message),
    });
  }

  async people(...emails: string[]): Promise<void> {
    const rows = emails.map((email) => {
      const base = { id: null, tags: [], consent: null, created: this.now, source: "test" };
      return { ...base, fields: { email } };
    });
    await this.store.writeContacts(rows, this.now, false);
  }

  async publish(doc: FlowDoc, options: PublishFlowOptions = {}): Promise<FlowVersion> {
    await this.store.saveDraft(doc, this.now);
    return publishFlow(this.store, doc.id, this.now, options);
  }

  /** Lets something happen to a contact now. */
  async happen(email: string, what: Happening): Promise<void> {
    const input = { ...what, at: this.now, id: `hand:${++this.#ids}` } as Input;
    await this.store.addInputs([{ contact: await this.id(email), input }]);
    await this.engine.untilIdle();
  }

  async enroll(flow: string, ...emails: string[]): Promise<void> {
    for (const email of emails) await this.happen(email, { kind: "enroll", flow });
  }

  /** Moves the clock to `at`, stopping wherever something is due. */
  async until(at: number): Promise<void> {
    for (;;) {
      const next = await this.store.nextDue();
      if (next === null || next > at) break;
      this.now = Math.max(this.now, next);
      await this.engine.untilIdle();
    }
    this.now = at;
    await this.engine.untilIdle();
  }

  /** The program is down: the clock moves, nothing is looked at. */
  asleep(at: number): void {
    this.now = at;
  }

  async id(email: string): Promise<string> {
    const id = await this.store.findContact(email);
    if (id === null) throw new Error(`no contact ${email}`);
    return id;
  }

  async run(email: string, flow: string): Promise<Run> {
    const state = await this.store.loadContact(await this.id(email));
    const run = state?.runs.findLast((r) => r.flow === flow);
    if (!run) throw new Error(`${email} has no run of ${flow}`);
    return run;
  }

  lines(): Promise<JournalLine[]> {
    return allLines(this.store);
  }

  /** One contact's lines, each as `kind node …`, from `from` on. */
  async story(email: string, from = START): Promise<string[]> {
    const lines = (await this.lines()).filter(
      (l) => l.contact === email && Date.parse(l.at) >= from,
    );
    return lines.map((l) => {
      const more = l.output ?? l.state ?? l.reason ?? l.until ?? "";
      return [l.kind, l.node ?? "-", more].filter((word) => word !== "").join(" ");
    });
  }
}

/** A flow of nodes in a row (or with edges of its own), each `[id, type, data]`. */
export function flowOf(
  nodes: [id: string, type: string, data?: Record<string, unknown>][],
  more: { id?: string; edges?: string[]; settings?: FlowDoc["settings"] } = {},
): FlowDoc {
  const row = nodes.slice(1).map(([id], i) => `${nodes[i]?.[0]} ${id}`);
  return {
    format: 1,
    id: more.id ?? "welcome",
    name: more.id ?? "welcome",
    settings: { timezone: "UTC", ...more.settings },
    nodes: nodes.map(([id, type, data = {}], i) => ({
      id,
      type,
      position: { x: 0, y: i * 120 },
      data,
    })),
    edges: (more.edges ?? row).map((edge, i) => {
      const [from = "", target = ""] = edge.split(" ");
      const [source = "", sourceHandle = "next"] = from.split("/");
      return { id: `e${i}`, source, sourceHandle, target };
    }),
  };
}

export const email = (subject: string): Record<string, unknown> => ({
  subject,
  body: `${subject}.`,
});

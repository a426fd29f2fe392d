import type { Day } from "../../../../nodes/index.ts";
import { flowRecord } from "../api/ahead.ts";
import { ApiError, api, everyItem, json } from "../api/index.ts";
import { Canvas, type FlowProblem } from "../canvas/canvas.svelte.ts";
import { lookNow } from "../canvas/look.svelte.ts";
import { FlowDoc } from "../flow-doc.svelte.ts";
import { FormHelp, type Suggestion } from "../form/help.svelte.ts";
import { format, t, text } from "../i18n/index.svelte.ts";
import { begin, type History } from "./history.ts";
import { keep, recall, sameDocument } from "./kept.ts";
import type { FlowDocument } from "./shape.ts";

/** Where the draft stands: `waiting` for typing to pause, `unsaved` when the server can't take or hear it. */
export type Saving = "saved" | "waiting" | "saving" | "unsaved" | "conflict";

/** How long typing pauses before the draft is saved, and how often figures are asked for; milliseconds. */
const PAUSE_MS = 700;
const RETRY_MS = 5_000;
const MAX_UNHEARD = 8;

/** Live figures of a flow, as the server counts or streams them. */
export interface Figures {
  active: number;
  nodes: Record<string, { passed: Record<string, number>; here: Record<string, number> }>;
}

/** One open flow: its document, how it is saved, what is wrong with it, and what it does in the world. */
export class FlowSession {
  readonly id: string;
  readonly flow: FlowDoc;
  readonly canvas: Canvas;
  readonly help: FormHelp;
  saving = $state.raw<Saving>("saved");
  /** Why the draft isn't saved, in a sentence. */
  reason = $state.raw("");
  state = $state.raw<"draft" | "live" | "paused">("draft");
  version = $state.raw<number | null>(null);
  /** The published document; null before the first publication. */
  published = $state.raw<FlowDocument | null>(null);
  /** The other copy, when the draft was changed elsewhere. */
  other = $state.raw<FlowDocument | null>(null);
  /** What a page that was closed too early left in this browser. */
  found: "no" | "yes" | "overtaken" = "no";
  /** Problems, the published version and what forms offer are there; rejects with the `ApiError` that came instead. */
  ready: Promise<void> = Promise.resolve();
  /** Since when it is paused. */
  paused = $state.raw<string | null>(null);

  #stamp: string;
  #saved: FlowDocument;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #underWay: Promise<void> | null = null;
  /** Documents that were sent and whose answer was not heard: the server may have one of them. */
  #unheard: FlowDocument[] = [];

  private constructor(draft: FlowDocument, stamp: string, history: History) {
    this.id = draft.id;
    this.flow = new FlowDoc(history, lookNow());
    this.canvas = new Canvas(this.flow);
    this.help = new FormHelp(() => this.flow.doc);
    this.help.made = () => void this.validate();
    this.#stamp = stamp;
    this.#saved = draft;
  }

  /** Opens a flow's draft with the undo that this browser kept; throws `ApiError` when there is none. */
  static async open(id: string): Promise<FlowSession> {
    const record = await flowRecord(id);
    const draft = record.draft as FlowDocument;
    const stamp = record.updated ?? "";
    const { history, unsent } = recall(localStorage, draft, stamp);
    const session = new FlowSession(draft, stamp, history ?? begin(draft));
    session.#record(record);
    session.found = unsent;
    if (unsent === "yes") session.changed();
    if (unsent === "overtaken") {
      session.other = draft;
      session.saving = "conflict";
      session.reason = t("flow.conflict");
    }
    // The canvas needn't wait for what is asked beside the document.
    session.ready = Promise.all([
      session.validate(),
      session.#loadPublished(),
      session.#loadKnown(),
    ]).then(() => undefined);
    return session;
  }

  #record({
    state,
    version,
    paused,
  }: {
    state: "draft" | "live" | "paused";
    version: number | null;
    paused: string | null;
  }): void {
    this.state = state;
    this.paused = paused;
    this.version = version;
  }

  #keep(): void {
    keep(localStorage, this.id, this.flow.history, this.#stamp, this.flow.doc === this.#saved);
  }

  /** Call it when the document changed: keeps undo, and saves once typing pauses. */
  changed(): void {
    if (this.flow.doc === this.#saved && this.saving !== "saving") {
      this.#keep();
      return;
    }
    if (this.saving === "conflict") return;
    this.saving = "waiting";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), PAUSE_MS);
  }

  /** Keeps undo, now: the page may be about to go. */
  leave(): void {
    clearTimeout(this.#timer);
    this.#keep();
    if (this.flow.doc !== this.#saved && this.saving !== "conflict")
      void this.save({ keepalive: true });
  }

  /** Saves the draft; resolves once it is saved or known not to be. */
  async save(init: RequestInit = {}): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#underWay) await this.#underWay;
    if (this.flow.doc === this.#saved || this.saving === "conflict") {
      if (this.saving === "waiting") this.saving = "saved";
      return;
    }
    this.#underWay = this.#put(this.flow.doc, init);
    await this.#underWay;
    this.#underWay = null;
    if (this.saving === "saved" && this.flow.doc !== this.#saved) this.changed();
  }

  async #put(doc: FlowDocument, init: RequestInit): Promise<void> {
    this.saving = "saving";
    this.#keep();
    const { headers, body } = json(doc).init;
    this.#unheard = [...this.#unheard, doc].slice(-MAX_UNHEARD);
    try {
      const answer = await api.flows[":id"].$put(
        { param: { id: this.id } },
        {
          init: {
            ...init,
            headers: { ...(headers as Record<string, string>), "if-match": `"${this.#stamp}"` },
            body,
          },
        },
      );
      const { updated, problems } = await answer.json();
      this.#stamp = updated ?? "";
      this.#saved = doc;
      this.#unheard = [];
      this.canvas.problems = problems;
      this.reason = "";
      this.saving = "saved";
      this.#keep();
    } catch (error) {
      await this.#failed(error);
    }
  }

  async #failed(error: unknown): Promise<void> {
    if (!(error instanceof ApiError)) throw error;
    this.reason = error.message;
    if (error.status === 409 && (await this.#overtaken())) return;
    this.saving = "unsaved";
    if (error.problems.length > 0) this.canvas.problems = error.problems as FlowProblem[];
    else this.#timer = setTimeout(() => void this.save(), RETRY_MS);
  }

  /** The server has another draft: ours, taken by a server that died before it said so, or another hand's. False: it can't be asked. */
  async #overtaken(): Promise<boolean> {
    try {
      const record = await (await api.flows[":id"].$get({ param: { id: this.id } })).json();
      const other = record.draft as FlowDocument;
      const own = this.#unheard.find((doc) => sameDocument(doc, other));
      this.#stamp = record.updated ?? "";
      this.#unheard = [];
      if (own) {
        this.#saved = own;
        this.reason = "";
        this.saving = "saved";
      } else {
        this.other = other;
        this.saving = "conflict";
      }
      return true;
    } catch (error) {
      if (error instanceof ApiError) return false;
      throw error;
    }
  }

  /** Ends a conflict: with the copy that is here, or with the other one (which undo takes back). */
  async settle(choice: "mine" | "theirs"): Promise<void> {
    const other = this.other;
    this.other = null;
    this.saving = "waiting";
    if (choice === "theirs" && other) {
      this.flow.replace(other);
      this.#saved = this.flow.doc;
      this.saving = "saved";
      await this.validate();
      this.#keep();
      return;
    }
    await this.save();
  }

  /** Asks what is wrong with the saved draft, in the reader's language. */
  async validate(): Promise<void> {
    const { problems } = await (
      await api.flows[":id"].validate.$post({ param: { id: this.id } }, json({}))
    ).json();
    this.canvas.problems = problems;
  }

  async #loadPublished(): Promise<void> {
    if (this.version === null) return;
    const answer = await api.flows[":id"].versions[":version"].$get({
      param: { id: this.id, version: "current" },
    });
    this.published = (await answer.json()).doc as FlowDocument;
  }

  /** What forms can offer: the workspace's segments and fields, and the other flows. */
  async #loadKnown(): Promise<void> {
    const [workspace, flows, tags, team] = await Promise.all([
      api.settings.index.$get().then((answer) => answer.json()),
      everyItem((query) => api.flows.index.$get({ query })),
      everyItem((query) => api.tags.index.$get({ query })),
      api.users.names.$get().then((answer) => answer.json()),
    ]);
    this.help.known = {
      ...this.help.known,
      fields: workspace.fields,
      timezone: workspace.timezone,
      locale: workspace.locale,
      weekend: workspace.weekend as Day[],
      hours: workspace.hours,
      segments: Object.keys(workspace.segments),
      tags: tags.map(
        ({ tag, contacts }): Suggestion => ({
          value: tag,
          about: format.number(contacts),
          count: contacts,
        }),
      ),
      people: team.items.map(({ name, email }): Suggestion => ({ value: email, name })),
      flows: flows.map(
        (item): Suggestion => ({ value: item.id, name: text(item.name) || item.id }),
      ),
    };
    this.help.complete = true;
  }

  /** Makes the draft the version that runs. Throws `ApiError` when it may not be. */
  async publish(options: { migrate: boolean; move?: Record<string, string> }): Promise<void> {
    await this.save();
    const answer = await api.flows[":id"].publish.$post({ param: { id: this.id } }, json(options));
    const { version } = await answer.json();
    // Publishing keeps the draft as it is but stamps it anew.
    const record = await (await api.flows[":id"].$get({ param: { id: this.id } })).json();
    this.#record(record);
    this.#stamp = record.updated ?? "";
    this.version = version;
    this.published = this.flow.doc;
    this.#keep();
  }

  async pause(): Promise<void> {
    this.#record(
      await (await api.flows[":id"].pause.$post({ param: { id: this.id } }, json({}))).json(),
    );
  }

  /** Asks again what state it is in. */
  async refresh(): Promise<void> {
    this.#record(await (await api.flows[":id"].$get({ param: { id: this.id } })).json());
  }

  /** Asks how many passed where; a silent server leaves the last figures. */
  async count(): Promise<void> {
    if (this.version === null) return;
    try {
      const figures = await (await api.flows[":id"].stats.$get({ param: { id: this.id } })).json();
      this.take(figures);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  /** Figures as they come: all of them, or of the nodes that changed. */
  take({ nodes }: Figures): void {
    const passed: Record<string, Readonly<Record<string, number>>> = { ...this.canvas.passed };
    const here: Record<string, number> = { ...this.canvas.here };
    for (const [node, figures] of Object.entries(nodes)) {
      passed[node] = figures.passed;
      here[node] = Object.values(figures.here).reduce((sum, n) => sum + n, 0);
    }
    this.canvas.passed = passed;
    this.canvas.here = here;
  }
}

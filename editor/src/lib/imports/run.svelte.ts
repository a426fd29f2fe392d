import { api, type Job } from "../api/index.ts";
import { i18n } from "../i18n/index.svelte.ts";

type Target = string | null;
export type Duplicates = "merge" | "skip" | "review";
type Head = { header: string[]; rows: string[][] };
type Row = { line: number; reason: string | null };

/** Rows left out that the page shows; the file has them all. */
const SHOWN = 20;
/** After a stream that ended without an end; milliseconds. */
const AGAIN = 1000;

/** One file on its way in: sent, tried as often as wanted, then imported. */
export class ImportRun {
  /** Of the file while it is being sent. */
  sending = $state.raw<string | null>(null);
  job = $state.raw<Job | null>(null);
  head = $state.raw<Head | null>(null);
  /** The first rows of which nothing comes. */
  left = $state.raw<Row[]>([]);
  /** Header → the field that it fills; begins as the server guessed. */
  map = $state.raw<Readonly<Record<string, Target>>>({});
  duplicates = $state<Duplicates>("merge");
  country = $state("");
  fire = $state(false);
  #tried = $state.raw("");
  #events: EventSource | null = null;
  #gone = false;

  /** What was chosen isn't what was tried. */
  readonly changed: boolean = $derived(this.#tried !== "" && this.#tried !== this.#chosen());

  #chosen(): string {
    return JSON.stringify([this.map, this.duplicates, this.country.trim()]);
  }

  /** Sends a file, to be tried. Throws `ApiError`. */
  async send(file: File): Promise<void> {
    this.sending = file.name;
    try {
      const body = new FormData();
      body.set("dryRun", "true");
      body.set("file", file);
      const answer = await api.imports.index.$post({ query: {} }, { init: { body } });
      await this.follow(await answer.json());
    } finally {
      this.sending = null;
    }
  }

  /** Takes up an import that was begun before. Throws `ApiError`. */
  async open(id: string): Promise<void> {
    await this.follow(await (await api.jobs[":id"].$get({ param: { id } })).json());
  }

  /** Tries it once more as chosen now, or imports it. Throws `ApiError`. */
  async repeat(dryRun: boolean): Promise<void> {
    const { job } = this;
    if (!job) return;
    const country = this.country.trim();
    const how = { dryRun, onDuplicate: this.duplicates, fireTriggers: this.fire, map: this.map };
    const body = { ...how, ...(country === "" ? {} : { country }) };
    const answer = await api.imports[":id"].repeat.$post({ param: { id: job.id }, json: body });
    await this.follow(await answer.json());
  }

  async cancel(): Promise<void> {
    const { job } = this;
    if (job) await api.jobs[":id"].cancel.$post({ param: { id: job.id } });
  }

  /** Begins anew, with nothing. */
  leave(): void {
    this.#gone = true;
    this.#events?.close();
  }

  async follow(job: Job): Promise<void> {
    this.job = job;
    this.left = [];
    while (this.job.state === "running" && !this.#gone) {
      await this.#stream(job.id);
      // The stream speaks the browser's language; what is shown in the end is in the reader's.
      this.job = await (await api.jobs[":id"].$get({ param: { id: job.id } })).json();
      if (this.job.state === "running") await new Promise((done) => setTimeout(done, AGAIN));
    }
    await this.#look();
  }

  #stream(id: string): Promise<void> {
    return new Promise((ended) => {
      const events = new EventSource(`/api/jobs/${id}?lang=${i18n.language}`);
      this.#events = events;
      const close = (): void => {
        events.close();
        ended();
      };
      events.onerror = close;
      events.addEventListener("job", (event) => {
        const job = JSON.parse(event.data) as Job;
        this.job = job;
        if (job.state !== "running") close();
      });
    });
  }

  /** What came of it, and of a file that was only tried its first rows. */
  async #look(): Promise<void> {
    const { job } = this;
    if (!job?.result) return;
    const { id, result } = job;
    const { counts, columns, dryRun } = result;
    if (counts.rejected + counts.review > 0) this.left = await this.#leftOf(id);
    if (!dryRun) return;
    this.map = columns;
    this.#tried = this.#chosen();
    this.head ??= await (await api.importFiles[":id"].head.$get({ param: { id } })).json();
  }

  async #leftOf(id: string): Promise<Row[]> {
    const rows: Row[] = [];
    for (const action of ["rejected", "review"] as const) {
      const query = { action, limit: String(SHOWN) };
      const answer = await api.imports[":id"].rows.$get({ param: { id }, query });
      rows.push(...(await answer.json()).items);
    }
    return rows.toSorted((a, b) => a.line - b.line).slice(0, SHOWN);
  }
}

import type { ContactState } from "../core/state.ts";
import type { Person } from "./figures.ts";
import { listOf } from "./list.ts";
import { Span } from "./span.ts";
import type { Said, Told } from "./talk.ts";

/**
 * A thread of its own for one simulation, so that nobody waits for it: it takes the people, lives through the span,
 * and answers about single people until it is ended.
 */
declare const self: Worker;

/** So much more may the whole program take while one runs, bytes. */
const MOST_MEMORY = 1_000_000_000;
/** Milliseconds between two words about how far it is. */
const TELL = 100;

const states: ContactState[] = [];
let span: Span | null = null;
let people: Person[] = [];
let about = { flow: "", real: false };

const say = (said: Said): void => self.postMessage(said);

self.onmessage = ({ data }: MessageEvent<Told>) => {
  try {
    hear(data);
  } catch (error) {
    say({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
};

function hear(told: Told): void {
  if (told.kind === "people") states.push(...told.states);
  if (told.kind === "run") run(told);
  if (told.kind === "list") {
    say({ kind: "list", ask: told.ask, list: listOf(people, about, told.query) });
  }
  if (told.kind === "story" && span) {
    say({ kind: "story", ask: told.ask, story: span.story(told.place, told.language) });
  }
}

function run({ plan, seconds }: Extract<Told, { kind: "run" }>): void {
  about = { flow: plan.doc.id, real: plan.people === null };
  span = new Span(plan, states);
  const began = performance.now();
  const had = process.memoryUsage.rss();
  let told = began;
  const lived = span.run((at) => {
    const now = performance.now();
    if (now - told < TELL) return null;
    told = now;
    say({ kind: "progress", at });
    if (process.memoryUsage.rss() - had > MOST_MEMORY) return "memory";
    return now - began > seconds * 1000 ? "time" : null;
  });
  ({ people } = lived);
  const { figures, end, stopped, warnings } = lived;
  say({
    kind: "done",
    report: { ...figures, from: plan.from, end, stopped, people: people.length, warnings },
  });
}

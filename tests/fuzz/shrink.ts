import { checkFlow } from "../../engine/core/check.ts";
import type { FlowDoc } from "../../engine/core/document.ts";
import type { Trial } from "./case.ts";

/** So many smaller trials are looked at before the smallest found so far is told. */
const MOST_TRIES = 400;

/** Whether a trial still shows what is wrong. */
export type Fails = (given: Trial) => boolean | Promise<boolean>;

/** Leaves out people, events, flows, settings and nodes for as long as the failure stays: what is left causes it. */
export async function shrink(given: Trial, fails: Fails): Promise<Trial> {
  let best = given;
  let tries = 0;
  for (let again = true; again && tries < MOST_TRIES; ) {
    again = false;
    for (const smaller of candidates(best)) {
      if (++tries > MOST_TRIES) break;
      if (!isValid(smaller) || !(await fails(smaller))) continue;
      best = smaller;
      again = true;
      break;
    }
  }
  return best;
}

/** What is left, in one line. */
export function hint({ plan, people }: Trial): string {
  const nodes = plan.doc.nodes.map((n) => `${n.id}:${n.type}`).join(" ");
  const settings = JSON.stringify(plan.doc.settings ?? {});
  const others = plan.others.length > 0 ? ` with ${plan.others.map((o) => o.id).join(", ")}` : "";
  const events = people.events.slice(0, 5).map((e) => JSON.stringify(people.script[e.line - 1]));
  return `${plan.doc.id}${others}: ${nodes}; settings ${settings}; ${people.contacts.length} contacts, ${people.events.length} events ${events.join(" ")}`;
}

const isValid = ({ plan }: Trial): boolean =>
  [plan.doc, ...plan.others].every((doc) => !checkFlow(doc).some((p) => p.severity === "error"));

function* candidates(given: Trial): Generator<Trial> {
  const { plan, people } = given;
  for (const events of parts(people.events)) yield { plan, people: { ...people, events } };
  for (const contacts of parts(people.contacts)) yield { plan, people: { ...people, contacts } };
  for (const others of parts(plan.others)) yield { ...given, plan: { ...plan, others } };
  for (const key of Object.keys(plan.doc.settings ?? {})) {
    const settings = Object.fromEntries(
      Object.entries(plan.doc.settings ?? {}).filter(([k]) => k !== key),
    );
    yield { ...given, plan: { ...plan, doc: { ...plan.doc, settings } as FlowDoc } };
  }
  for (const { id } of plan.doc.nodes)
    yield { ...given, plan: { ...plan, doc: without(plan.doc, id) } };
}

/** Halves first, then all but one. */
function* parts<T>(list: T[]): Generator<T[]> {
  if (list.length > 3) {
    const half = list.length >> 1;
    yield list.slice(0, half);
    yield list.slice(half);
  }
  for (let i = 0; i < list.length; i++) yield list.filter((_, k) => k !== i);
}

/** What led to the node leads to where its first output led. */
function without(doc: FlowDoc, id: string): FlowDoc {
  const onward = doc.edges.find((e) => e.source === id)?.target;
  const edges = doc.edges
    .filter((e) => e.source !== id)
    .flatMap((e) =>
      e.target !== id ? [e] : onward && onward !== id ? [{ ...e, target: onward }] : [],
    );
  return { ...doc, nodes: doc.nodes.filter((n) => n.id !== id), edges };
}

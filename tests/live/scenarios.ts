import { readdirSync, readFileSync } from "node:fs";
import { contactsOf } from "../../engine/contacts/read.ts";
import type { FlowDoc } from "../../engine/core/document.ts";
import { parseInstant } from "../../engine/core/time.ts";
import { eventsOf } from "../../engine/simulate/events.ts";
import { type Scenario, workspaceOf } from "../../engine/simulate/scenarios.ts";
import type { Span } from "./live.ts";

const read = (name: string): unknown => JSON.parse(readFileSync(`flows/${name}`, "utf8"));
const flows = readdirSync("flows").filter(
  (n) => n.endsWith(".json") && !n.endsWith(".scenarios.json"),
);

/** What a scenario of a template asks to be lived through. */
export function spanOf(doc: FlowDoc, scenario: Scenario): Span {
  const workspace = workspaceOf(scenario);
  const contacts = contactsOf(scenario.contacts, { workspace });
  if (!contacts.ok) throw new Error(contacts.problem.message.en);
  const records = (scenario.events ?? []).map((value, i) => ({ line: i + 1, value }));
  const wanted = new Set(doc.nodes.filter((n) => n.type === "start-flow").map((n) => n.data.flow));
  return {
    doc,
    others: flows.map((f) => read(f) as FlowDoc).filter((f) => wanted.has(f.id)),
    params: scenario.params ?? {},
    contacts: contacts.value.people,
    events: eventsOf(records, workspace).events,
    from: parseInstant(scenario.from) ?? 0,
    until: parseInstant(scenario.until) ?? 0,
    workspace,
  };
}

/** Every scenario of every template. */
export const scenarios = flows.flatMap((file) => {
  const doc = read(file) as FlowDoc;
  const of = read(file.replace(".json", ".scenarios.json")) as Scenario[];
  return of.map((scenario) => ({ file, name: scenario.name, doc, scenario }));
});

import { nodeType } from "../../../../nodes/index.ts";
import type { Text } from "../../../../nodes/node.ts";
import { api, type JournalItem } from "../api/index.ts";
import { format, label, t, text } from "../i18n/index.svelte.ts";
import { nodeName, word } from "../names.ts";

interface NodeSaid {
  id: string;
  type: string;
  data?: { label?: Text };
}
/** A flow's version, as far as a timeline names it. */
export interface FlowSaid {
  name: Text;
  nodes: Map<string, NodeSaid>;
}

/** One entry of a contact's timeline. */
export interface Entry {
  id: string;
  at: string;
  kind: string;
  title: string;
  /** Why, where there is a reason. */
  reason: string;
  flow: string;
  /** What a person should look at, teal what went well, ink the rest. */
  tone: "ink" | "teal" | "saffron" | "red";
}

const MOST_LINES = 2_000;
const PAGE = 500;

/** A contact's lines of the journal, newest first, at most 2,000 of the newest. */
export async function linesOf(contact: string): Promise<JournalItem[]> {
  let lines: JournalItem[] = [];
  let cursor: string | null = null;
  do {
    const query: Record<string, string> = {
      contact,
      limit: String(PAGE),
      ...(cursor ? { cursor } : {}),
    };
    const page: { items: JournalItem[]; next: string | null } = await (
      await api.journal.index.$get({ query })
    ).json();
    lines = [...lines, ...page.items].slice(-MOST_LINES);
    cursor = page.next;
  } while (cursor);
  return lines.reverse();
}

/** The flow versions that lines speak of, asked for once each. */
export class Flows {
  readonly #known = new Map<string, Promise<FlowSaid | null>>();

  async of(lines: readonly JournalItem[]): Promise<Map<string, FlowSaid>> {
    const found = new Map<string, FlowSaid>();
    for (const line of lines) {
      const key = `${line.flow}/${line.version}`;
      if (found.has(key)) continue;
      let asked = this.#known.get(key);
      if (!asked) {
        asked = this.#ask(String(line.flow), String(line.version));
        this.#known.set(key, asked);
      }
      const flow = await asked;
      if (flow) found.set(key, flow);
    }
    return found;
  }

  async #ask(id: string, version: string): Promise<FlowSaid | null> {
    const answer = await api.flows[":id"].versions[":version"].$get({ param: { id, version } });
    const { doc } = (await answer.json()) as { doc: { name: Text; nodes: NodeSaid[] } };
    return { name: doc.name, nodes: new Map(doc.nodes.map((node) => [node.id, node])) };
  }
}

const said = (value: unknown): string => (typeof value === "string" ? value : "");
const BAD = new Set(["failed", "bounced", "complained"]);
const HELD = new Set(["uncertain", "paused"]);

function toneOf(line: JournalItem): Entry["tone"] {
  const state = said(line.state);
  if (line.kind === "failed" || BAD.has(state)) return "red";
  if (HELD.has(state) || line.kind === "paused") return "saffron";
  if (line.kind === "task" && !line.outcome) return "saffron";
  return line.kind === "message" || line.kind === "goal" || line.kind === "entered"
    ? "teal"
    : "ink";
}

function titleOf(line: JournalItem, flow: FlowSaid | undefined): string {
  const flowName = flow ? text(flow.name) : said(line.flow);
  const found = flow?.nodes.get(said(line.node));
  const node = found ? nodeName(found) : said(line.node);
  switch (line.kind) {
    case "step": {
      const output =
        found &&
        nodeType(found.type)
          ?.outputs(found.data ?? {})
          .find((o) => o.id === line.output);
      const isPlain = line.output === "next" || !output;
      return isPlain
        ? t("line.step", { node })
        : t("line.stepBy", { node, output: label(output.label) });
    }
    case "waiting":
      return line.until
        ? t("line.waitingUntil", { node, until: format.moment(said(line.until)) })
        : t("line.waiting", { node });
    case "message":
      return t("line.message", {
        channel: word("channel", said(line.channel)),
        subject: said(line.subject) || said(line.text).split("\n", 1)[0]?.slice(0, 80) || node,
        state: word("state", said(line.state)),
      });
    case "task":
      return line.outcome
        ? t("line.taskClosed", { outcome: word("today", said(line.outcome)) })
        : t("line.task", { title: said(line.title) || node });
    case "changed":
      return t("line.changed", { node, what: changes(line) });
    case "entered":
    case "ignored":
    case "goal":
    case "paused":
    case "resumed":
    case "migrated":
    case "completed":
    case "exited":
    case "failed":
    case "decided":
      return t(`line.${line.kind}`, { flow: flowName });
    default:
      return line.kind;
  }
}

/** What a node changed, as `name value`. */
function changes(line: JournalItem): string {
  const parts: string[] = [];
  for (const tag of Array.isArray(line.add) ? line.add : []) {
    parts.push(`+ ${typeof tag === "string" ? tag : said((tag as { tag?: unknown }).tag)}`);
  }
  for (const tag of Array.isArray(line.remove) ? line.remove : []) parts.push(`− ${said(tag)}`);
  for (const name of ["tag", "added", "removed", "field", "stage", "score", "value"]) {
    const value = line[name];
    if (typeof value === "string" || typeof value === "number") parts.push(String(value));
  }
  return parts.join(" ");
}

/** Lines of the journal as a person reads them. */
export function entriesOf(
  lines: readonly JournalItem[],
  flows: ReadonlyMap<string, FlowSaid>,
): Entry[] {
  return lines.map((line, i) => ({
    id: `${line.at} ${line.flow} ${line.enrollment} ${lines.length - i}`,
    at: line.at,
    kind: line.kind,
    title: titleOf(line, flows.get(`${line.flow}/${line.version}`)),
    reason: line.reason ? word("reason", said(line.reason)) : "",
    flow: said(line.flow),
    tone: toneOf(line),
  }));
}

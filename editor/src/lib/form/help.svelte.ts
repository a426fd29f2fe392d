import { getContext, setContext } from "svelte";
import { type Day, NODE_TYPES, type Window } from "../../../../nodes/index.ts";
import { isZone } from "../../../../nodes/problems.ts";
import { api } from "../api/index.ts";
import type { FlowDocument } from "../flow/shape.ts";
import { labelOf } from "../flow/shape.ts";
import { i18n, text } from "../i18n/index.svelte.ts";
import { harvest } from "./harvest.ts";
import type { FieldProblem } from "./model.ts";

/** A value that may be chosen, with a name where the value alone says little. */
export interface Suggestion {
  value: string;
  name?: string;
  /** Shown beside the name; the value, if not said otherwise. */
  about?: string;
  /** How many contacts have it. */
  count?: number;
}

/** A contact for whom messages are shown. */
export interface Reader {
  id: string;
  name: string;
}

/** What the workspace knows beside the document. */
export interface Known {
  /** Custom fields and their types. */
  fields: Readonly<Record<string, string>>;
  segments: readonly string[];
  tags: readonly Suggestion[];
  flows: readonly Suggestion[];
  people: readonly Suggestion[];
  timezone: string;
  /** BCP 47. */
  locale: string;
  weekend: readonly Day[];
  /** When the workspace is open; null: it says nothing. */
  hours: Window | null;
}

const NOTHING_KNOWN: Known = {
  fields: {},
  segments: [],
  tags: [],
  flows: [],
  people: [],
  timezone: "UTC",
  locale: "en",
  weekend: [],
  hours: null,
};

const WEEK: readonly Day[] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** `Intl.Locale` as browsers have it: a method in newer ones, a getter in those before. */
type WeekInfo = { firstDay: number };
type WithWeek = Intl.Locale & { getWeekInfo?: () => WeekInfo; weekInfo?: WeekInfo };

/** The day on which a week begins for readers of a language: of the workspace's region when they share the language. */
function firstDayOf(language: string, workspace: string): Day {
  const named = workspace.split("-")[0] === language ? workspace : language;
  const locale = new Intl.Locale(named).maximize() as WithWeek;
  const first = (locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay;
  if (first !== undefined) return WEEK[first % 7] ?? "mon";
  return language === "ar" ? "sun" : "mon";
}

const BUILT_IN = [
  ...[
    "first_name",
    "last_name",
    "email",
    "phone",
    "locale",
    "timezone",
    "country",
    "city",
    "birthday",
  ],
  ...[
    "type",
    "lifecycle",
    "preferred_channel",
    "preferred_times",
    "stage",
    "score",
    "owner",
    "source",
  ],
  ...["created_at", "last_touch_at", "last_reply_at"],
];
const CHANNELS = ["email", "sms", "whatsapp", "call", "letter", "task", "chat"];

const plain = (values: Iterable<string>): Suggestion[] =>
  [...new Set(values)].map((value) => ({ value }));

/** What forms offer to choose from: the workspace's names, and those that the flow itself uses. */
export class FormHelp {
  /** Everything that is known is there. */
  complete = $state.raw(false);
  /** Something was made: what was wrong for want of it may be right now. */
  made: (() => void) | null = null;
  readonly #doc: () => FlowDocument | null;
  known = $state.raw<Known>(NOTHING_KNOWN);
  /** For whom previews are; null: somebody made up. */
  reader = $state.raw<Reader | null>(null);
  /** The language that texts are shown in, where they have it; null: the reader's own. */
  language = $state.raw<string | null>(null);
  /** Merge field → value that previews take where there is none. */
  tried = $state.raw<Readonly<Record<string, string>>>({});
  readonly #used = $derived.by(() => harvest(this.#doc()));

  constructor(doc: () => FlowDocument | null) {
    this.#doc = doc;
  }

  #everybody: Promise<number> | null = null;
  /** How many contacts there are; asked once. Throws `ApiError`. */
  everybody(): Promise<number> {
    this.#everybody ??= api.contacts.count
      .$get({ query: {} })
      .then(async (answer) => (await answer.json()).count)
      .catch((error: unknown) => {
        this.#everybody = null;
        throw error;
      });
    return this.#everybody;
  }

  /** Where a schedule's clock stands: its own zone, the flow's or the workspace's. */
  zoneOf(own: unknown): string {
    const flow = this.#doc()?.settings?.timezone;
    const named = [own, flow].find((zone) => typeof zone === "string" && zone !== "contact");
    return typeof named === "string" && isZone(named) ? named : this.known.timezone;
  }

  /** The days of the week in the reader's order. */
  get week(): readonly Day[] {
    const at = WEEK.indexOf(this.firstDay);
    return [...WEEK.slice(at), ...WEEK.slice(0, at)];
  }

  get firstDay(): Day {
    return firstDayOf(i18n.language, this.known.locale);
  }

  get #nodes() {
    return this.#doc()?.nodes ?? [];
  }

  /** Whether the workspace has it; merge fields and paths have no name of their own. */
  has(kind: "tag" | "segment" | "field" | "flow", name: string): boolean {
    if (kind === "tag") return this.known.tags.some(({ value }) => value === name);
    if (kind === "flow") return this.known.flows.some(({ value }) => value === name);
    if (kind === "segment") return this.known.segments.includes(name);
    return BUILT_IN.includes(name) || Object.hasOwn(this.known.fields, name) || name.includes(".");
  }

  /** What was made just now is offered from now on; `made` is told. */
  add(kind: "segment" | "field" | "flow", name: string, title = name): void {
    const { segments, fields, flows } = this.known;
    this.known = {
      ...this.known,
      ...(kind === "segment" ? { segments: [...segments, name] } : {}),
      ...(kind === "field" ? { fields: { ...fields, [name]: "text" } } : {}),
      ...(kind === "flow" ? { flows: [...flows, { value: name, name: title }] } : {}),
    };
    this.made?.();
  }

  /** What fits a control; an empty list where only free text does. */
  suggestions(control: string): Suggestion[] {
    switch (control) {
      case "tag":
        return [
          ...this.known.tags,
          ...plain(this.#used.tags).filter(({ value }) => !this.has("tag", value)),
        ];
      case "segment":
        return plain([...this.known.segments, ...this.#used.segments]);
      case "field":
        return plain([...BUILT_IN, ...Object.keys(this.known.fields), ...this.#used.fields]);
      case "flow":
        return this.known.flows.map((flow) => flow);
      case "node":
        return this.#nodes.map((node) => ({ value: node.id, name: labelOf(node, i18n.language) }));
      case "person":
        return [{ value: "{{contact.owner}}" }, ...this.known.people];
      case "channel":
        return plain(CHANNELS);
      case "event":
        return plain(this.#used.events);
      case "topic":
        return plain(this.#used.topics);
      case "zone":
        return plain(["contact", ...Intl.supportedValuesOf("timeZone")]);
      default:
        return [];
    }
  }

  /** What templates see of the flow. */
  get flow(): Record<string, unknown> {
    const doc = this.#doc();
    return doc ? { id: doc.id, name: text(doc.name), version: 1 } : {};
  }

  /** The flow's parameters as a preview fills them in: their defaults. */
  get params(): Record<string, unknown> {
    const all = Object.entries(this.#doc()?.parameters ?? {});
    return Object.fromEntries(all.map(([name, parameter]) => [name, parameter.default ?? ""]));
  }

  /** Everything that a template may name, as it is written between the braces. */
  get mergeFields(): { group: string; paths: string[] }[] {
    const fields = this.suggestions("field").map(({ value }) => `contact.${value}`);
    const params = Object.keys(this.#doc()?.parameters ?? {}).map((name) => `param.${name}`);
    const answers = this.#nodes.filter((node) => {
      const type = NODE_TYPES.find((t) => t.type === node.type);
      return type?.type === "webhook" || type?.type === "survey";
    });
    const steps = answers.map((node) => `steps.${String(node.data.saveAs ?? node.id)}`);
    return [
      { group: "contact", paths: fields.filter((path) => !path.includes("contact.event.")) },
      { group: "param", paths: params },
      { group: "event", paths: plain(this.#used.eventData).map(({ value }) => `event.${value}`) },
      { group: "steps", paths: steps },
      { group: "links", paths: ["links.unsubscribe", "links.preferences"] },
    ].filter(({ paths }) => paths.length > 0);
  }
}

/** What every control of one form shares. */
export interface FormContext {
  help: FormHelp;
  /** Pointers are relative to the form's data. */
  readonly problems: readonly FieldProblem[];
}

const KEY = Symbol("form");
export const provideForm = (form: FormContext): FormContext => setContext(KEY, form);
export const useForm = (): FormContext => getContext<FormContext>(KEY);

/** What each control takes; `onchange` gives the new value, undefined to remove it. */
export interface ControlProps<Value = unknown> {
  value: Value;
  onchange: (value: unknown) => void;
  id: string;
  describedby: string | undefined;
  invalid: boolean;
}

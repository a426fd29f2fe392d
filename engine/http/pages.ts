import { Hono } from "hono";
import { html, raw } from "hono/html";
import type { Label } from "../../nodes/index.ts";
import { pickText } from "../core/template.ts";
import type { FlowCounts, FlowRecord, MessageRow } from "../store/store.ts";
import { type AppOptions, type Ctx, type Env, langIn, say } from "./context.ts";
import { pageFor } from "./gate.ts";
import { NUMBER, pageOf } from "./input.ts";
import { type Html, page } from "./layout.ts";
import { messageOf, rendered } from "./messages.ts";
import { VIEWERS } from "./route.ts";
import { CHANNELS, REASONS, STATES, WORDS } from "./words.ts";

const PAGE = 30;

/** The plain pages: flows, messages, and a message as people see it. */
export function pages({ store, outboxOnly }: AppOptions): Hono<Env> {
  const seen = (handle: (c: Ctx) => Promise<Response>) => pageFor(VIEWERS, handle);
  return new Hono<Env>()
    .get(
      "/",
      seen(async (c) => {
        const records = await store.flows();
        const items = await Promise.all(
          records.map(async (record) => flowRow(c, record, await store.flowCounts(record.id))),
        );
        const list =
          items.length === 0
            ? html`<div class="empty"><p>${say(c, WORDS.noFlows)}</p><code dir="ltr">npx tawasul flow add flows/new-lead.json</code></div>`
            : html`<ul class="list">${items}</ul>`;
        return page(c, {
          title: titleOf(c, WORDS.flows),
          at: "flows",
          body: frame(c, WORDS.flows, WORDS.flowsAbout, list),
        });
      }),
    )
    .get(
      "/messages",
      seen(async (c) => {
        const { after } = pageOf({ cursor: c.req.query("cursor") || undefined }, NUMBER);
        const rows = await store.messages({
          newest: true,
          limit: PAGE,
          ...(after === undefined ? {} : { after }),
        });
        const { timezone } = await store.workspace();
        const last = rows.length < PAGE ? undefined : rows.at(-1);
        const list =
          rows.length === 0
            ? html`<div class="empty"><p>${say(c, WORDS.noMessages)}</p></div>`
            : html`<ul class="list">${rows.map((row) => messageRow(c, row, timezone))}</ul>`;
        const hint = outboxOnly ? html`<p class="hint">${say(c, WORDS.builtIn)}</p>` : "";
        const more = html`<div class="more">${after === undefined ? html`<span></span>` : html`<a href="/messages${langIn(c, "?")}">${say(c, WORDS.newest)}</a>`}${last ? html`<a href="/messages?cursor=${last.id}${langIn(c, "&")}">${say(c, WORDS.older)}</a>` : ""}</div>`;
        return page(c, {
          title: titleOf(c, WORDS.messages),
          at: "messages",
          body: frame(c, WORDS.messages, WORDS.messagesAbout, html`${hint}${list}${more}`),
        });
      }),
    )
    .get(
      "/messages/:id",
      seen(async (c) => {
        const row = await messageOf(store, c.req.param("id") ?? "");
        const { timezone } = await store.workspace();
        return page(c, {
          title: subjectOf(c, row),
          at: "messages",
          body: messagePage(c, row, timezone),
        });
      }),
    )
    .get(
      "/messages/:id/body",
      seen(async (c) => {
        const body = await rendered(await messageOf(store, c.req.param("id") ?? ""));
        // What a contact or an author wrote runs nothing, loads nothing, and is of no origin.
        const policy =
          "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
        const content =
          "refused" in body ? await html`<!doctype html><p>${body.refused}</p>` : body.html;
        return c.html(content, 200, {
          "content-security-policy": policy,
          "cache-control": "no-store",
        });
      }),
    );
}

const titleOf = (c: Ctx, label: Label): string =>
  `${say(c, label)} · ${c.get("lang") === "ar" ? "تواصل" : "Tawasul"}`;

const frame = (c: Ctx, title: Label, about: Label, content: Html): Html =>
  html`<main class="wrap"><h1>${say(c, title)}</h1><p class="about">${say(c, about)}</p>${content}</main>`;

const FIGURES = ["entered", "active", "completed", "exited", "failed"] as const;
const FLOW_TONES = { draft: "", live: "good", paused: "wait" };

function flowRow(c: Ctx, record: FlowRecord, counts: FlowCounts): Html {
  const { id, draft, state, version } = record;
  const number = (n: number) => n.toLocaleString("en");
  const figures = FIGURES.map(
    (name) =>
      html`<div${name === "failed" && counts.failed > 0 ? raw(' class="bad"') : ""}><dt>${say(c, WORDS[name])}</dt><dd>${number(counts[name])}</dd></div>`,
  );
  const lang = c.get("lang");
  return html`<li class="row flow"><div><h2>${pickText(draft.name, lang, lang).text}</h2><span class="soft"><bdi>${id}</bdi>${version === null ? "" : ` · ${say(c, WORDS.version)} ${version}`}</span></div><span class="pill ${FLOW_TONES[state]}">${say(c, WORDS[state])}</span><dl class="figures">${figures}</dl></li>`;
}

function timeText(c: Ctx, at: number | null, timeZone: string): string {
  if (at === null) return "–";
  const locale = c.get("lang") === "ar" ? "ar-u-nu-latn" : "en-GB";
  return new Intl.DateTimeFormat(locale, {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone,
  }).format(new Date(at));
}

const nameIn = (c: Ctx, names: Record<string, Label>, name: string): string => {
  const known = names[name];
  return known ? say(c, known) : name;
};

function pill(c: Ctx, { message }: MessageRow): Html {
  const reason = message.reason === null ? "" : `: ${nameIn(c, REASONS, message.reason)}`;
  return html`<span class="pill ${STATES[message.state]?.tone ?? ""}">${nameIn(c, STATES, message.state)}${reason}</span>`;
}

/** The subject, or the beginning of a text that has none. */
function subjectOf(c: Ctx, { message: { content } }: MessageRow): string {
  const text = content.subject ?? content.body.split("\n")[0] ?? "";
  return text.trim() === "" ? say(c, WORDS.noSubject) : text.slice(0, 140);
}

function messageRow(c: Ctx, row: MessageRow, zone: string): Html {
  const { message, contactKey } = row;
  return html`<li><a class="row message" href="/messages/${row.id}${langIn(c, "?")}"><div><strong dir="auto">${subjectOf(c, row)}</strong><div class="soft"><bdi>${message.to ?? contactKey ?? "–"}</bdi> · ${nameIn(c, CHANNELS, message.channel)} · <bdi>${message.flow}</bdi></div></div><div class="end">${pill(c, row)}<div class="soft">${timeText(c, row.sentAt ?? message.at, zone)}</div></div></a></li>`;
}

function messagePage(c: Ctx, row: MessageRow, zone: string): Html {
  const { message, contactKey, sentAt, dueAt, detail } = row;
  const facts: [Label, string | Html][] = [
    [WORDS.to, html`<bdi>${message.to ?? contactKey ?? "–"}</bdi>`],
    [WORDS.channel, nameIn(c, CHANNELS, message.channel)],
    [WORDS.state, pill(c, row)],
    [WORDS.flow, html`<bdi>${message.flow}</bdi> · ${say(c, WORDS.version)} ${message.version}`],
    [WORDS.node, html`<bdi>${message.node}</bdi>`],
    [WORDS.decided, timeText(c, message.at, zone)],
  ];
  if (sentAt !== null) facts.push([WORDS.sentAt, timeText(c, sentAt, zone)]);
  if (dueAt !== null) facts.push([WORDS.nextTry, timeText(c, dueAt, zone)]);
  if (detail !== null) facts.push([WORDS.detail, html`<bdi>${detail}</bdi>`]);
  const rows = facts.map(([label, value]) => html`<dt>${say(c, label)}</dt><dd>${value}</dd>`);
  return html`<main class="wrap"><p class="soft"><a href="/messages${langIn(c, "?")}">${say(c, WORDS.back)}</a></p><h1 dir="auto">${subjectOf(c, row)}</h1><dl class="facts">${rows}</dl>${shown(c, row)}</main>`;
}

/** A mail in a frame of its own; other channels carry plain text. */
function shown(c: Ctx, { id, message }: MessageRow): Html {
  if (message.content.body === "")
    return html`<div class="empty"><p>${say(c, WORDS.noText)}</p></div>`;
  if (message.channel === "email" || message.channel === "notify") {
    return html`<iframe sandbox src="/messages/${id}/body" title="${say(c, WORDS.preview)}"></iframe>`;
  }
  return html`<pre class="plain" dir="auto">${message.content.body}</pre>`;
}

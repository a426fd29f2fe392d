import { Hono } from "hono";
import { html } from "hono/html";
import type { ContactState, Input } from "../core/state.ts";
import type { LinkTarget } from "../links.ts";
import { type AppOptions, type Ctx, type Env, say, wake } from "./context.ts";
import { type Html, page } from "./layout.ts";
import { CHANNELS, PUBLIC } from "./words.ts";

/** What a survey's answers may be. */
const SCALES = { nps: { from: 0, to: 10 }, csat: { from: 1, to: 5 } };
const MAX_COMMENT = 2000;
/** Messages of one flow to one contact among which a survey's own is looked for. */
const MOST_MESSAGES = 1000;

/**
 * Pages that people reach from their messages, by an unguessable link and with no account: `/u/…` unsubscribes,
 * `/s/…` answers a survey. Looking (GET) changes nothing, because mail scanners look too.
 */
export function publicPages(options: AppOptions): Hono<Env> {
  const { links } = options;
  const target = (c: Ctx, kinds: LinkTarget["kind"][]): LinkTarget | null => {
    const found = links.read(c.req.param("token") ?? "");
    return found && kinds.includes(found.kind) ? found : null;
  };
  const ofConsent = (c: Ctx) => target(c, ["unsubscribe", "preferences"]);
  return new Hono<Env>()
    .get("/u/:token", async (c) => {
      const link = ofConsent(c);
      return link ? askUnsubscribe(c, link) : unknownLink(c);
    })
    .post("/u/:token", async (c) => {
      // RFC 8058: no cookie, no redirect, whatever the body's form.
      const link = ofConsent(c);
      if (!link) return unknownLink(c);
      await unsubscribe(options, link);
      const text = filled(c, PUBLIC.doneText, link.channel);
      return small(c, say(c, PUBLIC.done), html`<p>${text}</p>`);
    })
    .get("/s/:token", async (c) => {
      const link = target(c, ["survey"]);
      const survey = link && (await surveyOf(options, link));
      return survey ? askSurvey(c, survey, false) : unknownLink(c);
    })
    .post("/s/:token", async (c) => {
      const link = target(c, ["survey"]);
      const survey = link && (await surveyOf(options, link));
      return link && survey ? answer(c, options, link, survey) : unknownLink(c);
    });
}

const small = (
  c: Ctx,
  title: string,
  content: Html,
  status: 200 | 404 | 422 = 200,
): Promise<Response> =>
  page(c, {
    title,
    at: null,
    status,
    body: html`<main class="wrap small"><div class="card"><h1>${title}</h1>${content}</div></main>`,
  });

const unknownLink = (c: Ctx): Promise<Response> =>
  small(c, say(c, PUBLIC.notFound), html`<p>${say(c, PUBLIC.notFoundText)}</p>`, 404);

function filled(c: Ctx, label: { en: string; ar: string }, channel: string): string {
  const name = CHANNELS[channel];
  return say(c, label).replace("{channel}", name ? say(c, name) : channel);
}

const askUnsubscribe = (c: Ctx, { channel }: LinkTarget): Promise<Response> =>
  small(
    c,
    say(c, PUBLIC.unsubscribe),
    html`<p>${filled(c, PUBLIC.asks, channel)}</p><form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button>${say(c, PUBLIC.unsubscribe)}</button></form>`,
  );

async function unsubscribe(options: AppOptions, { contact, channel }: LinkTarget): Promise<void> {
  const { store, clock, newId } = options;
  const id = await store.findContact(contact);
  const state = id === null ? null : await store.loadContact(id);
  // Asked twice, or erased since: nothing is left to withdraw.
  if (!state || state.contact.erased || isWithdrawn(state, channel)) return;
  const input: Input = {
    kind: "consent",
    channel,
    granted: false,
    source: "one-click",
    id: `one-click:${newId()}`,
    at: clock(),
  };
  await store.addInputs([{ contact, input }]);
  wake(options);
}

/** Whether the channel was withdrawn and nothing was granted since, for a topic neither. */
function isWithdrawn({ contact }: ContactState, channel: string): boolean {
  const records = contact.consents.filter((record) => record.channel === channel);
  const newest = records.reduce(
    (last, record) => (last && last.at > record.at ? last : record),
    records[0],
  );
  return newest !== undefined && !newest.granted && newest.topic === "";
}

interface Survey {
  kind: keyof typeof SCALES;
  /** As the message asked it; null: the usual question of its kind. */
  question: string | null;
}

/** The survey of a link: its kind is that of its node, its question that of the message. */
async function surveyOf(
  { store }: AppOptions,
  { contact, message }: LinkTarget,
): Promise<Survey | null> {
  const id = await store.findContact(contact);
  const state = id === null ? null : await store.loadContact(id);
  if (!state || state.contact.erased) return null;
  const [flow = "", , node = ""] = message.split(".");
  const outbox = await store.messages({ contact: state.contact.id, flow, limit: MOST_MESSAGES });
  const sent = outbox.find((row) => row.key === message)?.message;
  const version = sent?.version ?? (await store.flow(flow))?.version ?? 0;
  const data = (await store.version(flow, version))?.doc.nodes.find((n) => n.id === node)?.data;
  if (data?.kind !== "nps" && data?.kind !== "csat") return null;
  const [question = ""] = (sent?.content.body ?? "").split("\n\n");
  return {
    kind: data.kind,
    question: question.trim() === "" || question.includes("://") ? null : question.trim(),
  };
}

function askSurvey(c: Ctx, { kind, question }: Survey, isAgain: boolean): Promise<Response> {
  const { from, to } = SCALES[kind];
  const numbers = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const [low, high] = (kind === "nps" ? PUBLIC.npsEnds : PUBLIC.csatEnds)[c.get("lang")];
  const choices = numbers.map(
    (n) => html`<label><input type="radio" name="score" value="${n}" required>${n}</label>`,
  );
  const note = isAgain ? html`<p class="note" role="alert">${say(c, PUBLIC.choose)}</p>` : "";
  const form = html`<form method="post"><fieldset><legend dir="auto">${question ?? say(c, PUBLIC[kind])}</legend>${note}<div class="scale">${choices}</div><div class="ends"><span>${low}</span><span>${high}</span></div></fieldset><label>${say(c, PUBLIC.comment)}<textarea name="comment" maxlength="${MAX_COMMENT}" dir="auto"></textarea></label><button>${say(c, PUBLIC.send)}</button></form>`;
  return small(c, say(c, PUBLIC.survey), form, isAgain ? 422 : 200);
}

async function answer(
  c: Ctx,
  options: AppOptions,
  link: LinkTarget,
  survey: Survey,
): Promise<Response> {
  const { score, comment } = await c.req.parseBody();
  const { from, to } = SCALES[survey.kind];
  const n = typeof score === "string" && /^\d{1,2}$/.test(score) ? Number(score) : null;
  if (n === null || n < from || n > to) return askSurvey(c, survey, true);
  const said =
    typeof comment === "string" ? comment.trim().slice(0, MAX_COMMENT).toWellFormed() : "";
  const input: Input = {
    kind: "survey",
    key: link.message,
    score: n,
    ...(said === "" ? {} : { comment: said }),
    // The first answer counts.
    id: `survey:${link.message}`,
    at: options.clock(),
  };
  await options.store.addInputs([{ contact: link.contact, input }]);
  wake(options);
  return small(c, say(c, PUBLIC.thanks), html`<p>${say(c, PUBLIC.thanksText)}</p>`);
}

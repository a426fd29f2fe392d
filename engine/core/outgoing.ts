import type { Effect } from "../../nodes/index.ts";
import type { Flow, PlacedNode } from "./flow.ts";
import { keyOf, sentDetail, touched } from "./gate.ts";
import { wake } from "./runs.ts";
import { localeOf, renderText } from "./scope.ts";
import type { Content, Message, Run } from "./state.ts";
import { pickText } from "./template.ts";
import { parseDuration } from "./time.ts";
import { line, type Turn } from "./turn.ts";

/** Calls another system: the request is left for the dispatcher, or the simulator answers at once. Throws `TemplateError`. */
export function request(
  turn: Turn,
  run: Run,
  flow: Flow,
  node: PlacedNode,
  effect: Extract<Effect, { do: "request" }>,
): void {
  // Secrets stay named: the dispatcher puts them in when it calls, so that they are in no journal and no store.
  const render = (source: string): string =>
    renderText(turn, run, flow, keepSecrets(source), { html: false, message: null }).text;
  const parts = parseDuration(effect.timeout);
  const made = {
    key: keyOf(run, node.id, run.visit),
    flow: run.flow,
    version: run.version,
    n: run.n,
    node: node.id,
    visit: run.visit,
    at: turn.now,
    url: render(effect.url),
    method: effect.method,
    headers: Object.fromEntries(Object.entries(effect.headers).map(([k, v]) => [k, render(v)])),
    body: renderBody(effect.body, render),
    timeout: parts
      ? Math.max(1000, (parts.hours * 60 + parts.minutes) * 60_000 + parts.seconds * 1000)
      : 10_000,
  };
  if (turn.world.answer === null) {
    turn.changes.requests.push(made);
    return;
  }
  const { status, body } = turn.world.answer(made, turn.state);
  wake(turn, run, { by: "answer", ok: status >= 200 && status < 300, status, body });
}

/** `{{secret.X}}` becomes a mark that no template can read. */
const keepSecrets = (source: string): string =>
  source.replace(/\{\{\s*secret\.([A-Za-z0-9_]+)\s*\}\}/g, "\u0001secret:$1\u0001");

/** Texts inside a JSON body are rendered one by one, so that a value can't break out of its place. */
function renderBody(body: unknown, render: (source: string) => string): string {
  if (body === undefined) return "";
  if (typeof body === "string") return render(body);
  return JSON.stringify(body, (_, value: unknown) =>
    typeof value === "string" ? render(value) : value,
  );
}

/** A notice to the team, or a letter for the day's batch: no window, cap or consent is asked. Throws `TemplateError`. */
export function sendToTeam(
  turn: Turn,
  run: Run,
  flow: Flow,
  node: PlacedNode,
  effect: Extract<Effect, { do: "notify" | "letter" }>,
): void {
  const isLetter = effect.do === "letter";
  const locale = isLetter ? localeOf(turn.world, turn.state) : turn.world.workspace.locale;
  const missing = new Set<string>();
  const render = (text: Extract<Effect, { do: "letter" }>["body"]): string => {
    const picked = pickText(text, locale, turn.world.workspace.locale);
    const out = renderText(turn, run, flow, picked.text, { html: false, message: null, locale });
    for (const path of out.missing) missing.add(path);
    return out.text;
  };
  const content: Content = {
    ...(isLetter ? {} : { subject: render(effect.subject).replace(/[\r\n]+/g, " ") }),
    body: render(effect.body),
    format: "text",
    locale,
  };
  if (missing.size > 0) content.missing = [...missing];
  const message: Message = {
    key: keyOf(run, node.id, run.visit),
    channel: isLetter ? "letter" : "notify",
    flow: run.flow,
    version: run.version,
    n: run.n,
    node: node.id,
    visit: run.visit,
    transactional: true,
    topic: "",
    state: isLetter || turn.world.deliver ? "sent" : "queued",
    reason: null,
    at: turn.now,
    dueMoment: null,
    receipts: [],
    seq: run.seq,
    to: isLetter ? null : effect.to,
    content,
  };
  turn.state.messages.push(message);
  turn.changes.messages.add(message);
  message.receipts.push({ event: "sent", at: turn.now });
  // A store shows its messages in the journal by themselves, at the place reserved here.
  if (turn.world.deliver === null) run.seq++;
  else
    line(turn, run, "message", { channel: message.channel, state: "sent", ...sentDetail(message) });
  if (isLetter) touched(turn, run.depth + 1);
}

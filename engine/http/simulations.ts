import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { Type } from "typebox";
import { renderBody } from "../channels/mail-body.ts";
import { MachineBusy, type Run, TimeMachine } from "../time-machine/machine.ts";
import type { Story } from "../time-machine/span.ts";
import type { Report, Row } from "../time-machine/talk.ts";
import { reasonIn } from "../time-machine/words.ts";
import { type AppOptions, type Ctx, type Env, say, timeOf } from "./context.ts";
import { heartbeat } from "./heartbeat.ts";
import { NUMBER, pageOf } from "./input.ts";
import { POLICY } from "./previews.ts";
import { HttpProblem, notFound } from "./problem.ts";
import { EDITORS, reply, route } from "./route.ts";
import { Count, closed, Listed, PageQuery } from "./schemas.ts";
import { planOf, SimulationBody } from "./simulation-plan.ts";
import { PersonSchema, SimulationSchema, StorySchema } from "./simulation-schemas.ts";

const SimulationId = Type.String({ description: "The simulation's id" });
const Place = Type.String({ description: "The person's place in the list", examples: ["0"] });
const MessagePlace = Type.String({
  description: "The message's place in the story",
  examples: ["0"],
});
const params = { id: SimulationId };
const problems = ["not-found"] as const;
type Options = Pick<AppOptions, "store" | "clock" | "warn">;

/** `/api/simulations`: a flow as it is drawn, lived through by people on a virtual clock. Nothing is sent, nothing is kept. */
export function simulations(options: Options) {
  const { store, clock, warn } = options;
  const machine = new TimeMachine({
    failed: ({ flow, fault }) => warn(`a simulation of ${flow} failed: ${fault}`),
  });
  return new Hono<Env>()
    .post(
      "/",
      route(
        {
          summary: "Simulates a flow, saved or not; nothing is sent.",
          allow: EDITORS,
          body: SimulationBody,
          answers: { 202: SimulationSchema },
          location: "The simulation, with how far it is",
          problems: ["invalid-flow", "not-found", "unavailable"],
        },
        async (c, { body, newId }) => {
          const { plan, reader } = await planOf(store, body, clock());
          const run = begin(() => machine.start(newId(), plan, reader));
          return reply(202, runOut(c, run), { location: `/api/simulations/${run.id}` });
        },
      ),
    )
    .get(
      "/:id",
      route(
        {
          summary: "Shows how far a simulation is, and at the end what became of everybody.",
          allow: EDITORS,
          params,
          answers: { 200: SimulationSchema },
          problems,
        },
        (c, { param }) => reply(200, runOut(c, runOf(machine, param.id))),
      ),
    )
    .delete(
      "/:id",
      route(
        {
          summary: "Stops a simulation.",
          allow: EDITORS,
          params,
          answers: { 200: SimulationSchema },
          problems,
        },
        (c, { param }) => {
          const run = runOf(machine, param.id);
          machine.cancel(run.id);
          return reply(200, runOut(c, run));
        },
      ),
    )
    .get(
      "/:id/events",
      route(
        {
          summary: "Streams how far a simulation is, until it has ended.",
          allow: EDITORS,
          params,
          answers: { 200: Type.String({ contentMediaType: "text/event-stream" }) },
          problems,
        },
        (c, { param }) => progress(c, machine, runOf(machine, param.id)),
      ),
    )
    .route("/", people(machine));
}

/** What became of single people. */
function people(machine: TimeMachine) {
  return new Hono<Env>()
    .get(
      "/:id/people",
      route(
        {
          summary: "Lists the people of a simulation that is done.",
          allow: EDITORS,
          params,
          query: PageQuery({
            group: Type.Optional(
              Type.Integer({ minimum: 0, description: "The place of one of the report's groups" }),
            ),
            node: Type.Optional(Type.String({ description: "Those who have been there" })),
            search: Type.Optional(Type.String({ maxLength: 200 })),
          }),
          answers: {
            200: Type.Object({ ...Listed(PersonSchema).properties, total: Count }, closed),
          },
          problems,
        },
        async (_, { param, query }) => {
          const { limit, after } = pageOf(query, NUMBER);
          const { group, node, search } = query;
          const list = await machine.list(runOf(machine, param.id).id, {
            limit,
            after: Number(after ?? 0),
            ...(group === undefined ? {} : { group }),
            ...(node === undefined ? {} : { node }),
            ...(search === undefined ? {} : { search }),
          });
          if (!list) throw gone();
          const next = list.next === null ? null : String(list.next);
          return reply(200, { items: list.rows.map(rowOut), total: list.total, next });
        },
      ),
    )
    .get(
      "/:id/people/:place",
      route(
        {
          summary: "Tells what happened to one of the people.",
          allow: EDITORS,
          params: { id: SimulationId, place: Place },
          answers: { 200: StorySchema },
          problems,
        },
        async (c, { param }) => reply(200, storyOut(await storyOf(c, machine, param))),
      ),
    )
    .get(
      "/:id/people/:place/messages/:message",
      route(
        {
          summary: "Shows a message as it would be sent, as a page to be framed.",
          allow: EDITORS,
          params: { id: SimulationId, place: Place, message: MessagePlace },
          answers: { 200: Type.String({ contentMediaType: "text/html" }) },
          problems,
        },
        async (c, { param }) => {
          const { messages } = await storyOf(c, machine, param);
          const message = NUMBER.test(param.message) ? messages[Number(param.message)] : undefined;
          if (!message) throw gone();
          const body = await renderBody(message.content);
          return c.body("refused" in body ? body.refused : body.html, 200, {
            "content-type": "text/html; charset=utf-8",
            "content-security-policy": POLICY,
          });
        },
      ),
    );
}

function begin(start: () => Run): Run {
  try {
    return start();
  } catch (error) {
    if (!(error instanceof MachineBusy)) throw error;
    throw new HttpProblem("unavailable", {
      en: "Other simulations are under way; try again when one of them has ended.",
      ar: "تجري الآن محاكاات أخرى؛ أعد المحاولة بعد انتهاء إحداها.",
    });
  }
}

const gone = (): HttpProblem =>
  notFound({
    en: "This simulation is gone; run it anew.",
    ar: "لم تعد هذه المحاكاة محفوظة؛ شغّلها من جديد.",
  });

function runOf(machine: TimeMachine, id: string): Run {
  const run = machine.get(id);
  if (!run) throw gone();
  return run;
}

const runOut = (c: Ctx, { fault: _, from, until, at, report, ...run }: Run) => ({
  ...run,
  from: timeOf(from),
  until: timeOf(until),
  at: timeOf(at),
  report: report && reportOut(c, report),
});

const reportOut = (c: Ctx, { from, end, frames, groups, ...report }: Report) => ({
  ...report,
  from: timeOf(from),
  end: timeOf(end),
  frames: frames.map(timeOf),
  groups: groups.map((group) => ({ ...group, text: say(c, reasonIn(group)) })),
});

const rowOut = ({ entered, last, ...row }: Row) => ({
  ...row,
  entered: timeOf(entered),
  last: timeOf(last),
});

async function storyOf(
  c: Ctx,
  machine: TimeMachine,
  { id, place }: { id: string; place: string },
): Promise<Story> {
  const run = runOf(machine, id);
  const found = NUMBER.test(place)
    ? await machine.story(run.id, Number(place), c.get("lang"))
    : null;
  if (!found || found.sentences.length + found.messages.length === 0) throw gone();
  return found;
}

const storyOut = ({ key, sentences, messages }: Story) => ({
  key,
  sentences: sentences.map(({ about, at, node, text, message = null }) => ({
    about,
    at: timeOf(at),
    node,
    text,
    message,
  })),
  messages: messages.map(({ node, flow, channel, at, to, content }) => ({
    ...{ node, flow, channel, to },
    at: timeOf(at),
    subject: content.subject ?? null,
    text: content.format === "text" ? content.body : null,
  })),
});

/** Tells how far it is whenever that changes; the last event says how it ended. */
function progress(c: Ctx, machine: TimeMachine, run: Run): Response {
  return streamSSE(c, async (stream) => {
    const tell = async (): Promise<void> => {
      const { state, people, at } = run;
      await stream.writeSSE({
        event: "progress",
        data: JSON.stringify({ state, people, at: timeOf(at) }),
      });
    };
    let stop = (): void => undefined;
    let rest = (): void => undefined;
    const isOver = (): boolean => run.state !== "waiting" && run.state !== "running";
    try {
      await tell();
      await new Promise<void>((ended) => {
        stop = machine.watch(run.id, () => {
          if (isOver()) ended();
          else void tell();
        });
        rest = heartbeat(c, stream, ended);
        stream.onAbort(ended);
        if (isOver()) ended();
      });
      if (isOver()) await tell();
    } finally {
      rest();
      stop();
    }
  });
}

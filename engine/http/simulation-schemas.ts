import { Type } from "typebox";
import { Count, closed, OneOf, OrNull, Time } from "./schemas.ts";

const Sparse = Type.Array(Type.Integer(), {
  description: "Frame, count, frame, count …; frames that aren't named have none",
});
const Counts = Type.Record(Type.String(), Count);
const Group = Type.Object(
  {
    about: OneOf([
      ...(["waiting", "paused", "skipped", "cancelled"] as const),
      ...(["failed", "exited", "ignored", "bounced"] as const),
    ]),
    reason: Type.String({ description: "A stable word for programs" }),
    text: Type.String({ description: "The reason in the caller's language" }),
    node: OrNull(Type.String()),
    count: Count,
    people: Count,
  },
  closed,
);

/** What became of everybody. */
export const ReportSchema = Type.Object(
  {
    from: Time,
    end: Time,
    stopped: OrNull(OneOf(["lines", "time", "memory"], "Why it ended before `until`")),
    people: Count,
    warnings: Type.Array(Type.String()),
    frames: Type.Array(Time, { description: "Where each day (of a short span: hour) begins" }),
    nodes: Type.Record(
      Type.String(),
      Type.Object(
        {
          passed: Type.Record(Type.String(), Sparse, { description: "By output" }),
          here: { ...Sparse, description: "How many more stand there" },
          messages: Counts,
        },
        closed,
      ),
    ),
    entered: Sparse,
    sent: Type.Record(Type.String(), Sparse, { description: "Messages by channel" }),
    calls: Sparse,
    tasks: Sparse,
    goals: Sparse,
    goalValue: Type.Number(),
    ends: { ...Counts, description: "Runs by how they stand at the end" },
    receipts: Counts,
    groups: Type.Array(Group, {
      description: "What held people up, kept messages back or ended runs early",
    }),
    lines: Count,
  },
  { ...closed, component: "SimulationReport" },
);

/** One simulation, and how far it is. */
export const SimulationSchema = Type.Object(
  {
    id: Type.String(),
    flow: Type.String(),
    state: OneOf(["waiting", "running", "done", "failed", "cancelled"]),
    people: Type.Integer({ description: "How many take part; while they are read, how many were" }),
    from: Time,
    until: Time,
    at: { ...Time, description: "How far the virtual clock has come" },
    report: OrNull(ReportSchema),
  },
  { ...closed, component: "Simulation" },
);

/** One of the people of a simulation. */
export const PersonSchema = Type.Object(
  {
    place: Type.Integer(),
    contact: OrNull(Type.String({ description: "The contact's id; null for made-up people" })),
    key: OrNull(Type.String()),
    name: Type.String(),
    state: OrNull(Type.String({ description: "Of the latest run; null: never entered" })),
    node: OrNull(Type.String()),
    sent: Count,
    kept: Type.Integer({ minimum: 0, description: "Messages that didn't go" }),
    entered: OrNull(Time),
    last: OrNull(Time),
  },
  { ...closed, component: "SimulatedPerson" },
);

/** What happened to one of the people, told. */
export const StorySchema = Type.Object(
  {
    key: OrNull(Type.String()),
    sentences: Type.Array(
      Type.Object(
        {
          about: Type.String(),
          at: OrNull(Time),
          node: OrNull(Type.String()),
          text: Type.String(),
          message: OrNull(
            Type.Integer({ description: "The place of the message that it tells of" }),
          ),
        },
        closed,
      ),
    ),
    messages: Type.Array(
      Type.Object(
        {
          node: Type.String(),
          flow: Type.String(),
          channel: Type.String(),
          at: Time,
          to: OrNull(Type.String()),
          subject: OrNull(Type.String()),
          text: OrNull(Type.String({ description: "Of what is no e-mail" })),
        },
        closed,
      ),
    ),
  },
  { ...closed, component: "SimulatedStory" },
);

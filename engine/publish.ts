import type { Instant } from "../nodes/index.ts";
import { checkFlow } from "./core/check.ts";
import type { FlowDoc } from "./core/document.ts";
import { compileFlow } from "./core/flow.ts";
import { hasErrors, type Problem } from "./core/problems.ts";
import { isPerContact, scheduleNext, scheduleZone } from "./core/timers.ts";
import type { FlowVersion, Store } from "./store/store.ts";

/** Publishing a draft that has problems, or that isn't there. */
export class NotPublishable extends Error {
  override name = "NotPublishable";
  constructor(
    readonly flow: string,
    readonly problems: Problem[],
  ) {
    super(
      problems.length === 0
        ? `There is no flow “${flow}”.`
        : `The flow “${flow}” has problems; it was not published.`,
    );
  }
}

export interface PublishFlowOptions {
  migrate?: boolean;
  move?: Record<string, string>;
  params?: Record<string, string>;
}

/** Checks the draft and makes it the version that triggers start. Throws `NotPublishable`, `PublishRefused`. */
export async function publishFlow(
  store: Store,
  id: string,
  at: Instant,
  { migrate = false, move = {}, params }: PublishFlowOptions = {},
): Promise<FlowVersion> {
  const record = await store.flow(id);
  if (!record) throw new NotPublishable(id, []);
  const problems = await problemsOf(store, record.draft);
  if (hasErrors(problems)) throw new NotPublishable(id, problems);
  const flow = compileFlow(record.draft, { version: 0, firstPublished: at, paused: false });
  const starts = flow.triggers.map((trigger) => trigger.starts);
  const version = await store.publish(id, record.draft, at, {
    migrate,
    move,
    ...(params ? { params } : {}),
    wake: starts.some(
      (s) => s.on === "date" || s.on === "idle" || (s.on === "schedule" && isPerContact(s)),
    ),
    baseline: starts.flatMap((s) => (s.on === "segment" ? [s.segment] : [])),
  });
  const { timezone } = await store.workspace();
  await store.dropSchedules(id);
  for (const { node, starts: s } of flow.triggers) {
    if (s.on !== "schedule" || isPerContact(s)) continue;
    const next = scheduleNext(s, at - 1, scheduleZone(flow, s, timezone));
    await store.setSchedule({ flow: id, version: version.version, node, next });
  }
  return version;
}

/** Everything that is wrong with a draft in this workspace. */
export async function problemsOf(store: Store, doc: FlowDoc): Promise<Problem[]> {
  const [{ segments }, flows] = await Promise.all([store.workspace(), store.flows()]);
  return checkFlow(doc, { segments: Object.keys(segments), flows: flows.map((flow) => flow.id) });
}

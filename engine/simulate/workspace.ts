import { checkSegments } from "../core/check.ts";
import type { Workspace } from "../core/state.ts";
import { validZone } from "../core/time.ts";

/** A workspace with nothing set: UTC, English, consent granted. */
export const plainWorkspace = (): Workspace => ({
  timezone: "UTC",
  locale: "en",
  consent: "granted",
  segments: {},
  fields: {},
  hours: null,
  weekend: ["fri", "sat"],
  holidays: [],
});

const KEYS = [
  "segments",
  "fields",
  "locale",
  "consent",
  "hours",
  "weekend",
  "holidays",
  "timezone",
];

/** Reads a workspace file over the defaults; every problem is a sentence. */
export function readWorkspace(
  value: unknown,
  base: Workspace,
): { workspace: Workspace; problems: string[] } {
  const problems: string[] = [];
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { workspace: base, problems: ["the workspace must be a JSON object"] };
  }
  const given = value as Record<string, unknown>;
  for (const key of Object.keys(given)) {
    if (!KEYS.includes(key)) problems.push(`unknown key “${key}”; known are ${KEYS.join(", ")}`);
  }
  if (given.timezone !== undefined && !validZone(given.timezone)) {
    problems.push(`“timezone”: there is no zone ${JSON.stringify(given.timezone)}`);
  }
  if (given.consent !== undefined && given.consent !== "granted" && given.consent !== "denied") {
    problems.push("“consent” must be granted or denied");
  }
  const workspace = { ...base, ...given } as Workspace;
  for (const problem of checkSegments(workspace.segments)) {
    problems.push(problem.message.en);
  }
  return { workspace, problems };
}

import { controlled, type LooseNode } from "./check-data.ts";
import { propertyLabel } from "./check-shape.ts";
import type { Known } from "./check-values.ts";
import { recurs, SettingsSchema } from "./document-shape.ts";
import { isObject, type Place, type Problem, parts, problemAt } from "./problems.ts";
import * as say from "./problems-flow.ts";
import { parseDuration } from "./time.ts";

/** The settings, and what lies in them by the name that the editor gives it. */
export const settingsPlace: Place = {
  node: null,
  pointer: "/settings",
  name(path) {
    const [key, item] = parts(path);
    const label = key === undefined ? null : propertyLabel(SettingsSchema, key);
    const number = item !== undefined && /^\d+$/.test(item) ? ` ${Number(item) + 1}` : "";
    return {
      en: `Settings${label ? `, ${label.en}${number}` : ""}`,
      ar: `الإعدادات${label ? `، ${label.ar}${number}` : ""}`,
    };
  },
};

/** What the schema of the settings can't say. */
export function settingsProblems(
  settings: unknown,
  nodes: readonly LooseNode[],
  known: Known,
): Problem[] {
  if (!isObject(settings)) return [];
  const around = { known, place: settingsPlace, secrets: false };
  return [
    ...controlled(SettingsSchema, settings, around, ""),
    ...reentryProblems(settings.reentry, nodes),
    ...resumeProblems(settings.onReply),
    ...lateProblems(settings),
  ];
}

function reentryProblems(reentry: unknown, nodes: readonly LooseNode[]): Problem[] {
  if (!isObject(reentry)) return [];
  if (reentry.mode === "per-key" && reentry.key === undefined) {
    return [problemAt(settingsPlace, "/reentry/key", say.noKey)];
  }
  if (reentry.mode !== "once") return [];
  const triggers = nodes.flatMap((n) => (n.type?.starts ? [{ type: n.type, node: n }] : []));
  // How often a trigger fires can't be told while its data is broken.
  const all = triggers.every(({ type, node }) => node.sound && recurs(type, node.data));
  return triggers.length > 0 && all
    ? [problemAt(settingsPlace, "/reentry/mode", say.onceRecurring)]
    : [];
}

function resumeProblems(onReply: unknown): Problem[] {
  if (!isObject(onReply) || typeof onReply.resume !== "string" || onReply.resume === "") return [];
  const fits = onReply.resume === "manual" || (parseDuration(onReply.resume)?.sign ?? -1) > 0;
  return fits ? [] : [problemAt(settingsPlace, "/onReply/resume", say.resumeWord(onReply.resume))];
}

function lateProblems({ late, sendWindow }: Record<string, unknown>): Problem[] {
  return isObject(late) && late.do === "window" && sendWindow === undefined
    ? [problemAt(settingsPlace, "/late/do", say.noSendWindow)]
    : [];
}

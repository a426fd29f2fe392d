import { i18n, type Key, t } from "../i18n/index.svelte.ts";
import { ROLES, type Role } from "./roles.ts";

interface Line {
  action: string;
  subject: string | null;
  detail: Record<string, string | number | boolean | null>;
}

/** What was done, in words; an action that this version doesn't know by its own name. */
export function actionOf(action: string): string {
  const key = `audit.action.${action}`;
  return Object.hasOwn(i18n.catalogue, key) ? t(key as Key) : action;
}

const word = (value: string | number | boolean | null): string => {
  const isRole = typeof value === "string" && (ROLES as readonly string[]).includes(value);
  return isRole ? t(`role.${value as Role}`) : String(value);
};

/** To what, and how: the flow, the names and figures of a line; what was changed from one thing to another with an arrow. */
export function detailOf({ action, subject, detail }: Line): string {
  const { from, to, ...rest } = detail;
  // The others have ids that say nothing to people.
  const isNamed = /^(?:flow|people|segment|field|tag)\./.test(action);
  const others = [isNamed && to === undefined ? subject : null, ...Object.values(rest)].filter(
    (value) => value !== null && value !== "" && typeof value !== "boolean",
  );
  const was = from ?? (isNamed ? subject : undefined);
  const change = was == null || to === undefined ? [] : [[word(was), word(to)]];
  const arrow = i18n.dir === "rtl" ? " ← " : " → ";
  return [...change.map((pair) => pair.join(arrow)), ...others.map(word)].join(" · ");
}

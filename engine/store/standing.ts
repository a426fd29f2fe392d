import type { StandingState } from "./store.ts";

/** Those who need somebody come first. */
export const STATES: readonly StandingState[] = ["failed", "paused", "active"];

/** Rows looked at for one page of a search: a node of a million must not hold up everybody else. */
export const MOST_SEARCHED = 20_000;

/** A stretch of the index `runs_flow`: all who stand at one node in one version and state, by contact. */
export interface Stretch {
  version: number;
  state: StandingState;
}

export interface Place {
  contact: number;
  n: number;
}

export const isSame = (a: Stretch, b: Stretch | null): boolean =>
  b !== null && a.version === b.version && a.state === b.state;

export const cursorOf = ({ version, state }: Stretch, { contact, n }: Place): string =>
  `${state}.${version}.${contact}.${n}`;

/** A cursor that no list gave leads nowhere. */
export function placeOf(cursor: string): Stretch & Place {
  const [state = "", version, contact, n] = cursor.split(".");
  return {
    state: state as StandingState,
    version: Number(version),
    contact: Number(contact),
    n: Number(n),
  };
}

import type { Instant, Window } from "../../nodes/index.ts";
import type { Flow } from "./flow.ts";
import { type Holiday, holidayOn, type RestDay } from "./holidays.ts";
import type { ContactState, Workspace } from "./state.ts";
import { DAYS, openingOfAll, parseWindows } from "./time.ts";
import { DAY, dayNumber, instantOf, wallClock } from "./zone.ts";

/** More days of rest in a row than any list means; beyond, it is taken for a mistake and nobody waits for ever. */
const MOST_DAYS = 400;

const working = new WeakMap<Window, { weekend: readonly string[]; window: Window }>();

/** The workspace's hours; where they name no days, on those that are no weekend. Null: at any time. */
export function workingHours({ hours, weekend }: Workspace): Window | null {
  if (hours === null || hours.days !== undefined) return hours;
  const found = working.get(hours);
  if (found?.weekend === weekend) return found.window;
  const window = { ...hours, days: DAYS.filter((day) => !weekend.includes(day)) };
  working.set(hours, { weekend, window });
  return window;
}

/** The window in which a flow's messages go: its own, else the workspace's hours if the flow keeps them. */
export const windowOf = (workspace: Workspace, flow: Flow): Window | null =>
  flow.sendWindow ?? (flow.hours === "observe" ? workingHours(workspace) : null);

/** The workspace's holidays, as far as the flow keeps them: a greeting for a feast goes on the feast. */
export const holidaysOf = (workspace: Workspace, flow: Flow): readonly Holiday[] =>
  flow.holidays === "ignore" ? [] : workspace.holidays;

/**
 * The first moment at or after `from` at which a message may go: in the flow's window (or the
 * workspace's hours), in one of the contact's own times (where the two never meet, these alone), and on no holiday.
 */
export function windowOpening(
  workspace: Workspace,
  state: ContactState,
  flow: Flow,
  from: Instant,
  zone: string,
): Instant {
  const window = windowOf(workspace, flow);
  const own = timesOf(state);
  const holidays = holidaysOf(workspace, flow);
  if (window === null && own.length === 0 && holidays.length === 0) return from;
  return openingOnWorkdays(window, own, holidays, from, zone);
}

/** Until when a call or task is put off: into the workspace's hours, a call also into the contact's own times. */
export function dueInHours(
  workspace: Workspace,
  state: ContactState,
  flow: Flow,
  task: { kind: "call" | "task"; due: Instant },
  zone: string,
): Instant {
  const hours = workingHours(workspace);
  const holidays = holidaysOf(workspace, flow);
  // A call is made in the contact's day; the rest is done in the team's.
  return task.kind === "call"
    ? openingOnWorkdays(hours, timesOf(state), holidays, task.due, zone)
    : openingOnWorkdays(hours, [], holidays, task.due, workspace.timezone);
}

const timesOf = (state: ContactState): Window[] => {
  const { preferred_times: times } = state.contact.fields;
  return times === undefined ? [] : parseWindows(times);
};

/** Why the workspace holds a message that the flow would send, and what it saw; nothing when it doesn't. */
export function workspaceReason(
  workspace: Workspace,
  state: ContactState,
  flow: Flow,
  from: Instant,
  zone: string,
):
  | { reason: "holiday"; facts: { holiday: RestDay } }
  | { reason: "hours"; facts: { hours: Window } }
  | null {
  const window = windowOf(workspace, flow);
  const opens = openingOfAll(window ? [window] : [], timesOf(state), from, zone);
  const holidays = holidaysOf(workspace, flow);
  const holiday = holidayOn(holidays, from, zone) ?? holidayOn(holidays, opens, zone);
  if (holiday) return { reason: "holiday", facts: { holiday } };
  const ownWay = openingOfAll(flow.sendWindow ? [flow.sendWindow] : [], timesOf(state), from, zone);
  return window !== null && ownWay !== opens ? { reason: "hours", facts: { hours: window } } : null;
}

/** The first opening at or after `from` on no holiday; midnight after one is where it is looked for again. */
export function openingOnWorkdays(
  window: Window | null,
  own: readonly Window[],
  holidays: readonly Holiday[],
  from: Instant,
  zone: string,
): Instant {
  const windows = window === null ? [] : [window];
  const opens = openingOfAll(windows, own, from, zone);
  if (holidays.length === 0) return opens;
  // Days alone keep the time of day; hours begin when they open.
  const keepsTime = [...windows, ...own].every((w) => w.from === undefined && w.to === undefined);
  return onWorkday(opens, holidays, zone, (moment) => {
    const wall = wallClock(moment, zone);
    const tomorrow = keepsTime ? wall + DAY : (dayNumber(wall) + 1) * DAY;
    return openingOfAll(windows, own, instantOf(tomorrow, zone), zone);
  });
}

/** `first`, or the first of its successors on no holiday; `first` again where no end of the holidays comes. */
export function onWorkday(
  first: Instant,
  holidays: readonly Holiday[],
  zone: string,
  after: (moment: Instant) => Instant,
): Instant {
  let moment = first;
  for (let days = 0; days < MOST_DAYS; days++) {
    if (!holidayOn(holidays, moment, zone)) return moment;
    moment = after(moment);
  }
  return first;
}

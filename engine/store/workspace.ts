import type { Workspace } from "../core/state.ts";

export type Plain = Omit<Workspace, "segments" | "fields">;

export const DEFAULTS: Plain = {
  timezone: "UTC",
  locale: "en",
  consent: "granted",
  hours: null,
  weekend: ["fri", "sat"],
  holidays: [],
};

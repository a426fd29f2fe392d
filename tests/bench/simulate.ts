import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ContactRow } from "../../engine/contacts/types.ts";
import type { FlowDoc } from "../../engine/core/document.ts";
import { compileFlow } from "../../engine/core/flow.ts";
import { Simulator } from "../../engine/simulate/simulate.ts";
import { plainWorkspace } from "../../engine/simulate/workspace.ts";
import { peakMemory, timed, type Work } from "./figures.ts";

const FROM = Date.UTC(2026, 0, 1);
const UNTIL = Date.UTC(2027, 0, 1);
const ZONES = ["Asia/Riyadh", "Africa/Cairo", "Europe/Berlin", "America/New_York"];

/** 33 Touch over one year, as `tawasul simulate` runs it, without reading or writing files. */
export const simulate: Work = async ({ contacts = 10_000 }) => {
  const few = await year(Math.min(1000, contacts));
  const many = await year(contacts);
  return {
    figures: [
      {
        name: `${contacts.toLocaleString("en")} contacts × one year`,
        value: many.seconds,
        unit: "s",
      },
      { name: "1,000 contacts × one year", value: few.seconds, unit: "s" },
      { name: "journal lines", value: many.lines, unit: "" },
      { name: "lines a second", value: many.lines / many.seconds, unit: "lines/s" },
      { name: "peak memory", value: peakMemory(), unit: "MB" },
    ],
    notes: ["33 Touch, four time zones, half of them Arabic; every line is handed over"],
  };
};

async function year(count: number): Promise<{ seconds: number; lines: number }> {
  const file = join(import.meta.dirname, "../../flows/33-touch.json");
  const doc = JSON.parse(readFileSync(file, "utf8")) as FlowDoc;
  const flow = compileFlow(doc, { version: 1, firstPublished: FROM, paused: false });
  let lines = 0;
  const { seconds, value } = await timed(() =>
    new Simulator({
      flow,
      others: [],
      contacts: people(count),
      events: [],
      from: FROM,
      until: UNTIL,
      workspace: plainWorkspace(),
      write: () => {
        lines++;
      },
    }).run(),
  );
  if (value.contacts !== count)
    throw new Error(`${value.contacts} contacts were simulated, not ${count}`);
  return { seconds, lines };
}

const people = (count: number): ContactRow[] =>
  Array.from({ length: count }, (_, n) => ({
    key: `person${n}@example.com`,
    line: n + 2,
    fields: {
      email: `person${n}@example.com`,
      phone: `+9665${String(n).padStart(8, "0")}`,
      first_name: `First${n}`,
      locale: n % 2 === 0 ? "ar" : "en",
      timezone: ZONES[n % ZONES.length] ?? "UTC",
      birthday: `19${70 + (n % 30)}-${String(1 + (n % 12)).padStart(2, "0")}-${String(1 + (n % 28)).padStart(2, "0")}`,
    },
    tags: [],
    consent: null,
    created: null,
    flags: [],
  }));

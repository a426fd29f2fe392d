import type { Command } from "commander";
import type { Window } from "../../nodes/index.ts";
import { parseWindows, validZone } from "../core/time.ts";
import type { Opened } from "../open.ts";
import { plainWorkspace, readWorkspace } from "../simulate/workspace.ts";
import type { Store } from "../store/store.ts";
import { readJsonFile } from "./files.ts";
import { command, examples, type Output, printJson, UsageError } from "./program.ts";
import {
  atMoment,
  folderOf,
  nowOf,
  onWorkspace,
  type WorkspaceOptions,
  withWorkspace,
} from "./workspace.ts";

interface Options extends WorkspaceOptions {
  timezone?: string;
  locale?: string;
  consent?: string;
  hours?: string;
  weekend?: string;
  holidays?: string;
  workspace?: string;
}

/** `settings [--timezone ZONE] [--locale TAG] [--consent granted/denied] [--hours …] [--weekend …] [--holidays …] [--workspace FILE]` */
export const settings = (output: Output): Command =>
  examples(
    atMoment(
      onWorkspace(
        command("settings", "what the workspace fixes for everybody; without flags they are shown"),
      ),
    )
      .option("--timezone <zone>", "the workspace's zone, such as Asia/Riyadh")
      .option("--locale <tag>", "the default language, such as ar")
      .option("--consent <mode>", "granted or denied, for contacts with no consent on record")
      .option(
        "--hours <times>",
        "when the team works: calls and tasks are due then; such as 09:00-17:00, “sun-thu 9-17”, none",
      )
      .option("--weekend <days>", "the days that --hours leaves out, such as fri,sat; none")
      .option(
        "--holidays <days>",
        "days without messages: 2026-09-23, 09-23 (each year), hijri:10-01/P3D (from 1 Shawwal, three days); none",
      )
      .option("--workspace <file>", "all of it as JSON, in the form that simulate takes")
      .action((options: Options) =>
        withWorkspace(folderOf(options), async ({ store, noted }) => {
          await change(store, noted, options);
          const now = await store.workspace();
          if (options.json) return printJson(output, now);
          for (const [name, value] of Object.entries(now)) {
            output.out(`${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
          }
        }),
      ),
    "settings",
    "settings --timezone Asia/Riyadh --locale ar --consent denied",
    "settings --hours 09:00-17:00 --weekend fri,sat --holidays hijri:10-01/P3D,hijri:12-09/P5D,09-23",
    "settings --workspace workspace.json",
  );

async function change(store: Store, noted: Opened["noted"], options: Options): Promise<void> {
  const { timezone, locale, consent, workspace: file } = options;
  const flags = {
    ...daysOff(options),
    ...(timezone === undefined ? {} : { timezone }),
    ...(locale === undefined ? {} : { locale }),
    ...(consent === undefined ? {} : { consent }),
  };
  if (file === undefined && Object.keys(flags).length === 0) return;
  if (timezone !== undefined && !validZone(timezone)) {
    throw new UsageError(`--timezone: there is no zone “${timezone}”.`);
  }
  if (locale !== undefined && !/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(locale)) {
    throw new UsageError(`--locale must be a language tag such as ar or en-GB, not “${locale}”.`);
  }
  if (consent !== undefined && consent !== "granted" && consent !== "denied") {
    throw new UsageError(`--consent must be granted or denied, not “${consent}”.`);
  }
  const given = file === undefined ? {} : readJsonFile(file, "workspace file");
  const { workspace, problems } = readWorkspace(given, await store.workspace());
  if (problems.length > 0) throw new UsageError(`${file}: ${problems.join("; ")}`);
  const names = [...Object.keys(given as object), ...Object.keys(flags)];
  const changing = noted("settings.changed", null, { settings: [...new Set(names)].join(" ") });
  await changing.setWorkspace({ ...workspace, ...flags } as typeof workspace, nowOf(options));
}

/** When the team doesn't work, as the flags say it. */
function daysOff({ hours, weekend, holidays }: Options): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  if (hours !== undefined) given.hours = hoursOf(hours);
  if (weekend !== undefined) given.weekend = listOf(weekend.toLowerCase());
  if (holidays !== undefined) given.holidays = listOf(holidays);
  const { problems } = readWorkspace(given, plainWorkspace());
  if (problems.length > 0) throw new UsageError(problems.map((p) => `${p}.`).join("\n"));
  return given;
}

const listOf = (text: string): string[] =>
  text.trim() === "none" ? [] : text.split(/[\s,،]+/).filter((part) => part !== "");

function hoursOf(text: string): Window | null {
  if (text.trim() === "none") return null;
  const [window, ...more] = parseWindows(text);
  if (window && more.length === 0) return window;
  throw new UsageError(
    `--hours must be one span of the day, such as 09:00-17:00 or “sun-thu 9-17”, not “${text}”.`,
  );
}

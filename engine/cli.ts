#!/usr/bin/env bun
import type { Command } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { command, type Output, runProgram, terminal } from "./cli/program.ts";

/** Every command, loaded when it is asked for: a quick one doesn't wait for what the others need. */
const COMMANDS: Record<string, () => Promise<(output: Output) => Command>> = {
  start: async () => (await import("./cli/start.ts")).start,
  run: async () => (await import("./cli/run.ts")).run,
  import: async () => (await import("./cli/import.ts")).importCommand,
  export: async () => (await import("./cli/export.ts")).exportCommand,
  flow: async () => (await import("./cli/flow.ts")).flow,
  enroll: async () => (await import("./cli/enroll.ts")).enroll,
  event: async () => (await import("./cli/event.ts")).event,
  settings: async () => (await import("./cli/settings.ts")).settings,
  user: async () => (await import("./cli/user.ts")).user,
  key: async () => (await import("./cli/key.ts")).key,
  audit: async () => (await import("./cli/audit.ts")).audit,
  why: async () => (await import("./cli/why.ts")).why,
  erase: async () => (await import("./cli/erase.ts")).erase,
  backup: async () => (await import("./cli/backup.ts")).backup,
  restore: async () => (await import("./cli/backup.ts")).restore,
  validate: async () => (await import("./cli/validate.ts")).validate,
  simulate: async () => (await import("./cli/simulate.ts")).simulate,
  test: async () => (await import("./cli/test.ts")).test,
};

const args = process.argv.slice(2);
const named = args.find((arg) => !arg.startsWith("-")) ?? "";
const wanted = Object.hasOwn(COMMANDS, named) ? [named] : Object.keys(COMMANDS);
const program = command("tawasul", "follow up with customers: flows, contacts, messages").version(
  packageJson.version,
);
for (const name of wanted) {
  const load = COMMANDS[name];
  if (load) program.addCommand((await load())(terminal));
}
process.exitCode = await runProgram(program, args, terminal);

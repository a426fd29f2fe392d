#!/usr/bin/env bun
import packageJson from "../package.json" with { type: "json" };
import { backup, restore } from "./cli/backup.ts";
import { enroll } from "./cli/enroll.ts";
import { erase } from "./cli/erase.ts";
import { event } from "./cli/event.ts";
import { exportCommand } from "./cli/export.ts";
import { flow } from "./cli/flow.ts";
import { importCommand } from "./cli/import.ts";
import { command, runProgram, terminal } from "./cli/program.ts";
import { run } from "./cli/run.ts";
import { settings } from "./cli/settings.ts";
import { simulate } from "./cli/simulate.ts";
import { start } from "./cli/start.ts";
import { test } from "./cli/test.ts";
import { validate } from "./cli/validate.ts";
import { why } from "./cli/why.ts";

const program = command("tawasul", "follow up with customers: flows, contacts, messages")
  .version(packageJson.version)
  .addCommand(start(terminal))
  .addCommand(run(terminal))
  .addCommand(importCommand(terminal))
  .addCommand(exportCommand(terminal))
  .addCommand(flow(terminal))
  .addCommand(enroll(terminal))
  .addCommand(event(terminal))
  .addCommand(settings(terminal))
  .addCommand(why(terminal))
  .addCommand(erase(terminal))
  .addCommand(backup(terminal))
  .addCommand(restore(terminal))
  .addCommand(validate(terminal))
  .addCommand(simulate(terminal))
  .addCommand(test(terminal));

process.exitCode = await runProgram(program, process.argv.slice(2), terminal);

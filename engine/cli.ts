#!/usr/bin/env bun
import { simulate } from "./cli/simulate.ts";
import { command, runProgram, terminal } from "./cli/program.ts";
import { test } from "./cli/test.ts";
import { validate } from "./cli/validate.ts";
import packageJson from "../package.json" with { type: "json" };

const program = command("tawasul", "follow up with customers: flows, contacts, messages")
  .version(packageJson.version)
  .addCommand(validate(terminal))
  .addCommand(simulate(terminal))
  .addCommand(test(terminal));

process.exitCode = await runProgram(program, process.argv.slice(2), terminal);

import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import type { Rule } from "../../nodes/index.ts";
import { checkRule } from "../core/check.ts";
import { hasErrors, isObject } from "../core/problems.ts";
import { contactByKey, enrollInput } from "../intake.ts";
import type { Store } from "../store/store.ts";
import { jsonFlag } from "./files.ts";
import { flowNamed } from "./flow-named.ts";
import { command, examples, type Output, printJson, UsageError } from "./program.ts";
import { atMoment, folderOf, nowOf, onWorkspace, withWorkspace } from "./workspace.ts";

interface Options {
  contact?: string[];
  rule?: string;
  all?: boolean;
  key?: string;
  data?: string;
  dataDir?: string;
  now?: string;
  json?: boolean;
}

/** `enroll FLOW (--contact KEY… / --rule JSON / --all) [--key K] [--data JSON]` */
export const enroll = (output: Output): Command =>
  examples(
    atMoment(
      onWorkspace(command("enroll", "start contacts in a published flow"), { dataIsFolder: false }),
    )
      .argument("<flow>", "the flow's id")
      .option("--contact <key...>", "contacts, by e-mail, phone or id")
      .option("--rule <json>", "every contact that the rule holds for")
      .option("--all", "every contact")
      .option("--key <key>", "the run's key, where the flow has one run for each key")
      .option("--data <json>", "data for the run's templates ({{event.…}}), a JSON object")
      .action((flow: string, options: Options) =>
        withWorkspace(folderOf({ dataDir: options.dataDir }), async ({ store, noted }) => {
          const given = [options.contact, options.rule, options.all].filter((o) => o !== undefined);
          if (given.length !== 1)
            throw new UsageError("Say who: one of --contact KEY…, --rule JSON or --all.");
          const { state } = await flowNamed(store, flow);
          if (state === "draft") {
            throw new UsageError(
              `The flow “${flow}” isn't published; publish it with “tawasul flow publish ${flow}”.`,
            );
          }
          const count = await start(noted("flow.enrolled", flow), flow, options);
          if (options.json) printJson(output, { flow, contacts: count });
          else output.out(`${flow}: ${count} ${count === 1 ? "contact" : "contacts"} to start`);
        }),
      ),
    "enroll new-lead --all",
    "enroll new-lead --contact sara@example.com +966555000001",
    `enroll new-lead --rule '{"tag": "lead"}'`,
    `enroll after-purchase --contact sara@example.com --key A-1001 --data '{"order_id": "A-1001"}'`,
  );

async function start(store: Store, flow: string, options: Options): Promise<number> {
  const at = nowOf(options);
  const input = enrollInput(flow, randomUUID(), at, {
    ...(options.key === undefined ? {} : { key: options.key }),
    ...(options.data === undefined ? {} : { data: dataFlag(options.data) }),
  });
  if (options.contact) {
    const contacts: string[] = [];
    const unknown: string[] = [];
    for (const key of options.contact) {
      const id = await contactByKey(store, key);
      if (id === null) unknown.push(`“${key}”`);
      else contacts.push(id);
    }
    if (unknown.length > 0)
      throw new UsageError(`There is no contact ${unknown.join(", ")}; nobody was started.`);
    return store.addInputs([...new Set(contacts)].map((contact) => ({ contact, input })));
  }
  const rule = options.rule === undefined ? null : await ruleFlag(store, options.rule);
  return store.addInputForAll(rule, input, at);
}

/** A JSON object from `--data`. */
export function dataFlag(text: string): Record<string, unknown> {
  const data = jsonFlag("--data", text);
  if (!isObject(data))
    throw new UsageError(
      `--data must be a JSON object such as {"amount": 5}, not “${text.slice(0, 80)}”.`,
    );
  return data;
}

/** A rule from a flag, checked as one of a segment is. */
async function ruleFlag(store: Store, text: string): Promise<Rule> {
  const rule = jsonFlag("--rule", text);
  const { segments } = await store.workspace();
  const problems = checkRule(rule, { inFlow: false, segments: Object.keys(segments) });
  if (hasErrors(problems)) {
    throw new UsageError(`--rule: ${problems.map((p) => p.message.en).join(" ")}`);
  }
  return rule as Rule;
}

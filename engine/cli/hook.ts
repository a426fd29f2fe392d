import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import { type Hook, hooksOf, renewHook } from "../hooks.ts";
import { flowNamed } from "./flow-named.ts";
import { command, examples, type Output, printJson, UsageError } from "./program.ts";
import { folderOf, onWorkspace, type WorkspaceOptions, withWorkspace } from "./workspace.ts";

/** `flow hook ID [--renew NODE]`: the addresses under which other systems start a flow. */
export const hook = (output: Output): Command =>
  examples(
    onWorkspace(
      command("hook", "the addresses under which other systems start a flow (incoming webhooks)"),
    )
      .argument("<id>", "the flow")
      .option("--renew <node>", "make a new address of this trigger; the old one leads nowhere")
      .action((id: string, options: WorkspaceOptions & { renew?: string }) =>
        withWorkspace(folderOf(options), async ({ store, links }) => {
          const record = await flowNamed(store, id);
          const hooks = await hooksOf({ store, links }, record);
          if (hooks.length === 0)
            throw new UsageError(`The flow “${id}” has no incoming webhook (trigger.webhook).`);
          const { renew } = options;
          if (renew !== undefined) {
            if (!hooks.some(({ node }) => node === renew)) {
              const known = hooks.map(({ node }) => node).join(", ");
              throw new UsageError(
                `The flow “${id}” has no incoming webhook “${renew}”; it has ${known}.`,
              );
            }
            await renewHook({ store, links }, id, renew, randomUUID());
          }
          const now = await hooksOf({ store, links }, record);
          if (options.json) printJson(output, now);
          else for (const one of now) say(output, one);
        }),
      ),
    "flow hook new-lead",
    "flow hook new-lead --renew start",
  );

function say(output: Output, { node, url, secret, live }: Hook): void {
  output.out(`${node}  ${url}`);
  if (secret !== null)
    output.err(`${node}: calls must be signed with the secret ${secret} (SECRET_${secret})`);
  if (!live) output.err(`${node}: publish the flow first; until then a call finds nothing`);
}

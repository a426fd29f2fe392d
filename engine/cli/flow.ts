import type { Command } from "commander";
import { hasErrors } from "../core/problems.ts";
import { pickText } from "../core/template.ts";
import { iso } from "../core/time.ts";
import { NotPublishable, problemsOf, publishFlow } from "../publish.ts";
import { PublishRefused, type Store } from "../store/store.ts";
import { flowNamed } from "./flow-named.ts";
import { checkFile, sayPlace } from "./flows.ts";
import { hook } from "./hook.ts";
import { command, examples, FoundProblems, type Output, printJson, UsageError } from "./program.ts";
import {
  atMoment,
  folderOf,
  nowOf,
  onWorkspace,
  type WorkspaceOptions,
  withWorkspace,
} from "./workspace.ts";

/** `flow add FILE` · `flow publish ID` · `flow pause/resume ID` · `flow list` · `flow hook ID` */
export const flow = (output: Output): Command =>
  examples(
    command("flow", "the flows of the workspace: add, publish, pause, resume, list, hook")
      .addCommand(add(output))
      .addCommand(publish(output))
      .addCommand(pause(output))
      .addCommand(resume(output))
      .addCommand(list(output))
      .addCommand(hook(output)),
    "flow add flows/new-lead.json",
    "flow publish new-lead",
    "flow list --json",
  );

const add = (output: Output): Command =>
  examples(
    atMoment(
      onWorkspace(command("add", "add a flow, or replace its draft; published versions stay")),
    )
      .argument("<file...>", "flow documents (JSON)")
      .action((files: string[], options: WorkspaceOptions) =>
        withWorkspace(folderOf(options), async ({ store }) => {
          const at = nowOf(options);
          const checked = files.map(checkFile);
          for (const { doc, file, problems } of checked) {
            // What the document alone can't know: which segments and flows there are.
            const known = doc && !hasErrors(problems) ? await problemsOf(store, doc) : problems;
            const shown = known.filter((p) => p.severity === "error" || !options.json);
            for (const problem of shown) output.err(sayPlace(file, problem));
          }
          const bad = checked.filter(({ doc, problems }) => !doc || hasErrors(problems));
          if (bad.length > 0) {
            const names = bad.map(({ file }) => `“${file}”`).join(", ");
            throw new FoundProblems(
              `${names} can't be added before this is put right; nothing was added.`,
            );
          }
          const ids: string[] = [];
          for (const { doc } of checked) {
            if (!doc) continue;
            await store.saveDraft(doc, at);
            ids.push(doc.id);
          }
          if (options.json) printJson(output, { added: ids });
          else
            for (const id of ids)
              output.out(`${id}: added; publish it with “tawasul flow publish ${id}”`);
        }),
      ),
    "flow add flows/new-lead.json flows/8x8.json",
  );

interface PublishOptions extends WorkspaceOptions {
  migrate?: boolean;
  move?: string[];
  param?: string[];
}

const publish = (output: Output): Command =>
  examples(
    atMoment(
      onWorkspace(command("publish", "make the draft the version that triggers start from now on")),
    )
      .argument("<id>", "the flow")
      .option(
        "--migrate",
        "contacts inside move to the new version too (else they end where they began)",
      )
      .option(
        "--move <old=new...>",
        "with --migrate: where contacts on a removed node go, or “leave”",
      )
      .option("--param <name=value...>", "the flow's parameters (those of the last version else)")
      .action((id: string, options: PublishOptions) =>
        withWorkspace(folderOf(options), async ({ store, noted }) => {
          const record = await flowNamed(store, id);
          const params = pairs("--param", options.param ?? []);
          const known = Object.keys(record.draft.parameters ?? {});
          for (const name of Object.keys(params)) {
            if (known.includes(name)) continue;
            throw new UsageError(
              `--param: the flow has no parameter “${name}”; it has ${known.join(", ") || "none"}.`,
            );
          }
          if (options.move && !options.migrate)
            throw new UsageError("--move is only of use with --migrate.");
          const publishing = noted("flow.published", id, { migrate: options.migrate ?? false });
          const version = await published(publishing, id, options, params, output);
          if (options.json) printJson(output, { flow: id, version });
          else output.out(`${id}: version ${version} is live`);
        }),
      ),
    "flow publish new-lead --param brand=Acme sender=hello@acme.example",
    "flow publish new-lead --migrate --move old-offer=offer last-mail=leave",
  );

async function published(
  store: Store,
  id: string,
  options: PublishOptions,
  params: Record<string, string>,
  output: Output,
): Promise<number> {
  try {
    const { version } = await publishFlow(store, id, nowOf(options), {
      migrate: options.migrate ?? false,
      move: pairs("--move", options.move ?? []),
      ...(options.param ? { params } : {}),
    });
    return version;
  } catch (error) {
    if (error instanceof NotPublishable) {
      for (const problem of error.problems) output.err(sayPlace(id, problem));
      throw new FoundProblems(error.message);
    }
    if (error instanceof PublishRefused) {
      const nodes = Object.entries(error.nodes).map(([node, count]) => `${node} (${count})`);
      throw new FoundProblems(
        `${id}: contacts stand on nodes that the new version no longer has: ${nodes.join(", ")}. Say where they go with --move OLD=NEW, or OLD=leave; nothing was published.`,
      );
    }
    throw error;
  }
}

/** `NAME=VALUE` flags. */
function pairs(flag: string, given: string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const text of given) {
    const cut = text.indexOf("=");
    if (cut < 1) throw new UsageError(`${flag} must be NAME=VALUE, not “${text}”.`);
    found[text.slice(0, cut)] = text.slice(cut + 1);
  }
  return found;
}

const pause = (output: Output): Command =>
  examples(
    atMoment(onWorkspace(command("pause", "stop a flow where it stands: nobody in it goes on")))
      .argument("<id>", "the flow")
      .action((id: string, options: WorkspaceOptions) =>
        withWorkspace(folderOf(options), async ({ store, noted }) => {
          const { state } = await flowNamed(store, id);
          if (state === "draft")
            throw new UsageError(`The flow “${id}” isn't published, so there is nothing to pause.`);
          const pausing = state === "paused" ? store : noted("flow.paused", id);
          await pausing.pauseFlow(id, nowOf(options));
          if (options.json) printJson(output, { flow: id, state: "paused" });
          else output.out(state === "paused" ? `${id}: was paused already` : `${id}: paused`);
        }),
      ),
    "flow pause new-lead",
  );

const resume = (output: Output): Command =>
  examples(
    atMoment(onWorkspace(command("resume", "let a paused flow go on")))
      .argument("<id>", "the flow")
      .option(
        "--shift",
        "move every waiting moment by the length of the pause (else the overdue go on at once)",
      )
      .action((id: string, options: WorkspaceOptions & { shift?: boolean }) =>
        withWorkspace(folderOf(options), async ({ store, noted }) => {
          const { state } = await flowNamed(store, id);
          if (state === "draft")
            throw new UsageError(
              `The flow “${id}” isn't published, so there is nothing to resume.`,
            );
          const shift = options.shift ?? false;
          const resuming = state === "live" ? store : noted("flow.resumed", id, { shift });
          await resuming.resumeFlow(id, nowOf(options), shift);
          if (options.json) printJson(output, { flow: id, state: "live" });
          else output.out(state === "live" ? `${id}: was not paused` : `${id}: goes on`);
        }),
      ),
    "flow resume new-lead --shift",
  );

const list = (output: Output): Command =>
  examples(
    onWorkspace(
      command(
        "list",
        "every flow with its state and how many contacts entered, are inside and ended",
      ),
    ).action((options: WorkspaceOptions) =>
      withWorkspace(folderOf(options), async ({ store }) => {
        const records = await store.flows();
        const rows = await Promise.all(
          records.map(async ({ id, draft, state, version, updated }) => {
            const { entered, active, completed, exited, failed } = await store.flowCounts(id);
            const counts = { entered, active, completed, exited, failed };
            return { id, name: draft.name, state, version, updated: iso(updated), ...counts };
          }),
        );
        if (options.json) return printJson(output, rows);
        if (rows.length === 0)
          output.err("There are no flows yet; add one with “tawasul flow add FILE”.");
        const width = Math.max(4, ...rows.map((r) => r.id.length));
        for (const row of rows) {
          const version = row.version === null ? "" : ` v${row.version}`;
          const name = pickText(row.name, "en", "en").text;
          const state = `${row.state}${version}`.padEnd(10);
          output.out(
            `${row.id.padEnd(width)}  ${state}  ${row.entered} entered, ${row.active} inside, ${row.completed} completed, ${row.exited} left, ${row.failed} failed  ${name}`,
          );
        }
      }),
    ),
    "flow list",
  );

import type { Command } from "commander";
import { iso } from "../core/time.ts";
import { contactsCsv, contactsOut, journalOut, messagesOut } from "../export.ts";
import type { Store } from "../store/store.ts";
import { personOf } from "./erase.ts";
import { flowNamed } from "./flow-named.ts";
import { LinesFile } from "./lines-file.ts";
import { command, examples, type Output, printJson, UsageError } from "./program.ts";
import { folderOf, nowOf, onWorkspace, type WorkspaceOptions, withWorkspace } from "./workspace.ts";

interface Options extends WorkspaceOptions {
  flow?: string;
  out?: string;
  format?: string;
}

const FORMATS = ["csv", "json", "jsonl"];
const DEFAULTS: Record<string, string> = {
  contacts: "csv",
  flow: "json",
  journal: "jsonl",
  messages: "jsonl",
};

/** `export contacts/flow/journal/messages … [--out FILE]` */
export const exportCommand = (output: Output): Command =>
  examples(
    onWorkspace(
      command("export", "contacts, a flow, the journal or messages, to a file or standard output"),
    )
      .argument("<what>", "contacts, person, flow, journal or messages")
      .argument("[id]", "with flow: its id; with person: e-mail, phone or id")
      .option("--flow <id>", "only what belongs to this flow")
      .option("--out <file>", "write there (default: standard output)")
      .option(
        "--format <format>",
        "csv, json or jsonl (default: contacts csv, a flow json, else jsonl)",
      )
      .action((what: string, id: string | undefined, options: Options) =>
        withWorkspace(folderOf(options), async ({ store, note }) => {
          if (what === "person") {
            await person(store, id, options, output);
            return note("workspace.exported", null, { what });
          }
          const standard = DEFAULTS[what];
          if (standard === undefined)
            throw new UsageError(
              `There is no export “${what}”; there are contacts, person, flow, journal and messages.`,
            );
          const format = options.format ?? (options.json ? "json" : standard);
          if (!FORMATS.includes(format))
            throw new UsageError(`--format must be csv, json or jsonl, not “${format}”.`);
          if (format === "csv" && what !== "contacts")
            throw new UsageError("CSV is for contacts; use --format json or jsonl.");
          const flow = id ?? options.flow;
          if (what === "flow" && flow === undefined)
            throw new UsageError("Which flow? tawasul export flow ID");
          if (what === "contacts" && flow !== undefined)
            throw new UsageError("Contacts belong to no flow; leave out --flow.");
          if (flow !== undefined) await flowNamed(store, flow);
          const file = new LinesFile(options.out ?? null, "file");
          const count = await write(store, what, flow, format, nowOf({}), file);
          file.close();
          await note("workspace.exported", flow ?? null, { what });
          if (options.out !== undefined) {
            if (options.json) printJson(output, { written: count, file: options.out });
            else
              output.err(
                `${options.out}: ${count} ${what === "flow" ? "flow" : what === "journal" ? "lines" : what}`,
              );
          }
        }),
      ),
    "export contacts --out contacts.csv",
    "export person sara@example.com --out sara.json",
    "export flow new-lead --out new-lead.json",
    "export journal --flow new-lead --out journal.jsonl",
    "export messages --format json",
  );

/** Everything that is kept about one person, as one JSON document. */
async function person(
  store: Store,
  key: string | undefined,
  options: Options,
  output: Output,
): Promise<void> {
  if (key === undefined) throw new UsageError("Which person? tawasul export person CONTACT");
  if (options.format !== undefined && options.format !== "json")
    throw new UsageError("A person is one JSON document; leave out --format.");
  const found = await personOf(store, key);
  const file = new LinesFile(options.out ?? null, "file");
  file.line(JSON.stringify(found, null, 2));
  file.close();
  if (options.out !== undefined) output.err(`${options.out}: everything about ${key}`);
}

async function write(
  store: Store,
  what: string,
  flow: string | undefined,
  format: string,
  now: number,
  file: LinesFile,
): Promise<number> {
  if (what === "flow" && flow !== undefined) {
    const record = await flowNamed(store, flow);
    file.line(
      format === "jsonl" ? JSON.stringify(record.draft) : JSON.stringify(record.draft, null, 2),
    );
    return 1;
  }
  if (what === "contacts" && format === "csv") {
    let lines = 0;
    for await (const line of contactsCsv(store, now)) {
      file.line(line);
      lines++;
    }
    return lines - 1;
  }
  const rows =
    what === "journal"
      ? journalOut(store, flow)
      : what === "messages"
        ? messagesOut(store, flow)
        : contactObjects(store, now);
  let count = 0;
  if (format === "json") file.line("[");
  let held: string | null = null;
  for await (const row of rows) {
    count++;
    if (format === "jsonl") {
      file.line(JSON.stringify(row));
      continue;
    }
    if (held !== null) file.line(`${held},`);
    held = JSON.stringify(row);
  }
  if (held !== null) file.line(held);
  if (format === "json") file.line("]");
  return count;
}

/** Contacts as `simulate` takes them in JSON. */
async function* contactObjects(store: Store, now: number): AsyncGenerator<Record<string, unknown>> {
  for await (const { id, fields, tags, consent, created } of contactsOut(store, now)) {
    yield { id, ...fields, tags, consent, created_at: iso(created) };
  }
}

import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import { contactByKey, eventInput } from "../intake.ts";
import { dataFlag } from "./enroll.ts";
import { command, examples, type Output, printJson, UsageError } from "./program.ts";
import { atMoment, folderOf, nowOf, onWorkspace, withWorkspace } from "./workspace.ts";

interface Options {
  data?: string;
  dataDir?: string;
  id?: string;
  now?: string;
  json?: boolean;
}

/** `event CONTACT NAME [--data JSON] [--id ID]` */
export const event = (output: Output): Command =>
  examples(
    atMoment(
      onWorkspace(command("event", "tell that something happened to a contact"), {
        dataIsFolder: false,
      }),
    )
      .argument("<contact>", "the contact: e-mail, phone or id")
      .argument("<name>", "the event's name, such as order.placed")
      .option("--data <json>", "what is known of it, a JSON object")
      .option("--id <id>", "the event's own id: the same id twice counts once")
      .action((key: string, name: string, options: Options) =>
        withWorkspace(folderOf({ dataDir: options.dataDir }), async ({ store }) => {
          if (name.trim() === "" || name.length > 200)
            throw new UsageError("The event's name must have 1 to 200 characters.");
          const data = options.data === undefined ? {} : dataFlag(options.data);
          const contact = await contactByKey(store, key);
          if (contact === null) throw new UsageError(`There is no contact “${key}”.`);
          const id = options.id ?? randomUUID();
          const isNew =
            (await store.addInputs([
              { contact, input: eventInput(name, data, id, nowOf(options)) },
            ])) > 0;
          if (options.json) printJson(output, { contact, event: name, id, known: !isNew });
          else
            output.out(
              isNew
                ? `${name}: noted`
                : `${name}: already known by the id “${id}”, so it counts once`,
            );
        }),
      ),
    `event sara@example.com order.placed --data '{"order_id": "A-1001", "amount": 350}' --id A-1001`,
    "event +966555000001 form.submitted",
  );

import type { Command } from "commander";
import { contactByKey } from "../intake.ts";
import { erasePerson, personOut } from "../person.ts";
import type { Store } from "../store/store.ts";
import { WorldCache } from "../world.ts";
import { command, examples, type Output, printJson, UsageError } from "./program.ts";
import {
  atMoment,
  folderOf,
  nowOf,
  onWorkspace,
  type WorkspaceOptions,
  withWorkspace,
} from "./workspace.ts";

/** `erase CONTACT --yes` */
export const erase = (output: Output): Command =>
  examples(
    atMoment(
      onWorkspace(
        command("erase", "forget a person for ever: only sums and an anonymous history stay"),
      ),
    )
      .argument("<contact>", "the contact: e-mail, phone or id")
      .option("--yes", "really do it: there is no way back but a backup")
      .action((key: string, options: WorkspaceOptions & { yes?: boolean }) =>
        withWorkspace(folderOf(options), async ({ store, links, noted }) => {
          const contact = await contactByKey(store, key);
          if (contact === null) throw new UsageError(`There is no contact “${key}”.`);
          if (!options.yes) {
            throw new UsageError(
              `Erasing “${key}” can't be undone. Look at what is kept with “tawasul export person ${key}”, then say --yes; nothing was erased.`,
            );
          }
          const isEmpty = await erasePerson(
            noted("contact.erased", contact),
            new WorldCache(store, links),
            contact,
            nowOf(options),
          );
          if (options.json) printJson(output, { contact, erased: true });
          else output.out(`${key}: erased`);
          if (!isEmpty)
            output.err(
              "Another program is reading the database; what was erased leaves its log of changes a little later.",
            );
          output.err("Backups that were made before still hold this person.");
        }),
      ),
    "erase sara@example.com --yes",
  );

/** Everything that is kept about one person, for `export person CONTACT`. */
export async function personOf(store: Store, key: string): Promise<Record<string, unknown>> {
  const contact = await contactByKey(store, key);
  const person = contact === null ? null : await personOut(store, contact);
  if (person === null) throw new UsageError(`There is no contact “${key}”.`);
  return person;
}

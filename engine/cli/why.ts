import type { Command } from "commander";
import { contactByKey } from "../intake.ts";
import { type Explanation, explain, explanationJson } from "../why/explain.ts";
import { voiceIn } from "../why/voice.ts";
import { flowNamed } from "./flow-named.ts";
import { command, examples, type Output, printJson, UsageError } from "./program.ts";
import {
  atMoment,
  folderOf,
  nowOf,
  onWorkspace,
  type WorkspaceOptions,
  withWorkspace,
} from "./workspace.ts";

const NOBODY = {
  en: (key: string) => `There is no contact “${key}”.`,
  ar: (key: string) => `لا توجد جهة اتصال «${key}».`,
};

interface Options extends WorkspaceOptions {
  arabic?: boolean;
}

/** `why CONTACT FLOW [--arabic] [--json] [--data DIR]` */
export const why = (output: Output): Command =>
  examples(
    atMoment(
      onWorkspace(command("why", "why this person did or didn't get each message of a flow")),
    )
      .argument("<contact>", "the contact: e-mail, phone or id")
      .argument("<flow>", "the flow")
      .option("--arabic", "in Arabic")
      .action((key: string, flow: string, options: Options) =>
        withWorkspace(folderOf(options), async ({ store }) => {
          await flowNamed(store, flow);
          const contact = await contactByKey(store, key);
          const language = options.arabic ? "ar" : "en";
          if (contact === null) throw new UsageError(NOBODY[language](key));
          const told = await explain(store, contact, flow, { language, now: nowOf(options) });
          if (!told.ok) throw new UsageError(told.message[language]);
          if (options.json) printJson(output, explanationJson(told));
          else for (const line of linesOf(told, language)) output.out(line);
        }),
      ),
    "why sara@example.com new-lead",
    "why +966555000001 new-lead --arabic",
  );

type Told = Extract<Explanation, { ok: true }>;

/** A line for each sentence, its moment before it. */
function* linesOf({ zone, sentences }: Told, language: "en" | "ar"): Generator<string> {
  const voice = voiceIn(language, zone);
  yield voice.say({ en: `Times are those of ${zone}.`, ar: `الأوقات بتوقيت ${zone}.` });
  for (const { at, text } of sentences)
    yield at === null ? `• ${text}` : `${voice.moment(at)}  ${text}`;
}

/**
 * Makes a workspace for a work in a process of its own, so that the memory it takes is no part of what is measured:
 * `bun setup.ts FOLDER CONTACTS`.
 */
import { keywordFlow, workFlow } from "./bench-flows.ts";
import { addContacts, openBench, T0 } from "./workspace.ts";

/** When everybody is enrolled. */
export const ENROLLED = T0 + 60_000;

/** Contacts that are enrolled in work W and wait to be worked on; and a flow that answers a keyword. */
export function makeWork(folder: string, contacts: number): void {
  const { exitCode, stderr } = Bun.spawnSync([
    process.execPath,
    import.meta.path,
    folder,
    String(contacts),
  ]);
  if (exitCode !== 0) throw new Error(`the workspace can't be made: ${stderr}`);
}

if (import.meta.main) {
  const [folder = "", contacts = ""] = process.argv.slice(2);
  const { store, engine } = await openBench(folder, [workFlow, keywordFlow]);
  await addContacts(store, Number(contacts));
  // The look at everybody that an import asks for is no part of the work.
  await engine.untilIdle();
  const enroll = { kind: "enroll", flow: "work", at: ENROLLED, id: "enroll" } as const;
  await store.addInputForAll(null, enroll, ENROLLED);
  await engine.stop();
  await store.close();
}

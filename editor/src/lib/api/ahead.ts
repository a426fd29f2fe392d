import { api } from "./index.ts";

const ask = async (id: string) => (await api.flows[":id"].$get({ param: { id } })).json();
type Answer = Awaited<ReturnType<typeof ask>>;

const asked = new Map<string, Promise<Answer | null>>();

/** Asks for a flow while the page that will draw it is still being loaded. */
export function askAhead(id: string): void {
  // What went wrong is said by the page, in the reader's language, when it asks itself.
  asked.set(
    id,
    ask(id).catch(() => null),
  );
}

/** A flow's record, asked for ahead or now. */
export async function flowRecord(id: string): Promise<Answer> {
  const early = asked.get(id);
  asked.delete(id);
  return (await early) ?? ask(id);
}

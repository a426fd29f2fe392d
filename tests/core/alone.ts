import type { FlowDoc } from "../../engine/core/document.ts";
import { compileFlow } from "../../engine/core/flow.ts";
import type { ContactState, Value } from "../../engine/core/state.ts";
import type { World } from "../../engine/core/turn.ts";
import { plainWorkspace } from "../../engine/simulate/workspace.ts";

/** The live engine's world with one flow `f` in it, and one contact: what is sent waits for the dispatcher. */
export function alone(
  doc: FlowDoc,
  at: number,
  fields: Record<string, Value>,
): { world: World; state: ContactState } {
  const compiled = compileFlow(doc, { version: 1, firstPublished: at, paused: false });
  const world: World = {
    workspace: plainWorkspace(),
    flows: new Map([["f", compiled]]),
    versions: new Map(),
    decisions: new Map(),
    link: () => "https://x.example",
    deliver: null,
    answer: null,
    from: null,
  };
  const state: ContactState = {
    contact: {
      id: "c",
      seed: "c",
      created: at,
      fields,
      fieldsSet: {},
      tags: {},
      consents: [],
      stopped: [],
      suppressed: {},
      erased: false,
    },
    events: [],
    messages: [],
    tasks: [],
    runs: [],
    drawn: {},
    fired: {},
    members: {},
  };
  return { world, state };
}

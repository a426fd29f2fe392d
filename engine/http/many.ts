import { type Static, Type } from "typebox";
import type { Input } from "../core/state.ts";
import { type AppOptions, wake } from "./context.ts";
import { checkedRule, contactOf, wrong } from "./input.ts";
import { ContactKey, RuleSchema } from "./schemas.ts";

/** How a request says for whom something is done: by one of these. */
export const Who = {
  contacts: Type.Optional(Type.Array(ContactKey, { minItems: 1, maxItems: 10_000 })),
  rule: Type.Optional(RuleSchema),
  all: Type.Optional(Type.Literal(true)),
};
const WhoBody = Type.Object(Who);

/** Gives everybody who is meant one input; returns how many hadn't got it by the same call before. Throws `HttpProblem`. */
export async function giveEach(
  options: AppOptions,
  who: Static<typeof WhoBody>,
  input: Input,
): Promise<number> {
  const { store, clock } = options;
  if ([who.contacts, who.rule, who.all].filter((one) => one !== undefined).length !== 1) {
    throw wrong(
      "",
      "Say who: one of “contacts”, “rule” or “all”.",
      "حدّد المعنيين بواحد من «contacts» أو «rule» أو «all».",
    );
  }
  let given: number;
  if (who.contacts) {
    const ids = new Set<string>();
    for (const key of who.contacts) ids.add(await contactOf(store, key));
    given = await store.addInputs([...ids].map((contact) => ({ contact, input })));
  } else {
    const rule = who.rule === undefined ? null : await checkedRule(store, who.rule);
    given = await store.addInputForAll(rule, input, clock());
  }
  wake(options);
  return given;
}

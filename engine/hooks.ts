import { isObject } from "./core/problems.ts";
import type { Links } from "./links.ts";
import type { FlowRecord, Store } from "./store/store.ts";

/** The address under which another system calls a flow. */
export interface Hook {
  node: string;
  /** Unguessable: whoever knows it may call, unless calls are signed. */
  url: string;
  /** The name of the secret that signs the calls; null: the address alone is the secret. */
  secret: string | null;
  /** Whether the published version has this node: until then a call finds nothing. */
  live: boolean;
}

interface Has {
  store: Store;
  links: Links;
}

/** Where it is kept with which salt an address was made; none: the first. */
const nameOf = (flow: string, node: string): string => `hook:${flow}/${node}`;

/** The last part of a hook's address. */
export const hookKey = async ({ store, links }: Has, flow: string, node: string): Promise<string> =>
  links.hookKey(flow, node, (await store.setting(nameOf(flow, node))) ?? "");

/** Every incoming webhook of a flow's draft and of its published version. */
export async function hooksOf(has: Has, { id, draft, version }: FlowRecord): Promise<Hook[]> {
  const published = version === null ? null : await has.store.version(id, version);
  const hooks = new Map<string, Hook>();
  for (const doc of [draft, published?.doc]) {
    for (const { id: node, type, data } of doc?.nodes ?? []) {
      if (type !== "trigger.webhook") continue;
      const { secret } = isObject(data) ? data : {};
      hooks.set(node, {
        node,
        url: has.links.hook(id, node, await hookKey(has, id, node)),
        secret: typeof secret === "string" ? secret : null,
        live: doc === published?.doc,
      });
    }
  }
  return [...hooks.values()];
}

/** Makes a new address of a hook; the old one leads nowhere from now on. `salt` is new and unguessable. */
export const renewHook = ({ store }: Has, flow: string, node: string, salt: string) =>
  store.setSetting(nameOf(flow, node), salt);

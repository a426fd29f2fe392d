import type { Instant } from "../nodes/index.ts";
import { countryOfZone } from "./contacts/countries.ts";
import { normaliseEmail, normalisePhone } from "./contacts/normalise.ts";
import type { Input } from "./core/state.ts";
import type { Store } from "./store/store.ts";

/** The id of the contact that is meant: by id, e-mail or phone, written as people write them; null: nobody. */
export async function contactByKey(store: Store, key: string): Promise<string | null> {
  const exact = await store.findContact(key);
  if (exact !== null) return exact;
  const email = normaliseEmail(key);
  if (email !== null) return store.findContact(email);
  const { timezone } = await store.workspace();
  const phone = normalisePhone(key, countryOfZone(timezone));
  return phone === null ? null : store.findContact(phone);
}

/** An event that came from outside. The same id twice counts once; its prefix keeps it apart from our own inputs. */
export const eventInput = (
  name: string,
  data: Record<string, unknown>,
  id: string,
  at: Instant,
): Input => ({ kind: "event", name, data, id: `event:${id}`, at });

/** What starts a contact in a flow by hand. The same id twice counts once. */
export const enrollInput = (
  flow: string,
  id: string,
  at: Instant,
  more: { key?: string; data?: Record<string, unknown> } = {},
): Input => ({
  kind: "enroll",
  flow,
  id: `enroll:${flow}:${id}`,
  at,
  ...(more.key === undefined ? {} : { key: more.key }),
  ...(more.data === undefined ? {} : { data: more.data }),
});

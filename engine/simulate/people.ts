import type { Instant } from "../../nodes/index.ts";
import type { ContactRow } from "../contacts/types.ts";
import type { ContactState } from "../core/state.ts";
import { type Actor, actorIn, actorOf } from "./actor.ts";

/** The contacts of a simulation, found by id and by the addresses that they have or had. */
export class People {
  readonly actors: Actor[] = [];
  readonly #byId = new Map<string, Actor>();
  readonly #byAddress = new Map<string, Actor>();

  add(row: ContactRow, when: { created: Instant; begins: Instant; born: boolean }): Actor {
    // An address that an erased contact had may come back: as somebody else.
    const id = this.#byId.has(row.key) ? `${row.key}#${this.actors.length}` : row.key;
    return this.#know(actorOf(row, id, when));
  }

  /** Somebody who is there already, as they are. */
  take(state: ContactState, when: { begins: Instant; born: boolean }): Actor {
    const actor = this.#know(actorIn(state, when));
    // What is told of them may name them by their id. Of people from a file the id is an address they had.
    this.#byAddress.set(state.contact.id, actor);
    return actor;
  }

  #know(actor: Actor): Actor {
    this.actors.push(actor);
    this.#byId.set(actor.state.contact.id, actor);
    this.know(actor, actor.state.contact.fields);
    return actor;
  }

  /** Remembers the addresses among these fields; who had one first keeps it. */
  know(actor: Actor, { email, phone }: Record<string, unknown>): void {
    for (const key of [email, phone]) {
      if (typeof key === "string" && !this.#byAddress.has(key)) this.#byAddress.set(key, actor);
    }
  }

  forget(actor: Actor): void {
    for (const [key, known] of this.#byAddress) if (known === actor) this.#byAddress.delete(key);
  }

  /** Who has (or had) the address, an e-mail in lower case, a phone in E.164, or the id of somebody who was there already. */
  at(address: string): Actor | undefined {
    return this.#byAddress.get(address);
  }

  known(id: string): Actor | undefined {
    return this.#byId.get(id);
  }
}

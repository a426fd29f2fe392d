import type { Instant, Rule } from "../../../nodes/index.ts";
import type { Input } from "../../core/state.ts";
import { NoSuchContact } from "../errors.ts";
import { movedInput } from "../merging.ts";
import { ruleToSql } from "../rules-sql.ts";
import type { Store } from "../store.ts";
import type { Stretch } from "../stretch.ts";
import type { Base } from "./database.ts";
import { EARLIER, MARK_DUE } from "./due.ts";
import { peopleOf } from "./people.ts";
import type { Settings } from "./settings.ts";

/** Keeps inputs and marks their contacts due, inside the transactions of others too. */
export interface Inbox {
  /** False: this contact had an input of this id already. */
  add(pk: number, input: Input): boolean;
  /**
   * For every contact of a stretch that the rule holds for (null: all), with `orDue` also for those of whom
   * something is still to be looked at, which may change what holds. Returns how many got it.
   */
  addForAll(
    rule: Rule | null,
    input: Input,
    now: Instant,
    stretch: Stretch,
    orDue?: boolean,
  ): number;
  /** The contact must be looked at, at this moment or before. */
  mark(pk: number, at: Instant): void;
}

/** Contacts in one piece: some hundredths of a second, a tenth when all of them get something. */
const PIECE = 10_000;

/**
 * All contacts there are, piece by piece; whatever else waits for the thread, the tick above all, gets its turn
 * between two. What is done in each must be done once even if a crash has all of it begun again.
 */
export async function eachStretch({ db }: Base, work: (stretch: Stretch) => void): Promise<void> {
  const last = db.prepare("SELECT coalesce(max(pk), 0) AS pk FROM contacts").get() as {
    pk: number;
  };
  for (let after = 0; after < last.pk; after += PIECE) {
    if (after > 0) await new Promise((turn) => setImmediate(turn));
    work({ after, upto: Math.min(after + PIECE, last.pk) });
  }
}

export function inboxOf({ db }: Base, settings: Settings): Inbox {
  const insert = db.prepare(
    "INSERT OR IGNORE INTO inputs (contact, id, at, kind, data) VALUES (?, ?, ?, ?, ?)",
  );
  const mark = db.prepare(`${MARK_DUE} VALUES (?, ?) ${EARLIER}`);
  return {
    add(pk, input) {
      const added =
        insert.run(pk, input.id, input.at, input.kind, JSON.stringify(input)).changes > 0;
      if (added) mark.run(pk, input.at);
      return added;
    },
    addForAll(rule, input, now, { after, upto }, orDue = false) {
      const where = ruleToSql(rule ?? { all: [] }, {
        now,
        workspace: settings.workspace(),
        dialect: "sqlite",
      });
      const last = (
        db.prepare("SELECT coalesce(max(seq), 0) AS seq FROM inputs").get() as { seq: number }
      ).seq;
      const { changes } = db
        .prepare(
          `INSERT OR IGNORE INTO inputs (contact, id, at, kind, data)
           SELECT c.pk, ?, ?, ?, ? FROM contacts c
           WHERE c.pk > ? AND c.pk <= ? AND c.erased = 0 AND (${where.sql} OR (? AND
             EXISTS (SELECT 1 FROM marks m WHERE m.contact = c.pk AND m.due <= ?))) ORDER BY c.pk`,
        )
        .run(
          input.id,
          input.at,
          input.kind,
          JSON.stringify(input),
          after,
          upto,
          ...where.params,
          orDue ? 1 : 0,
          now,
        );
      db.prepare(`${MARK_DUE} SELECT contact, ?1 FROM inputs WHERE seq > ?2 ${EARLIER}`).run(
        input.at,
        last,
      );
      return changes;
    },
    mark(pk, at) {
      mark.run(pk, at);
    },
  };
}

export function inputsPart(base: Base, inbox: Inbox): Pick<Store, "addInputs" | "addInputForAll"> {
  const { write } = base;
  const people = peopleOf(base);
  return {
    async addInputs(inputs) {
      if (inputs.length === 0) return 0;
      return write(() => {
        let added = 0;
        for (const { contact, input } of inputs) {
          const person = people.find(contact);
          if (!person) throw new NoSuchContact(contact);
          if (inbox.add(person.pk, movedInput(input, person.moved))) added++;
        }
        return added;
      });
    },
    async addInputForAll(rule, input, now) {
      let added = 0;
      await eachStretch(base, (stretch) => {
        added += write(() => inbox.addForAll(rule, input, now, stretch));
      });
      return added;
    },
  };
}

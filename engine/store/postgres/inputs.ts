import type { Instant, Rule } from "../../../nodes/index.ts";
import type { Input } from "../../core/state.ts";
import { NoSuchContact } from "../errors.ts";
import { movedInput } from "../merging.ts";
import { ruleToSql } from "../rules-sql.ts";
import { numbered } from "../sql-postgres.ts";
import type { Store } from "../store.ts";
import type { Stretch } from "../stretch.ts";
import { Batch } from "./batch.ts";
import { type Base, jsonOf, notify, type Query } from "./database.ts";
import { findPeople, hold } from "./people.ts";
import { readWorkspace } from "./settings.ts";

/** Contacts in one piece: some hundredths of a second, a tenth when all of them get something. */
const PIECE = 10_000;

/** All contacts there are, piece by piece; each piece must be done once even if a crash has all of it begun again. */
export async function eachStretch(
  base: Base,
  work: (stretch: Stretch) => Promise<void>,
): Promise<void> {
  const last = await base.get<{ pk: number }>("SELECT coalesce(max(pk), 0) AS pk FROM contacts");
  const end = last?.pk ?? 0;
  for (let after = 0; after < end; after += PIECE)
    await work({ after, upto: Math.min(after + PIECE, end) });
}

/**
 * For every contact of a stretch that the rule holds for (null: all), with `orDue` also for those of whom something
 * is still to be looked at, which may change what holds. Returns how many got it.
 */
export async function addForAll(
  tx: Query,
  rule: Rule | null,
  input: Input,
  now: Instant,
  { after, upto }: Stretch,
  orDue = false,
): Promise<number> {
  const workspace = await readWorkspace(tx);
  const where = ruleToSql(rule ?? { all: [] }, { now, workspace, dialect: "postgres" });
  const or = orDue ? "OR m.due <= $7" : "";
  // Who gets it is held first, so that nobody decides for them between their input and their moment.
  await tx.run(
    `SELECT 1 FROM marks m JOIN contacts c ON c.pk = m.contact WHERE m.contact > $1 AND m.contact <= $2
       AND c.erased = 0 ORDER BY m.contact FOR NO KEY UPDATE OF m`,
    after,
    upto,
  );
  const before: (string | number)[] = [after, upto, input.id, input.at, input.kind, jsonOf(input)];
  if (orDue) before.push(now);
  const row = await tx.get<{ added: number }>(
    `WITH new AS (
       INSERT INTO inputs (contact, id, at, kind, data)
       SELECT c.pk, $3, $4::bigint, $5, $6::json FROM contacts c JOIN marks m ON m.contact = c.pk
       WHERE c.pk > $1 AND c.pk <= $2 AND c.erased = 0 AND (${numbered(where, before.length)} ${or}) ORDER BY c.pk
       ON CONFLICT (contact, id) DO NOTHING RETURNING contact),
     due AS (
       UPDATE marks m SET due = $4::bigint FROM new WHERE m.contact = new.contact
         AND (m.due IS NULL OR m.due > $4::bigint))
     SELECT count(*) AS added FROM new`,
    ...before,
    ...where.params,
  );
  return row?.added ?? 0;
}

export function inputsPart(base: Base): Pick<Store, "addInputs" | "addInputForAll"> {
  return {
    async addInputs(inputs) {
      if (inputs.length === 0) return 0;
      return base.write(async (tx) => {
        const people = await findPeople(
          tx,
          inputs.map(({ contact }) => contact),
        );
        const batch = new Batch();
        for (const { contact, input } of inputs) {
          const person = people.get(contact);
          if (!person) throw new NoSuchContact(contact);
          batch.input(person.pk, movedInput(input, person.moved));
        }
        await hold(
          tx,
          [...people.values()].map(({ pk }) => pk),
        );
        const { added } = await batch.flush(tx);
        if (added > 0) await notify(tx);
        return added;
      });
    },
    async addInputForAll(rule, input, now) {
      let added = 0;
      await eachStretch(base, async (stretch) => {
        added += await base.write((tx) => addForAll(tx, rule, input, now, stretch));
      });
      return added;
    },
  };
}

import type { Moved } from "../merging.ts";
import { idList, type Query } from "./database.ts";

export interface Person {
  pk: number;
  id: string;
  moved: Moved;
  erased: boolean;
}

interface Row {
  asked: string;
  pk: number;
  id: string;
  erased: number;
  moved: string;
}

/** Finds contacts by id. The id of one that was merged away leads to the one that it became. */
export async function findPeople(tx: Query, ids: Iterable<string>): Promise<Map<string, Person>> {
  const rows = await tx.all<Row>(
    `WITH asked AS (SELECT DISTINCT value AS id FROM json_array_elements_text($1::json))
     SELECT a.id AS asked, c.pk, c.id, c.erased, '{}' AS moved FROM asked a JOIN contacts c ON c.id = a.id
     UNION ALL
     SELECT a.id, c.pk, c.id, c.erased, l.moved FROM asked a JOIN aliases l ON l.id = a.id
       JOIN contacts c ON c.pk = l.contact`,
    JSON.stringify([...ids]),
  );
  return new Map(
    rows.map(({ asked, pk, id, erased, moved }) => [
      asked,
      { pk, id, erased: erased === 1, moved: JSON.parse(moved) as Moved },
    ]),
  );
}

export const findPerson = async (tx: Query, id: string): Promise<Person | null> =>
  (await findPeople(tx, [id])).get(id) ?? null;

/** The number of a contact; -1, which no row has, when there is none. */
export const pkOf = async (tx: Query, contact: string): Promise<number> =>
  (await findPerson(tx, contact))?.pk ?? -1;

/**
 * Holds contacts until the transaction ends: nobody else decides for them meanwhile. In the order of their numbers,
 * so that two who wait never wait for each other.
 */
export async function hold(tx: Query, pks: Iterable<number>): Promise<void> {
  await tx.run(
    `SELECT 1 FROM marks WHERE contact = ANY ($1::bigint[]) ORDER BY contact FOR NO KEY UPDATE`,
    idList(pks),
  );
}

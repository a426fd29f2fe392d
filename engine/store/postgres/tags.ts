import type { Store } from "../store.ts";
import { type Base, idList } from "./database.ts";
import { eachStretch } from "./inputs.ts";
import { changedSilently } from "./listening.ts";
import { hold } from "./people.ts";

const COPY = `INSERT INTO tags (contact, tag, since, expires)
  SELECT contact, $2, since, expires FROM tags WHERE tag = $1 AND contact = ANY ($3::bigint[])
  ON CONFLICT (contact, tag) DO UPDATE SET since = least(tags.since, excluded.since),
    expires = CASE WHEN tags.expires IS NULL OR excluded.expires IS NULL THEN NULL
      ELSE greatest(tags.expires, excluded.expires) END`;

/** Tags of everybody. */
export function tagsPart(base: Base): Pick<Store, "moveTag"> {
  return {
    async moveTag(tag, to, at) {
      let moved = 0;
      await eachStretch(base, async ({ after, upto }) => {
        moved += await base.write(async (tx) => {
          const having = await tx.all<{ contact: number }>(
            "SELECT contact FROM tags WHERE tag = $1 AND contact > $2 AND contact <= $3 ORDER BY contact",
            ...[tag, after, upto],
          );
          const pks = having.map(({ contact }) => contact);
          if (pks.length === 0) return 0;
          await hold(tx, pks);
          if (to !== null) await tx.run(COPY, tag, to, idList(pks));
          const removed = await tx.run(
            "DELETE FROM tags WHERE tag = $1 AND contact = ANY ($2::bigint[])",
            tag,
            idList(pks),
          );
          await changedSilently(tx, pks, at);
          return removed;
        });
      });
      return moved;
    },
  };
}

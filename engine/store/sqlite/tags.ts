import type { Store } from "../store.ts";
import type { Base } from "./database.ts";
import { eachStretch } from "./inputs.ts";
import type { Listeners } from "./listening.ts";

/** Tags of everybody. */
export function tagsPart(base: Base, listeners: Listeners): Pick<Store, "moveTag"> {
  const { db, write } = base;
  const having = db.prepare<{ contact: number }, [string, number, number]>(
    "SELECT contact FROM tags WHERE tag = ? AND contact > ? AND contact <= ?",
  );
  const copy = db.prepare(
    `INSERT INTO tags (contact, tag, since, expires)
     SELECT contact, ?2, since, expires FROM tags WHERE tag = ?1 AND contact = ?3
     ON CONFLICT DO UPDATE SET since = min(since, excluded.since),
       expires = CASE WHEN expires IS NULL OR excluded.expires IS NULL THEN NULL
                 ELSE max(expires, excluded.expires) END`,
  );
  const remove = db.prepare("DELETE FROM tags WHERE tag = ? AND contact = ?");
  return {
    async moveTag(tag, to, at) {
      let moved = 0;
      await eachStretch(base, ({ after, upto }) => {
        write(() => {
          for (const { contact } of having.all(tag, after, upto)) {
            if (to !== null) copy.run(tag, to, contact);
            remove.run(tag, contact);
            listeners.changedSilently(contact, at);
            moved++;
          }
        });
      });
      return moved;
    },
  };
}

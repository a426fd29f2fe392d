import type { RequestStore } from "../requests.ts";
import type { Base } from "./database.ts";

interface Row {
  fingerprint: string;
  began: number;
  answer: string | null;
}

export function requestsPart({ db, write }: Base): RequestStore {
  const find = db.prepare<Row, [string]>(
    "SELECT fingerprint, began, answer FROM requests WHERE key = ?",
  );
  const claim = db.prepare(
    `INSERT INTO requests (key, fingerprint, began, answer) VALUES (?, ?, ?, NULL)
     ON CONFLICT (key) DO UPDATE SET fingerprint = excluded.fingerprint, began = excluded.began, answer = NULL`,
  );
  const keep = db.prepare("UPDATE requests SET answer = ? WHERE key = ? AND began = ?");
  const drop = db.prepare("DELETE FROM requests WHERE key = ? AND began = ?");
  const forget = db.prepare(
    "DELETE FROM requests WHERE key IN (SELECT key FROM requests WHERE began < ? LIMIT ?)",
  );
  return {
    async beginRequest({ key, fingerprint, now, lease, life }) {
      return write(() => {
        const row = find.get(key);
        if (row && row.began > now - life) {
          if (row.fingerprint !== fingerprint) return { is: "other" };
          if (row.answer !== null) return { is: "answered", answer: row.answer };
          if (row.began > now - lease) return { is: "running" };
        }
        claim.run(key, fingerprint, now);
        return { is: "new" };
      });
    },
    async endRequest(key, began, answer) {
      write(() => {
        if (answer === null) drop.run(key, began);
        else keep.run(answer, key, began);
      });
    },
    async forgetRequests(before, limit) {
      return write(() => forget.run(before, limit).changes);
    },
  };
}

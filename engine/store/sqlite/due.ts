/** Marks contacts due, each once: followed by rows of contact and moment, which end in `EARLIER`. */
export const MARK_DUE = "INSERT INTO marks (contact, due)";
/** Whoever is due earlier already stays so. After a SELECT, which has a WHERE of its own. */
export const EARLIER =
  "ON CONFLICT DO UPDATE SET due = excluded.due WHERE due IS NULL OR due > excluded.due";

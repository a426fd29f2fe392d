import { type Pieces, piecesOf } from "../../core/pieces.ts";
import type { Content } from "../../core/state.ts";
import type { Base } from "./database.ts";

const TEXTS = ["subject", "preheader", "body"] as const;

/** A text as it is stored: whole, or the template's number and the pieces, its own ones by their place in it. */
type Stored = string | [template: number, ...pieces: (number | string)[]];

/** `unsubscribe` is a number where it is that piece of the body. */
type StoredContent = Omit<Content, (typeof TEXTS)[number] | "unsubscribe"> & {
  [name in (typeof TEXTS)[number]]?: Stored;
} & { unsubscribe?: string | number };

/** Writes and reads what messages say. */
export interface Contents {
  write(content: Content): string;
  read(text: string): Content;
}

/**
 * What a template says to everybody lies once, in `texts`; a message keeps what was filled in. A text stays as it was
 * when it went out, whatever becomes of the flow: nothing is rendered anew.
 */
export function contentsOf(base: Base): Contents {
  const insert = base.db.prepare("INSERT OR IGNORE INTO texts (pieces) VALUES (?)");
  const find = base.db.prepare<{ id: number }, [string]>("SELECT id FROM texts WHERE pieces = ?");
  const get = base.db.prepare<{ pieces: string }, [number]>(
    "SELECT pieces FROM texts WHERE id = ?",
  );
  let known = new WeakMap<readonly string[], { id: number; places: Map<string, number> }>();
  let rollbacks = base.rollbacks;
  const read = new Map<number, string[]>();

  const templateOf = (fixed: readonly string[]) => {
    if (rollbacks !== base.rollbacks) {
      // A template of a transaction that came to nothing isn't there.
      known = new WeakMap();
      rollbacks = base.rollbacks;
    }
    const old = known.get(fixed);
    if (old) return old;
    const text = JSON.stringify(fixed);
    insert.run(text);
    const id = find.get(text)?.id ?? 0;
    const template = { id, places: new Map(fixed.map((piece, place) => [piece, place])) };
    known.set(fixed, template);
    return template;
  };
  const storedOf = ({ parts, fixed }: Pieces): Stored => {
    const { id, places } = templateOf(fixed);
    const stored: Stored = [id];
    for (const part of parts) stored.push(places.get(part) ?? part);
    return stored;
  };
  const fixedOf = (id: number): string[] => {
    const old = read.get(id);
    if (old) return old;
    const row = get.get(id);
    if (!row) throw new Error(`the text of template ${id} is missing`);
    const fixed = JSON.parse(row.pieces) as string[];
    if (read.size >= MOST_READ) read.clear();
    read.set(id, fixed);
    return fixed;
  };
  const partsOf = ([id, ...pieces]: Exclude<Stored, string>): string[] => {
    const fixed = fixedOf(id);
    return pieces.map((piece) => (typeof piece === "string" ? piece : (fixed[piece] ?? "")));
  };

  return {
    write(content) {
      const made = piecesOf(content);
      if (made === undefined) return JSON.stringify(content);
      const stored: StoredContent = { ...content };
      for (const name of TEXTS) {
        const pieces = made[name];
        if (pieces !== undefined) stored[name] = storedOf(pieces);
      }
      const link =
        made.body && content.unsubscribe ? made.body.parts.indexOf(content.unsubscribe) : -1;
      if (link >= 0) stored.unsubscribe = link;
      return JSON.stringify(stored);
    },
    read(text) {
      const stored = JSON.parse(text) as StoredContent;
      const { body } = stored;
      if (
        typeof stored.unsubscribe === "number" &&
        body !== undefined &&
        typeof body !== "string"
      ) {
        stored.unsubscribe = partsOf(body)[stored.unsubscribe] ?? "";
      }
      for (const name of TEXTS) {
        const kept = stored[name];
        if (kept !== undefined && typeof kept !== "string") stored[name] = partsOf(kept).join("");
      }
      return stored as Content;
    },
  };
}

/** Templates that are kept in memory once they were read. */
const MOST_READ = 1000;

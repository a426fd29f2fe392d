import type { Line } from "../../core/state.ts";
import type { Base } from "./database.ts";

/** Lines as a row of the journal holds them: `[seq, kind, node, detail]` each. */
export type Packed = [seq: number, kind: string, node: string | null, detail: Line["detail"]];

/** Details that are moments: kept as what they lie after the line's own, in a text that begins with a plus. */
const MOMENTS: ReadonlySet<string> = new Set(["until", "due", "expires"]);
/** Details whose texts are the flow's own or of a closed list, and so tell nothing of who the contact is. */
const PLAIN: ReadonlySet<string> = new Set([
  "output",
  "rule",
  "trigger",
  "reason",
  "for",
  "state",
  "channel",
  "tag",
  "outcome",
  "task",
]);

/** A row of fewer lines is short enough. */
const FEWEST = 3;
/** So much is remembered of ways through flows; then it begins anew. */
const MOST = 100_000;

/**
 * What has been seen, as a tree: each line's words lead from one place to the next. Finding one's way by words that
 * are there already costs half of putting them together to a text.
 */
class Place {
  readonly next = new Map<unknown, Place>();
  /** How often a row ended here; the second time it gets a shape. */
  seen = 0;
  shape = 0;
}

/**
 * Many contacts go the same way, and what the journal says of it is the same but for the moment. Such lines lie once,
 * as a shape, and rows name it: `17:4` is shape 17, its numbers counted from 4. Only lines that tell nothing of the
 * contact itself have one, so that erasing someone has nothing to look for there.
 */
export function lineShapes(
  base: Base,
): (lines: readonly Line[], from: number, to: number) => string {
  const insert = base.db.prepare("INSERT OR IGNORE INTO journal_shapes (lines) VALUES (?)");
  const find = base.db.prepare<{ id: number }, [string]>(
    "SELECT id FROM journal_shapes WHERE lines = ?",
  );
  let places = new Places();
  let rollbacks = base.rollbacks;

  return (lines, from, to) => {
    if (rollbacks !== base.rollbacks || places.count > MOST) {
      // A shape of a transaction that came to nothing isn't there.
      places = new Places();
      rollbacks = base.rollbacks;
    }
    const place = to - from < FEWEST ? null : places.find(lines, from, to);
    if (place === null || place.seen++ === 0) return inline(lines, from, to);
    const first = lines[from]?.seq ?? 0;
    if (place.shape === 0) {
      const text = shaped(lines, from, to, first);
      insert.run(text);
      place.shape = find.get(text)?.id ?? 0;
    }
    return `${place.shape}:${first}`;
  };
}

class Places {
  readonly #root = new Place();
  count = 0;

  /** Where lines of this shape end; null for lines that have none. */
  find(lines: readonly Line[], from: number, to: number): Place | null {
    const first = lines[from]?.seq ?? 0;
    let at: Place | null = this.#root;
    for (let i = from; i < to && at !== null; i++) {
      const line = lines[i] as Line;
      at = this.#step(this.#step(this.#step(at, line.seq - first), line.kind), line.node);
      at = this.#detail(at, line);
    }
    return at;
  }

  #step(from: Place, word: unknown): Place {
    const known = from.next.get(word);
    if (known !== undefined) return known;
    const place = new Place();
    from.next.set(word, place);
    this.count++;
    return place;
  }

  #detail(from: Place, { detail, at: moment }: Line): Place | null {
    let at: Place | null = from;
    for (const name in detail) {
      const value = detail[name];
      if (value === undefined) continue;
      at = this.#step(at, name);
      if (value === null || typeof value === "boolean") at = this.#step(at, value);
      else if (typeof value === "string" && PLAIN.has(name)) at = this.#step(at, value);
      else if (typeof value === "number" && MOMENTS.has(name)) at = this.#step(at, value - moment);
      else if (name === "facts") at = this.#facts(at, value as Record<string, unknown>);
      else return null;
      if (at === null) return null;
    }
    return at;
  }

  #facts(from: Place, facts: Record<string, unknown>): Place | null {
    let at = from;
    for (const fact in facts) {
      const saw = facts[fact];
      if (saw !== null && typeof saw !== "boolean") return null;
      at = this.#step(this.#step(at, fact), saw);
    }
    // A number, as no name is one: here the facts end.
    return this.#step(at, 0);
  }
}

const inline = (lines: readonly Line[], from: number, to: number): string =>
  JSON.stringify(
    lines.slice(from, to).map(({ seq, kind, node, detail }): Packed => [seq, kind, node, detail]),
  );

const shaped = (lines: readonly Line[], from: number, to: number, first: number): string =>
  JSON.stringify(
    lines
      .slice(from, to)
      .map(
        ({ seq, kind, node, detail, at }): Packed => [
          seq - first,
          kind,
          node,
          relative(detail, at),
        ],
      ),
  );

function relative(detail: Line["detail"], at: number): Line["detail"] {
  let moved = detail;
  for (const name in detail) {
    const value = detail[name];
    if (!MOMENTS.has(name) || typeof value !== "number") continue;
    if (moved === detail) moved = { ...detail };
    moved[name] = `+${value - at}`;
  }
  return moved;
}

/** Puts moments that were kept as `+…` back to what they are. */
export function absolute(detail: Line["detail"], at: number): Line["detail"] {
  for (const name of MOMENTS) {
    const value = detail[name];
    if (typeof value === "string" && value.startsWith("+")) detail[name] = at + Number(value);
  }
  return detail;
}

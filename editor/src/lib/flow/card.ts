import type { Label, Language, Output } from "../../../../nodes/index.ts";
import type { Heading } from "./heading.ts";

/** Where a way leaves or enters a card, from the card's left top corner; canvas pixels. */
export interface Port {
  /** Of the output; `in` where ways enter. */
  id: string;
  x: number;
  y: number;
}

/** How big a card is and where its ports are: known from its outputs alone, so that nothing waits for a measurement. */
export interface Card {
  width: number;
  height: number;
  outputs: readonly Output[];
  /** The room of each output's name: widths in a row from top to bottom, one height in a column sideways. */
  cells: readonly number[];
  ports: readonly Port[];
}

/** Sign, name and up to two lines. */
export const FACE = { width: 256, height: 72 } as const;
/** A row of outputs by name; sideways the height of each in its column, and the face beside them. */
const NAMES = {
  height: 28,
  padding: 20,
  letter: 6.4,
  least: 68,
  most: 168,
  column: 24,
  lying: 220,
} as const;

const widthOf = (label: Label, language: Language): number => {
  const letters = [...label[language]].length;
  const width = Math.round(letters * NAMES.letter + NAMES.padding);
  return Math.min(NAMES.most, Math.max(NAMES.least, width));
};

/** The card of a node with these outputs, for a reader of this language on a canvas that flows this way. */
export function cardOf(
  outputs: readonly Output[],
  language: Language,
  heading: Heading,
  entered: boolean,
): Card {
  return heading === "down"
    ? standing(outputs, language, entered)
    : lying(outputs, language, heading, entered);
}

function standing(outputs: readonly Output[], language: Language, entered: boolean): Card {
  const several = outputs.length > 1;
  const least = several ? outputs.map((output) => widthOf(output.label, language)) : [];
  const needed = least.reduce((sum, width) => sum + width, 0);
  // Room that is left over goes to all names alike; whole pixels keep hairlines sharp.
  const width = Math.max(FACE.width, needed);
  const more = Math.floor((width - needed) / Math.max(1, least.length));
  const cells = least.map((cell) => cell + more);
  if (several) cells[0] = (cells[0] ?? 0) + width - cells.reduce((sum, cell) => sum + cell, 0);
  const height = FACE.height + (several ? NAMES.height : 0);
  let left = 0;
  const ports = outputs.map(({ id }, i): Port => {
    const cell = several ? (cells[i] ?? 0) : width;
    left += cell;
    return { id, x: left - cell / 2, y: height };
  });
  if (entered) ports.push({ id: "in", x: width / 2, y: 0 });
  return { width, height, outputs, cells, ports };
}

function lying(
  outputs: readonly Output[],
  language: Language,
  heading: "right" | "left",
  entered: boolean,
): Card {
  const several = outputs.length > 1;
  const column = several
    ? Math.max(...outputs.map((output) => widthOf(output.label, language)))
    : 0;
  const width = NAMES.lying + column;
  const height = Math.max(FACE.height, several ? outputs.length * NAMES.column + 8 : 0);
  const cell = several ? (height - 2) / outputs.length : height;
  const [out, into] = heading === "right" ? [width, 0] : [0, width];
  const ports = outputs.map(
    ({ id }, i): Port => ({ id, x: out, y: several ? 1 + (i + 0.5) * cell : height / 2 }),
  );
  if (entered) ports.push({ id: "in", x: into, y: height / 2 });
  return { width, height, outputs, cells: outputs.map(() => column), ports };
}

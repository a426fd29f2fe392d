import type { Content } from "./state.ts";

/** How a text came to be: its pieces in order, and which of them are the template's own, the same for everybody. */
export interface Pieces {
  parts: readonly string[];
  fixed: readonly string[];
}

/** The texts of a message that are worth keeping by their pieces. */
export type ContentPieces = Partial<Record<"subject" | "preheader" | "body", Pieces>>;

const pieces = new WeakMap<Content, ContentPieces>();

/** Remembers how a message's texts came to be, for as long as it is in memory. */
export const rememberPieces = (content: Content, made: ContentPieces): void => {
  pieces.set(content, made);
};

/** How the texts of a message came to be that was rendered in this process; undefined for any other. */
export const piecesOf = (content: Content): ContentPieces | undefined => pieces.get(content);

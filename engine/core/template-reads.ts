import { type Expr, type Piece, parseTemplate } from "./template-parse.ts";

/** A parameter or stored answer that a template names. */
export interface TemplateRead {
  root: "param" | "steps";
  name: string;
}

/** Which parameters and stored answers a template reads, each once. */
export function templateReads(source: string): TemplateRead[] {
  const found = new Map<string, TemplateRead>();
  for (const piece of parseTemplate(source).pieces) readPiece(piece, found);
  return [...found.values()];
}

function readPiece(piece: Piece, found: Map<string, TemplateRead>): void {
  if (piece.kind === "print") readExpr(piece.value, found);
  if (piece.kind !== "block") return;
  readExpr(piece.of, found);
  for (const inner of [...piece.body, ...(piece.otherwise ?? [])]) readPiece(inner, found);
}

function readExpr(expr: Expr, found: Map<string, TemplateRead>): void {
  if (expr.kind === "call") {
    for (const arg of expr.args) readExpr(arg, found);
    for (const [, value] of expr.named) readExpr(value, found);
  }
  // `this.param` is a part of what a block has opened, and `@param` its own data.
  if (expr.kind !== "path" || expr.data || (expr.own && expr.up === 0)) return;
  const [root, name] = expr.parts;
  if ((root === "param" || root === "steps") && name !== undefined) {
    found.set(`${root}.${name}`, { root, name });
  }
}

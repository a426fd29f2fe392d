import ts from "typescript";
import { lineOf, parse } from "./tree.ts";

/** Names of the surroundings: whatever reaches the outside, the clock or chance. */
const OUTSIDE = new Set([
  "Bun",
  "process",
  "console",
  "performance",
  "crypto",
  "fetch",
  "WebSocket",
  "XMLHttpRequest",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "localStorage",
]);

const DATE_MEMBERS = new Set(["UTC", "parse", "prototype"]);

/** Whether an identifier is the name of something else: a property, a key, a declaration, a type. */
function isOnlyAName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent) || ts.isTypeReferenceNode(parent)) return true;
  if (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent))
    return parent.name === node;
  if (ts.isPropertyDeclaration(parent) || ts.isMethodDeclaration(parent))
    return parent.name === node;
  if (ts.isMethodSignature(parent) || ts.isBindingElement(parent)) return true;
  return ts.isParameter(parent) || ts.isVariableDeclaration(parent) ? parent.name === node : false;
}

/** What an identifier reads that must be handed in instead; null when it is innocent. */
function impurityOf(node: ts.Identifier): string | null {
  if (isOnlyAName(node)) return null;
  const { parent, text } = node;
  if (OUTSIDE.has(text)) return text;
  if (text === "globalThis") return "globalThis";
  const member =
    ts.isPropertyAccessExpression(parent) && parent.expression === node ? parent.name.text : null;
  if (text === "Math") {
    if (member === null) return "Math as a value";
    return member === "random" ? "Math.random" : null;
  }
  if (text === "Temporal") {
    if (member === null) return "Temporal as a value";
    return member === "Now" ? "Temporal.Now" : null;
  }
  if (text !== "Date") return null;
  if (member !== null) return DATE_MEMBERS.has(member) ? null : `Date.${member}`;
  if (ts.isNewExpression(parent) && parent.expression === node) {
    return parent.arguments?.length ? null : "new Date() without argument";
  }
  const isTest =
    ts.isBinaryExpression(parent) &&
    parent.right === node &&
    parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword;
  return isTest ? null : "Date as a value";
}

/** `if (import.meta.main) …` runs only when the file itself is started, never when it is imported. */
const isScriptPart = (node: ts.Node): boolean =>
  ts.isIfStatement(node) && node.expression.getText() === "import.meta.main";

/** Where a file reads the clock, chance or the world outside: `line: what`. Comments don't count. */
export function impurities(file: string, text?: string): string[] {
  const source = parse(file, text);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isScriptPart(node)) return;
    if (ts.isIdentifier(node)) {
      const what = impurityOf(node);
      if (what) found.push(`${file}:${lineOf(source, node)}: ${what}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

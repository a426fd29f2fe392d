import ts from "typescript";

/** One change of one place. */
export interface Mutant {
  file: string;
  line: number;
  start: number;
  end: number;
  text: string;
  /** What was done, with the code before and after. */
  what: string;
}

const OPPOSITE = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.LessThanToken, "<="],
  [ts.SyntaxKind.LessThanEqualsToken, "<"],
  [ts.SyntaxKind.GreaterThanToken, ">="],
  [ts.SyntaxKind.GreaterThanEqualsToken, ">"],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, "!=="],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, "==="],
  [ts.SyntaxKind.AmpersandAmpersandToken, "||"],
  [ts.SyntaxKind.BarBarToken, "&&"],
  [ts.SyntaxKind.PlusToken, "-"],
  [ts.SyntaxKind.MinusToken, "+"],
]);

/** Words for people and for the editor: what they say is read by people, not told by a test. */
const WORDS = new Set([
  "label",
  "help",
  "about",
  "summary",
  "icon",
  "note",
  "message",
  "hint",
  "en",
  "ar",
  "example",
]);

/** How long a text or a list may be: there must be an end, and it may as well be one further. */
const SIZES = new Set(["maxLength", "maxItems", "maxProperties"]);

/** Every change that the mutators know of a file, in its order. */
export function mutantsOf(file: string, source: string): Mutant[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ESNext, true);
  const found: Mutant[] = [];
  const put = (node: ts.Node, text: string, what: string): void => {
    const [start, end] = [node.getStart(tree), node.getEnd()];
    const { line } = tree.getLineAndCharacterOfPosition(start);
    found.push({ file, line: line + 1, start, end, text, what });
  };
  const visit = (node: ts.Node): void => {
    if (isForPeople(node) || ts.isTypeNode(node) || ts.isInterfaceDeclaration(node)) return;
    mutate(node, put, tree);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function isForPeople(node: ts.Node): boolean {
  const named = ts.isPropertyAssignment(node) || ts.isMethodDeclaration(node);
  if (named && WORDS.has(node.name.getText())) return true;
  // An error that only a bug throws, or a text for people made by `say` and its like.
  return ts.isThrowStatement(node);
}

type Put = (node: ts.Node, text: string, what: string) => void;

function mutate(node: ts.Node, put: Put, tree: ts.SourceFile): void {
  if (ts.isBinaryExpression(node)) binary(node, put, tree);
  else if (node.kind === ts.SyntaxKind.TrueKeyword) put(node, "false", "true → false");
  else if (node.kind === ts.SyntaxKind.FalseKeyword) put(node, "true", "false → true");
  else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    put(node, node.operand.getText(tree), "drops a “!”");
  } else if (ts.isNumericLiteral(node)) number(node, put);
  else if (ts.isArrayLiteralExpression(node) && node.elements.length > 0 && isReturned(node)) {
    put(node, "[]", "returns an empty list");
  } else if (ts.isExpressionStatement(node) && isEffect(node.expression)) {
    put(node, ";", `drops “${node.getText(tree).slice(0, 60)}”`);
  }
}

function binary(node: ts.BinaryExpression, put: Put, tree: ts.SourceFile): void {
  const { operatorToken: token, left, right } = node;
  const other = OPPOSITE.get(token.kind);
  if (other === undefined) return;
  const isSum = token.kind === ts.SyntaxKind.PlusToken;
  // Joined texts have no difference.
  if (
    isSum &&
    [left, right].some((side) => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side))
  )
    return;
  put(token, other, `${token.getText(tree)} → ${other} in “${node.getText(tree).slice(0, 60)}”`);
}

function number(node: ts.NumericLiteral, put: Put): void {
  if (ts.isPropertyAssignment(node.parent) && SIZES.has(node.parent.name.getText())) return;
  const value = Number(node.text.replaceAll("_", ""));
  put(node, String(value === 0 ? 1 : value + 1), `${node.text} → ${value === 0 ? 1 : value + 1}`);
}

const isReturned = ({ parent }: ts.Node): boolean =>
  ts.isReturnStatement(parent) || ts.isArrowFunction(parent) || ts.isConditionalExpression(parent);

const isEffect = (expression: ts.Expression): boolean =>
  ts.isCallExpression(expression) ||
  (ts.isBinaryExpression(expression) &&
    expression.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
    expression.operatorToken.kind <= ts.SyntaxKind.LastAssignment);

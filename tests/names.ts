import ts from "typescript";
import { parse } from "./tree.ts";

const isTest = (name: string): boolean => name === "test" || name === "it";

/** Whether a call declares a test: `test(…)`, `it(…)`, `test.each(…)(…)`. */
function declares(call: ts.CallExpression): boolean {
  let callee: ts.Expression = call.expression;
  while (ts.isCallExpression(callee) || ts.isPropertyAccessExpression(callee))
    callee = callee.expression;
  return ts.isIdentifier(callee) && isTest(callee.text);
}

/** The names of the tests that a file declares, as written; made-up ones (with `${…}`) are left out. */
export function testNames(file: string): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && declares(node)) {
      const [name] = node.arguments;
      if (name && ts.isStringLiteralLike(name)) names.add(name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(file));
  return names;
}

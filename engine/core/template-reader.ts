import type { Label } from "../../nodes/node.ts";
import { HELPERS, type Helper } from "./helpers.ts";
import type { Expr, Piece, ReadTemplate, TemplateProblem } from "./template-parse.ts";

/** What a template sees at its top. */
export const ROOTS = ["contact", "event", "steps", "param", "flow", "links", "secret"] as const;

const roots: ReadonlySet<string> = new Set(ROOTS);
const BLOCKS = new Set(["if", "unless", "each", "with"]);
const LOOP_DATA = new Set(["index", "key", "first", "last"]);
const FORBIDDEN = new Set([
  "__proto__",
  "constructor",
  "prototype",
  "__defineGetter__",
  "__defineSetter__",
  "__lookupGetter__",
  "__lookupSetter__",
]);
const MAX_NESTING = 40;

/** Where in its blocks the reader stands. */
interface Place {
  /** How many blocks have put another value in the place of `this`. */
  depth: number;
  loops: number;
  names: readonly string[];
  nesting: number;
}

type Tag = hbs.AST.MustacheStatement | hbs.AST.SubExpression | hbs.AST.BlockStatement;
type Block = Extract<Piece, { kind: "block" }>["block"];

/**
 * Turns Handlebars' syntax tree into pieces that hold only what templates may do, and lists every
 * mistake. Nothing is compiled to code: partials, decorators, prototypes and unknown helpers have no piece.
 */
export class TemplateReader {
  readonly #problems: TemplateProblem[] = [];

  read(program: hbs.AST.Program): ReadTemplate {
    const pieces = this.#body(program, { depth: 0, loops: 0, names: [], nesting: 0 });
    return { pieces, problems: this.#problems };
  }

  #problem(node: hbs.AST.Node, en: string, ar: string, more: Partial<TemplateProblem> = {}): void {
    const { line } = node.loc.start;
    const message: Label = { en: `Line ${line}: ${en}.`, ar: `السطر ${line}: ${ar}.` };
    if (this.#problems.some((known) => known.message.en === message.en)) return;
    this.#problems.push({ message, tolerable: false, ...more });
  }

  #body(program: hbs.AST.Program | undefined, place: Place): Piece[] {
    if (!program) return [];
    if (place.nesting > MAX_NESTING) {
      this.#problem(program, "the blocks are nested too deep", "الكتل متداخلة أكثر مما ينبغي");
      return [];
    }
    return program.body.flatMap((statement) => this.#piece(statement, place));
  }

  #piece(statement: hbs.AST.Statement, place: Place): Piece[] {
    switch (statement.type) {
      case "ContentStatement": {
        const text = (statement as hbs.AST.ContentStatement).value;
        return text === "" ? [] : [{ kind: "text", text }];
      }
      case "CommentStatement":
        return [];
      case "MustacheStatement": {
        const mustache = statement as hbs.AST.MustacheStatement;
        const value = this.#tag(mustache, place);
        return value ? [{ kind: "print", value, raw: !mustache.escaped }] : [];
      }
      case "BlockStatement":
        return this.#block(statement as hbs.AST.BlockStatement, place);
      default:
        this.#problem(
          statement,
          "partials and decorators ({{> …}}, {{* …}}) aren't allowed",
          "القوالب الجزئية والمزخرفات ({{> …}} و{{* …}}) غير مسموحة",
        );
        return [];
    }
  }

  /** The name of a helper or block, if the path is one plain word and no local name. */
  #name(path: hbs.AST.Expression, place: Place): string | null {
    if (path.type !== "PathExpression") return null;
    const { parts, data, depth, original } = path as hbs.AST.PathExpression;
    const [name] = parts;
    if (name === undefined || parts.length !== 1 || data || depth > 0) return null;
    return original === name && !place.names.includes(name) ? name : null;
  }

  #tag(tag: hbs.AST.MustacheStatement | hbs.AST.SubExpression, place: Place): Expr | null {
    const name = this.#name(tag.path, place);
    if (name !== null && HELPERS.has(name)) return this.#call(name, tag, place);
    if (name !== null && BLOCKS.has(name)) {
      this.#problem(
        tag,
        `{{${name}}} is a block: write {{#${name} …}} … {{/${name}}}`,
        `{{${name}}} كتلة: اكتب {{#${name} …}} … {{/${name}}}`,
      );
      return null;
    }
    const named = tag.hash?.pairs.length ?? 0;
    if (tag.params.length > 0 || named > 0 || tag.type === "SubExpression") {
      const written = String((tag.path as hbs.AST.PathExpression).original);
      this.#problem(tag, `there is no helper “${written}”`, `لا توجد دالة باسم «${written}»`);
      return null;
    }
    if (tag.path.type !== "PathExpression") {
      const written = String((tag.path as hbs.AST.StringLiteral).original);
      this.#problem(tag, `“${written}” is no value`, `«${written}» ليست قيمة`);
      return null;
    }
    return this.#path(tag.path as hbs.AST.PathExpression, place);
  }

  #expression(node: hbs.AST.Expression, place: Place): Expr | null {
    switch (node.type) {
      case "PathExpression":
        return this.#path(node as hbs.AST.PathExpression, place);
      case "SubExpression": {
        const nesting = place.nesting + 1;
        if (nesting <= MAX_NESTING) {
          return this.#tag(node as hbs.AST.SubExpression, { ...place, nesting });
        }
        this.#problem(node, "the brackets are nested too deep", "الأقواس متداخلة أكثر مما ينبغي");
        return null;
      }
      case "StringLiteral":
      case "NumberLiteral":
      case "BooleanLiteral":
        return { kind: "literal", value: (node as hbs.AST.StringLiteral).value };
      case "NullLiteral":
        return { kind: "literal", value: null };
      default:
        return { kind: "literal", value: undefined };
    }
  }

  #path(node: hbs.AST.PathExpression, place: Place): Expr | null {
    const { parts, depth: up, data, original: written } = node;
    if (parts.some((part) => FORBIDDEN.has(part))) {
      this.#problem(node, `“${written}” isn't allowed`, `«${written}» غير مسموح`);
      return null;
    }
    const [first] = parts;
    const own = up > 0 || /^(this\b|\.)/.test(written);
    const value: Expr = { kind: "path", written, parts, up, data, own };
    if (data) {
      if (parts.length === 1 && LOOP_DATA.has(first ?? "") && up < place.loops) return value;
      this.#problem(
        node,
        `“${written}” isn't known here; within {{#each}} there are @index, @key, @first and @last`,
        `«${written}» غير معروف هنا؛ داخل {{#each}} يوجد @index و@key و@first و@last`,
      );
      return null;
    }
    if (!own && first !== undefined && place.names.includes(first)) return value;
    this.#checkRoot(node, place.depth - up);
    return value;
  }

  /** At the top only the roots are known; inside `each` and `with` any name may be the item's. */
  #checkRoot(node: hbs.AST.PathExpression, depth: number): void {
    const [first] = node.parts;
    const written = node.original;
    if (first === "secret" && depth <= 0) {
      this.#problem(
        node,
        `“${written}”: secrets may only be used in a webhook's headers and body`,
        `«${written}»: لا تُستعمل الأسرار إلا في ترويسات طلب الويب ومحتواه`,
        { tolerable: true, secret: true },
      );
    } else if (depth < 0 || (depth === 0 && (first === undefined || !roots.has(first)))) {
      const known = ROOTS.filter((root) => root !== "secret");
      this.#problem(
        node,
        `“${written}” isn't known; a path begins with ${known.join(", ")}`,
        `«${written}» غير معروف؛ يبدأ المسار بإحدى الكلمات ${known.join("، ")}`,
        { tolerable: true },
      );
    }
  }

  #call(name: string, tag: Tag, place: Place): Expr | null {
    const helper = HELPERS.get(name);
    if (!helper) return null;
    const [fewest, most] = helper.takes;
    if (tag.params.length < fewest || tag.params.length > most) {
      const count = fewest === most ? String(fewest) : `${fewest}–${most}`;
      this.#problem(
        tag,
        `{{${name}}} takes ${count} value${count === "1" ? "" : "s"}, not ${tag.params.length}`,
        `عدد القيم التي تأخذها {{${name}}} هو ${count} وليس ${tag.params.length}`,
      );
      return null;
    }
    return this.#arguments(name, helper, tag, place);
  }

  #arguments(name: string, helper: Helper, tag: Tag, place: Place): Expr | null {
    const args = tag.params.map((param) => this.#expression(param, place));
    const pairs = (tag.hash?.pairs ?? []).map((pair): [string, Expr | null] => [
      pair.key,
      this.#expression(pair.value, place),
    ]);
    const strange = pairs.find(([key]) => !helper.named?.includes(key));
    if (strange) {
      const [key] = strange;
      this.#problem(tag, `{{${name}}} doesn't know ${key}=`, `لا تعرف {{${name}}} الصيغة ${key}=`);
      return null;
    }
    const known = args.filter((arg) => arg !== null);
    const named = pairs.filter((pair): pair is [string, Expr] => pair[1] !== null);
    if (known.length < args.length || named.length < pairs.length) return null;
    const mistake = helper.mistake?.(
      known.map((arg) => (arg.kind === "literal" ? arg.value : undefined)),
      Object.fromEntries(named),
    );
    if (mistake) {
      this.#problem(tag, mistake.en, mistake.ar);
      return null;
    }
    return { kind: "call", helper: name, args: known, named, line: tag.loc.start.line };
  }

  #block(node: hbs.AST.BlockStatement, place: Place): Piece[] {
    const head = this.#head(node, place);
    if (!head) {
      // Its inside may hold mistakes of its own, which are to be told at once.
      this.#body(node.program, {
        ...place,
        depth: place.depth + 1,
        loops: 1,
        nesting: place.nesting + 1,
      });
      this.#body(node.inverse, { ...place, nesting: place.nesting + 1 });
      return [];
    }
    const names = node.program?.blockParams ?? [];
    const moves = head.block !== "if" && head.block !== "unless";
    const inside: Place = {
      depth: place.depth + (moves ? 1 : 0),
      loops: place.loops + (head.block === "each" || head.block === "section" ? 1 : 0),
      names: [...place.names, ...names],
      nesting: place.nesting + 1,
    };
    const body = this.#body(node.program, inside);
    const otherwise = node.inverse
      ? this.#body(node.inverse, { ...place, nesting: place.nesting + 1 })
      : null;
    return [{ kind: "block", ...head, body, otherwise, names }];
  }

  #head(
    node: hbs.AST.BlockStatement,
    place: Place,
  ): { block: Block; of: Expr; includeZero: boolean } | null {
    const name = this.#name(node.path, place);
    if (name === "eq") {
      const of = this.#call(name, node, place);
      return of && { block: "if", of, includeZero: false };
    }
    const pairs = node.hash?.pairs ?? [];
    if (name !== null && BLOCKS.has(name)) {
      const [param, ...rest] = node.params;
      const zero =
        (name === "if" || name === "unless") && pairs.every((p) => p.key === "includeZero");
      if (!param || rest.length > 0 || (pairs.length > 0 && !zero)) {
        this.#problem(node, `{{#${name}}} takes one value`, `تأخذ الكتلة {{#${name}}} قيمة واحدة`);
        return null;
      }
      const of = this.#expression(param, place);
      const flag = pairs[0]?.value;
      const includeZero =
        flag?.type === "BooleanLiteral" && (flag as hbs.AST.BooleanLiteral).value === true;
      return of && { block: name as Block, of, includeZero };
    }
    const written = String(node.path.original);
    if (node.params.length > 0 || pairs.length > 0 || (name !== null && HELPERS.has(name))) {
      this.#problem(node, `there is no block “${written}”`, `لا توجد كتلة باسم «${written}»`);
      return null;
    }
    const of = this.#path(node.path, place);
    return of && { block: "section", of, includeZero: false };
  }
}

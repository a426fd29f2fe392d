import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import type { TSchema } from "typebox";
import type { Label } from "../../nodes/index.ts";
import { closest } from "./closest.ts";
import { type Finding, isObject, type Place, type Problem, part, problemAt } from "./problems.ts";
import * as say from "./problems-shape.ts";

const ajv = new Ajv2020({
  allErrors: true,
  // Our schemas carry the editor's keywords (`control`, `label`).
  strict: false,
  strictNumbers: true,
  verbose: true,
  ownProperties: true,
  logger: false,
});
// Ajv compares every pair, which a list made long on purpose would turn into minutes.
ajv.removeKeyword("uniqueItems");
ajv.addKeyword({
  keyword: "uniqueItems",
  type: "array",
  validate: (on: boolean, list: unknown[]) =>
    !on || new Set(list.map((item) => JSON.stringify(item))).size === list.length,
});
// Rules are checked by kind, so that a mistake gives one sentence and not one for each kind.
ajv.addSchema({ $id: "rule" });

/** So many problems are told of one value. */
const MOST = 1000;

const compiled = new WeakMap<object, ValidateFunction>();

function validator(schema: TSchema): ValidateFunction {
  const known = compiled.get(schema);
  if (known) return known;
  const fresh = ajv.compile(schema);
  compiled.set(schema, fresh);
  return fresh;
}

/** All that a value lacks to fit its schema, in plain sentences; `path` is the value's pointer in the place. */
export function shapeProblems(schema: TSchema, value: unknown, place: Place, path = ""): Problem[] {
  const validate = validator(schema);
  if (validate(value)) return [];
  // A file made wrong on purpose could hold a million mistakes.
  return withoutBranches(validate.errors ?? [])
    .slice(0, MOST)
    .flatMap((e) => {
      const { at, finding } = translate(e);
      return finding ? [problemAt(place, path + at, finding)] : [];
    });
}

/** Keeps of an `anyOf` either the errors of the one branch that was meant, or its own. */
function withoutBranches(errors: ErrorObject[]): ErrorObject[] {
  const kept: ErrorObject[] = [];
  for (const e of errors) {
    if (e.keyword !== "anyOf" && e.keyword !== "oneOf") {
      kept.push(e);
      continue;
    }
    // Ajv writes the errors of the branches right before that of the whole.
    let from = kept.length;
    while (from > 0 && isWithin(kept[from - 1], e)) from--;
    const inner = kept.splice(from);
    const meant = meantBranch(e, inner);
    kept.push(...(meant === null ? [e] : inner.filter(meant)));
  }
  return kept;
}

const isWithin = (e: ErrorObject | undefined, whole: ErrorObject): boolean =>
  e?.schemaPath.startsWith(`${whole.schemaPath}/`) === true &&
  (e.instancePath === whole.instancePath || e.instancePath.startsWith(`${whole.instancePath}/`));

type Test = (e: ErrorObject) => boolean;

function meantBranch(whole: ErrorObject, errors: ErrorObject[]): Test | null {
  const branches = Array.isArray(whole.schema) ? whole.schema : [];
  const fitting = branches.flatMap((branch: unknown, i): Test[] => {
    const inside: Test = (e) => e.schemaPath.startsWith(`${whole.schemaPath}/${i}/`);
    const wrong = errors.some(
      (e) =>
        inside(e) &&
        e.instancePath === whole.instancePath &&
        (e.keyword === "type" || e.keyword === "const" || e.keyword === "enum"),
    );
    return wrong || !isObject(branch) ? [] : [inside];
  });
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}

interface Translated {
  /** Pointer relative to the checked value. */
  at: string;
  finding: Finding | null;
}

function translate(e: ErrorObject): Translated {
  const at = e.instancePath;
  const schema = isObject(e.parentSchema) ? e.parentSchema : {};
  const limit = Number(e.params.limit);
  switch (e.keyword) {
    case "required": {
      const key = String(e.params.missingProperty);
      return { at: at + part(key), finding: say.missingKey(key, propertyLabel(schema, key)) };
    }
    case "additionalProperties": {
      const key = String(e.params.additionalProperty);
      const known = isObject(schema.properties) ? Object.keys(schema.properties) : [];
      return { at: at + part(key), finding: say.unknownKey(key, closest(key, known)) };
    }
    case "type":
      return { at, finding: say.wrongType(e.data, e.params.type) };
    case "enum":
    case "const":
    case "anyOf":
    case "oneOf":
      return { at, finding: choiceOrForm(e, schema) };
    case "pattern":
      return {
        at: e.propertyName === undefined ? at : at + part(e.propertyName),
        finding: pattern(e),
      };
    case "propertyNames":
      // The error of the name itself says it.
      return { at, finding: null };
    case "minLength":
      return { at, finding: e.data === "" ? say.empty : say.tooShort(limit) };
    case "maxLength":
      return { at, finding: say.tooLong(limit) };
    case "minimum":
    case "exclusiveMinimum":
      return { at, finding: say.tooSmall(e.data, limit, e.keyword === "minimum") };
    case "maximum":
    case "exclusiveMaximum":
      return { at, finding: say.tooLarge(e.data, limit, e.keyword === "maximum") };
    case "minItems":
    case "minProperties":
      return { at, finding: limit === 1 ? say.empty : say.tooFew(limit) };
    case "maxItems":
    case "maxProperties":
      return { at, finding: say.tooMany(limit) };
    case "uniqueItems":
      return { at, finding: say.repeated(firstRepeated(e.data)) };
    default:
      return { at, finding: say.notAllowed(e.data) };
  }
}

function choiceOrForm(e: ErrorObject, schema: Record<string, unknown>): Finding {
  const options = choices(schema);
  if (options.length === 0) return say.wrongForm(e.data, types(schema));
  const near = typeof e.data === "string" ? closest(e.data, options) : null;
  return say.notAChoice(e.data, options, near);
}

function choices(schema: Record<string, unknown>): string[] {
  if (Array.isArray(schema.enum)) return schema.enum.map(String);
  if ("const" in schema) return [String(schema.const)];
  const branches = [schema.anyOf, schema.oneOf].find(Array.isArray) ?? [];
  const each = branches.map((b: unknown) => (isObject(b) ? choices(b) : []));
  return each.every((c) => c.length > 0) ? each.flat() : [];
}

const types = (schema: Record<string, unknown>): string[] => {
  const branches = [schema.anyOf, schema.oneOf].find(Array.isArray) ?? [];
  return branches.flatMap((b: unknown) =>
    isObject(b) && typeof b.type === "string" ? [b.type] : [],
  );
};

function pattern(e: ErrorObject): Finding {
  const schema = isObject(e.parentSchema) ? e.parentSchema : {};
  if (e.propertyName !== undefined) {
    return isLabel(schema.hint)
      ? say.wrongFormat(e.propertyName, schema.hint)
      : say.noLanguage(e.propertyName);
  }
  if (schema.control === "time") return say.time(e.data);
  return say.wrongFormat(e.data, isLabel(schema.hint) ? schema.hint : null);
}

function firstRepeated(list: unknown): unknown {
  const seen = new Set<string>();
  return Array.isArray(list)
    ? list.find((item) => seen.size === seen.add(JSON.stringify(item)).size)
    : undefined;
}

const isLabel = (value: unknown): value is Label =>
  isObject(value) && typeof value.en === "string" && typeof value.ar === "string";

/** What the editor calls a property of an object schema; null where it has no name. */
export function propertyLabel(schema: unknown, key: string): Label | null {
  if (!isObject(schema) || !isObject(schema.properties)) return null;
  const property = Object.hasOwn(schema.properties, key) ? schema.properties[key] : null;
  return isObject(property) && isLabel(property.label) ? property.label : null;
}

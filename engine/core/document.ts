import { type CheckOptions, checkFlow } from "./check.ts";
import { isFlow } from "./check-document.ts";
import { type FlowDoc, MAX_BYTES, MAX_DEPTH } from "./document-shape.ts";
import { jsonFault } from "./json-text.ts";
import { type Problem, problemAt, wholeFlow } from "./problems.ts";
import { atLine, tooBig } from "./problems-json.ts";

export {
  defaultReentry,
  type FlowDoc,
  type FlowEdge,
  type FlowNode,
  FlowSchema,
  FORMAT,
  MAX_BYTES,
  MAX_DEPTH,
  MAX_NODES,
  type Settings,
} from "./document-shape.ts";

/**
 * Reads the text of a flow document (at most 5 MiB, 64 deep, 2,000 nodes). What has the form of a flow comes
 * back as one, finished or not: `checkFlow` tells the rest. Of anything else, every problem comes back.
 */
export function readFlow(
  text: string,
  options: CheckOptions = {},
): { doc: FlowDoc } | { problems: Problem[] } {
  const parsed = parse(text);
  if ("problems" in parsed) return parsed;
  return isFlow(parsed.value)
    ? { doc: parsed.value }
    : { problems: checkFlow(parsed.value, options) };
}

function parse(text: string): { value: unknown } | { problems: Problem[] } {
  // Characters are counted first: encoding a text of any length would cost what the limit is to save.
  const bytes = text.length > MAX_BYTES ? text.length : new TextEncoder().encode(text).length;
  if (bytes > MAX_BYTES) return { problems: [problemAt(wholeFlow, "", tooBig(bytes, MAX_BYTES))] };
  // Editors on Windows put a byte order mark before the text.
  const json = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const fault = jsonFault(json, MAX_DEPTH);
  if (fault === null) return { value: JSON.parse(json) as unknown };
  const finding = atLine(fault.code, fault.line, fault.column, fault.message);
  return { problems: [problemAt(wholeFlow, "", finding)] };
}

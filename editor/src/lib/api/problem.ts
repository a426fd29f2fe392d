/** One thing wrong with a document or an input, where it is, in the reader's language. */
export interface Problem {
  severity: "error" | "warning";
  code: string;
  /** The node it is about; null: the whole flow. */
  node: string | null;
  /** JSON Pointer into the node's data, or into the document. */
  pointer: string;
  message: string;
}

/** A refusal of the server (RFC 9457), or its silence (`status` 0). `message` is a sentence for the person. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly status: number;
  /** `urn:tawasul:problem:…`; stays the same in every language. */
  readonly type: string;
  readonly problems: readonly Problem[];

  constructor(
    status: number,
    type: string,
    message: string,
    problems: readonly Problem[] = [],
    cause?: unknown,
  ) {
    super(message, { cause });
    this.status = status;
    this.type = type;
    this.problems = problems;
  }
}

/** Reads an answer's problem; an answer that isn't one of ours is named by its status. */
export async function problemOf(response: Response): Promise<ApiError> {
  const kind = response.headers.get("content-type") ?? "";
  if (!kind.includes("json"))
    return new ApiError(response.status, "", `${response.status} ${response.statusText}`);
  const {
    type = "",
    title = "",
    detail = "",
    problems = [],
  } = (await response.json()) as {
    type?: string;
    title?: string;
    detail?: string;
    problems?: Problem[];
  };
  return new ApiError(response.status, type, detail || title || String(response.status), problems);
}

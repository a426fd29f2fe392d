import { createHash, randomUUID } from "node:crypto";
import { createWriteStream, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Busboy, type BusboyInstance } from "@fastify/busboy";
import type { Ctx } from "./context.ts";
import { HttpProblem } from "./problem.ts";

/** Where uploads go, and how many bytes one may have. */
export interface UploadOptions {
  folder: string;
  limit: number;
}

/** A file that was sent, on disk. Whoever received it takes it away or deletes it. */
export interface Upload {
  path: string;
  /** As the sender calls it; null when it says nothing. */
  name: string | null;
  bytes: number;
  /** About as many as a CSV file has rows, with its header. */
  lines: number;
  /** SHA-256 of the file, and of what was sent beside it. */
  digest: string;
  /** What a form said beside the file. */
  fields: Record<string, string>;
}

/** Receives the body's file, and deletes it in the end where it still lies. */
export type Receive = (c: Ctx, use: (file: Upload) => Promise<Response>) => Promise<Response>;

export const receiverOf =
  (options: UploadOptions): Receive =>
  async (c, use) => {
    const file = await receive(c, options);
    try {
      return await use(file);
    } finally {
      rmSync(file.path, { force: true });
    }
  };

/** A form may say this many things beside its file, each this long. */
const FIELDS = { fields: 20, fieldSize: 100_000, parts: 21, files: 1 };

/**
 * Streams a file of any size to the disk: the body itself, or the file of a multipart form (RFC 7578). Memory stays
 * flat whatever comes. Throws `HttpProblem` (413 above the limit).
 */
async function receive(c: Ctx, { folder, limit }: UploadOptions): Promise<Upload> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${randomUUID()}.part`);
  const tooBig = tooBigFor(limit);
  if (Number(c.req.header("content-length") ?? 0) > limit + FORM_ROOM) throw tooBig;
  const { body } = c.req.raw;
  if (body === null) throw noFile;
  const source = Readable.fromWeb(body as unknown as Parameters<typeof Readable.fromWeb>[0]);
  const type = c.req.header("content-type") ?? "";
  const counted = new Counted(limit, tooBig);
  try {
    if (!type.startsWith("multipart/")) {
      await pipeline(source, counted, createWriteStream(path, { mode: 0o600 }));
      return { path, name: null, fields: {}, ...counted.sum({}) };
    }
    const { name, fields } = await receiveForm(source, type, counted, path);
    return { path, name, fields, ...counted.sum(fields) };
  } catch (error) {
    rmSync(path, { force: true });
    // What the disk complains of is ours; everything else is that the sender went away.
    if (error instanceof HttpProblem || (error as { syscall?: string }).syscall) throw error;
    throw brokeOff(error);
  }
}

/** Boundaries and fields of a form may add so much to its file. */
const FORM_ROOM = 3 * 1024 * 1024;

async function receiveForm(
  source: Readable,
  type: string,
  counted: Counted,
  path: string,
): Promise<{ name: string | null; fields: Record<string, string> }> {
  const fields: Record<string, string> = Object.create(null);
  let name: string | null = null;
  let kept: Promise<void> | null = null;
  let form: BusboyInstance;
  try {
    form = new Busboy({ headers: { "content-type": type }, limits: FIELDS });
  } catch (error) {
    throw badForm(error);
  }
  form.on("field", (field, value) => {
    fields[field] = value;
  });
  form.on("file", (_, file, filename) => {
    name = filename === "" ? null : filename;
    kept = pipeline(file, counted, createWriteStream(path, { mode: 0o600 }));
    // It is awaited below; whatever goes wrong ends the form too.
    kept.catch((error: Error) => form.destroy(error));
  });
  for (const limit of ["filesLimit", "fieldsLimit", "partsLimit"] as const)
    form.on(limit, () => form.destroy(new Error(limit)));
  try {
    await pipeline(source, form);
    await kept;
  } catch (error) {
    if (error instanceof HttpProblem || (error as { syscall?: string }).syscall) throw error;
    throw badForm(error);
  }
  if (kept === null) throw noFile;
  return { name, fields };
}

/** Counts, digests and bounds what goes through. */
class Counted extends Transform {
  bytes = 0;
  lines = 0;
  #last = 10;
  readonly #hash = createHash("sha256");
  readonly #limit: number;
  readonly #tooBig: HttpProblem;

  constructor(limit: number, tooBig: HttpProblem) {
    super();
    this.#limit = limit;
    this.#tooBig = tooBig;
  }

  override _transform(chunk: Buffer, _: string, done: (error: Error | null, out?: Buffer) => void) {
    this.bytes += chunk.length;
    if (this.bytes > this.#limit) return done(this.#tooBig);
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) this.lines++;
    this.#last = chunk.at(-1) ?? this.#last;
    this.#hash.update(chunk);
    done(null, chunk);
  }

  sum(fields: Record<string, string>): { bytes: number; lines: number; digest: string } {
    const { bytes } = this;
    const lines = this.lines + (this.#last === 10 ? 0 : 1);
    const beside = JSON.stringify(Object.entries(fields).sort());
    return { bytes, lines, digest: this.#hash.update(beside).digest("base64url") };
  }
}

const noFile = new HttpProblem("invalid-input", {
  en: "There is no file: send the CSV as the body, or as the file of a form.",
  ar: "لا يوجد ملف: أرسل ملف CSV محتوًى للطلب أو ملفًا في نموذج.",
});

const badForm = (cause: unknown): HttpProblem => {
  const problem = new HttpProblem("invalid-input", {
    en: "The form can't be read: it is cut off, or holds more than one file.",
    ar: "تعذّرت قراءة النموذج: إما أنه مبتور أو فيه أكثر من ملف.",
  });
  problem.cause = cause;
  return problem;
};

const brokeOff = (cause: unknown): HttpProblem => {
  const problem = new HttpProblem("invalid-input", {
    en: "The file broke off before its end; send it again.",
    ar: "انقطع الملف قبل نهايته؛ أرسله من جديد.",
  });
  problem.cause = cause;
  return problem;
};

function tooBigFor(limit: number): HttpProblem {
  const mega = Math.floor(limit / 1_000_000);
  return new HttpProblem("too-big", {
    en: `The file is bigger than ${mega} MB; part it, or import it with “tawasul import” on the server.`,
    ar: `الملف أكبر من ${mega} ميغابايت؛ قسّمه أو استورده بالأمر «tawasul import» على الخادم.`,
  });
}

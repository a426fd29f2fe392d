import { randomBytes, randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import type { Rule } from "../../../nodes/index.ts";
import type { Workspace } from "../../core/state.ts";
import type { Store } from "../store.ts";
import { DEFAULTS, type Plain } from "../workspace.ts";
import type { Base } from "./database.ts";
import type { Listeners } from "./listening.ts";
import { fields, segments, settings } from "./schema.ts";

export interface Settings {
  get(name: string): string | null;
  /** The key of hashes that outlive an erased contact; made once for each store. */
  secret(): string;
  workspace(): Workspace;
}

const INSTALLATION = "installation";
const SECRET = "erasure-secret";
const WORKSPACE = "workspace";

/** Reads settings inside the transactions of others. */
export function settingsOf({ orm }: Base): Settings {
  const get = (name: string): string | null =>
    orm.select().from(settings).where(eq(settings.name, name)).get()?.value ?? null;
  const once = (name: string, make: () => string): string => {
    orm.insert(settings).values({ name, value: make() }).onConflictDoNothing().run();
    return get(name) ?? "";
  };
  once(INSTALLATION, () => randomUUID());
  const secret = once(SECRET, () => randomBytes(32).toString("hex"));
  return {
    get,
    secret: () => secret,
    workspace: () => ({
      ...DEFAULTS,
      ...(JSON.parse(get(WORKSPACE) ?? "{}") as Partial<Plain>),
      segments: Object.fromEntries(
        orm
          .select()
          .from(segments)
          .orderBy(segments.name)
          .all()
          .map((s) => [s.name, JSON.parse(s.rule) as Rule]),
      ),
      fields: Object.fromEntries(
        orm
          .select()
          .from(fields)
          .orderBy(fields.name)
          .all()
          .map((f) => [f.name, f.type]),
      ),
    }),
  };
}

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

export function workspacePart(base: Base, read: Settings, listeners: Listeners): Part {
  const { orm, write } = base;
  const set = (name: string, value: string): void => {
    orm
      .insert(settings)
      .values({ name, value })
      .onConflictDoUpdate({ target: settings.name, set: { value } })
      .run();
  };
  const saveSegment = (name: string, rule: Rule): void => {
    const json = JSON.stringify(rule);
    orm
      .insert(segments)
      .values({ name, rule: json })
      .onConflictDoUpdate({ target: segments.name, set: { rule: json } })
      .run();
  };
  const revision = base.db.prepare<{ n: number }, []>("SELECT n FROM revision");
  return {
    async revision() {
      return revision.get()?.n ?? 0;
    },
    async installation() {
      return read.get(INSTALLATION) ?? "";
    },
    async workspace() {
      return read.workspace();
    },
    async setWorkspace({ segments: rules, fields: types, ...plain }, at) {
      write(() => {
        const before = read.workspace();
        const old = JSON.parse(read.get(WORKSPACE) ?? "{}") as Partial<Plain>;
        set(WORKSPACE, JSON.stringify({ ...old, ...plain }));
        if (rules) {
          orm.delete(segments).where(sql`true`).run();
          for (const [name, rule] of Object.entries(rules)) saveSegment(name, rule);
        }
        if (types) {
          orm.delete(fields).where(sql`true`).run();
          for (const [name, type] of Object.entries(types))
            orm.insert(fields).values({ name, type }).run();
        }
        listeners.redefined(before, at);
      });
    },
    async saveSegment(name, rule, at) {
      write(() => {
        const before = read.workspace();
        saveSegment(name, rule);
        listeners.redefined(before, at);
      });
    },
    async deleteSegment(name, at) {
      return write(() => {
        const before = read.workspace();
        const gone = orm.delete(segments).where(eq(segments.name, name)).returning().all();
        if (gone.length > 0) listeners.redefined(before, at);
        return gone.length > 0;
      });
    },
    async saveField(name, type) {
      write(() =>
        orm
          .insert(fields)
          .values({ name, type })
          .onConflictDoUpdate({ target: fields.name, set: { type } })
          .run(),
      );
    },
    async deleteField(name) {
      return write(
        () => orm.delete(fields).where(eq(fields.name, name)).returning().all().length > 0,
      );
    },
    async listening() {
      return listeners.now();
    },
    async setting(name) {
      return read.get(name);
    },
    async setSetting(name, value) {
      write(() => {
        if (value === null) orm.delete(settings).where(eq(settings.name, name)).run();
        else set(name, value);
      });
    },
  };
}

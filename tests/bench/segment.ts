import { Database } from "bun:sqlite";
import { ruleToSql } from "../../engine/store/rules-sql.ts";
import type { Rule } from "../../nodes/index.ts";
import { quantile, timed, type Work } from "./figures.ts";
import { MADE_BY_SQL, multiply } from "./populate.ts";
import { addContacts, openBench, T0 } from "./workspace.ts";

const RULE: Rule = {
  all: [
    { field: "city", op: "=", value: "Riyadh" },
    { tag: "vip" },
    { field: "last_name", op: "starts-with", value: "Last" },
    { not: { field: "first_name", op: "=", value: "First8" } },
    { field: "created_at", op: "within-last", value: "P6M" },
  ],
};
const TIMES = 7;

/** A rule of five conditions over a million contacts: how many it holds for, and the first fifty of them. */
export const segment: Work = async ({ contacts = 1_000_000, folder }) => {
  const { store, engine, file, clock } = await openBench(folder, []);
  await addContacts(store, 1000);
  await engine.untilIdle();
  multiply(file, contacts);
  clock.now = T0 + 86_400_000;
  const counts: number[] = [];
  const pages: number[] = [];
  let found = 0;
  for (let i = 0; i <= TIMES; i++) {
    const count = await timed(() => store.countContacts(RULE, clock.now));
    const page = await timed(() => store.contacts(RULE, clock.now, { limit: 50 }));
    if (page.value.length !== 50) throw new Error("the first page is not whole");
    found = count.value;
    // The first is cold.
    if (i === 0) continue;
    counts.push(count.seconds * 1000);
    pages.push(page.seconds * 1000);
  }
  const workspace = await store.workspace();
  await engine.stop();
  await store.close();
  return {
    figures: [
      { name: "count", value: quantile(counts, 0.5), unit: "ms" },
      { name: "first page of 50", value: quantile(pages, 0.5), unit: "ms" },
      { name: "both", value: quantile(counts, 0.5) + quantile(pages, 0.5), unit: "ms" },
      { name: "found", value: found, unit: "contacts" },
    ],
    notes: [
      `five conditions over ${contacts} contacts, warm, median of ${TIMES}; ${MADE_BY_SQL}`,
      ...plan(),
    ],
  };

  function plan(): string[] {
    const where = ruleToSql(RULE, { now: clock.now, workspace, dialect: "sqlite" });
    const db = new Database(file, { readonly: true });
    const rows = db
      .prepare(
        `EXPLAIN QUERY PLAN SELECT count(*) AS n FROM contacts c WHERE c.erased = 0 AND ${where.sql}`,
      )
      .all(...where.params) as { detail: string }[];
    db.close();
    return rows.map((row) => `plan: ${row.detail}`);
  }
};

import { expect, test } from "vitest";
import type { JobRecord } from "../../engine/store/jobs.ts";
import type { Open } from "./contract.ts";
import { T0 } from "./make.ts";

const job = (id: string, more: Partial<JobRecord> = {}): JobRecord => ({
  id,
  kind: "import",
  state: "running",
  created: T0,
  updated: T0,
  detail: "{}",
  ...more,
});

export function jobsContract(open: Open): void {
  test("a job is as it was last written down", async () => {
    const store = await open();
    expect(await store.job("a")).toBeNull();
    await store.saveJob(job("a"));
    const ended = job("a", { state: "done", updated: T0 + 5, detail: '{"rows":3}' });
    await store.saveJob(ended);
    expect(await store.job("a")).toEqual(ended);
  });

  test("jobs are listed newest first, page by page and by kind", async () => {
    const store = await open();
    for (const [i, id] of ["a", "b", "c", "d"].entries())
      await store.saveJob(
        job(id, { created: T0 + (i >> 1), kind: id === "c" ? "other" : "import" }),
      );
    const first = await store.jobs({ limit: 3 });
    expect(first.map(({ id }) => id)).toEqual(["d", "c", "b"]);
    const rest = await store.jobs({ limit: 3, after: { created: T0, id: "b" } });
    expect(rest.map(({ id }) => id)).toEqual(["a"]);
    const imports = await store.jobs({ limit: 3, kind: "import" });
    expect(imports.map(({ id }) => id)).toEqual(["d", "b", "a"]);
  });

  test("old jobs are deleted, some at a time", async () => {
    const store = await open();
    for (const id of ["a", "b", "c"]) await store.saveJob(job(id));
    await store.saveJob(job("d", { created: T0 + 1 }));
    expect(await store.forgetJobs(T0 + 1, 2)).toBe(2);
    expect(await store.forgetJobs(T0 + 1, 2)).toBe(1);
    expect((await store.jobs({ limit: 9 })).map(({ id }) => id)).toEqual(["d"]);
  });
}

import { existsSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Site } from "./site.ts";

const CSV = `email,first_name,size
sara@example.com,سارة,12
not an address,Omar,3
omar@example.com,Omar,40
`;

interface Job {
  id: string;
  state: string;
  progress: { done: number; total: number | null };
  result: { counts: Record<string, number>; columns: object } | null;
  problem: string | null;
}

const upload = (
  site: Site,
  query = "",
  body: BodyInit = CSV,
  headers: Record<string, string> = {},
) =>
  site.request(`/api/imports${query}`, {
    method: "POST",
    headers: { "content-type": "text/csv", ...headers },
    body,
  });

/** Every state that the stream of a job tells of, until it ends. */
async function followed(site: Site, id: string, language = "en"): Promise<Job[]> {
  const stream = await site.request(`/api/jobs/${id}`, {
    headers: { accept: "text/event-stream", "accept-language": language },
  });
  expect(stream.headers.get("content-type")).toBe("text/event-stream");
  const events = (await stream.text()).split("\n\n").filter(Boolean);
  return events.map((event) => {
    expect(event).toMatch(/^event: job\ndata: \{/);
    return JSON.parse(event.slice("event: job\ndata: ".length)) as Job;
  });
}

/** Sends a file, and gives the job when it has ended. */
async function imported(site: Site, query = "", body: BodyInit = CSV): Promise<Job> {
  const answer = await upload(site, query, body);
  expect(answer.status).toBe(202);
  const { id } = (await answer.json()) as Job;
  expect(answer.headers.get("location")).toBe(`/api/jobs/${id}`);
  return (await followed(site, id)).at(-1) as Job;
}

function form(
  fields: Record<string, string>,
  files = [new File([CSV], "people.csv", { type: "text/csv" })],
) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  for (const file of files) form.append("file", file);
  return form;
}

/** A form as a browser sends it. */
const sendForm = async (site: Site, body: FormData): Promise<Response> => {
  const request = new Request("http://localhost/api/imports", { method: "POST", body });
  const type = request.headers.get("content-type") ?? "";
  return site.request("/api/imports", {
    method: "POST",
    headers: { "content-type": type },
    body: await request.arrayBuffer(),
  });
};

const left = (site: Site): string[] => (existsSync(site.folder) ? readdirSync(site.folder) : []);

describe("an import", () => {
  test("runs as a job, whose stream ends with what came of it", async () => {
    const site = new Site();
    const job = await imported(site);
    expect(job).toMatchObject({
      state: "done",
      progress: { done: 3, total: 3 },
      result: { dryRun: false, rows: 3, counts: { created: 2, rejected: 1 } },
    });
    expect((await site.json("/api/contacts")).items).toHaveLength(2);
    expect((await site.json("/api/jobs")).items).toMatchObject([{ id: job.id, kind: "import" }]);
    expect(left(site)).toEqual([`${job.id}.jsonl`]);
  });

  test("tells of each row, by page and by what was done, in the caller's language", async () => {
    const site = new Site();
    const { id } = await imported(site);
    const first = await site.json(`/api/imports/${id}/rows?limit=2`);
    expect(first.items.map(({ line, action }) => [line, action])).toEqual([
      [2, "created"],
      [3, "rejected"],
    ]);
    const rest = await site.json(`/api/imports/${id}/rows?limit=2&cursor=${first.next}`);
    expect(rest).toMatchObject({ items: [{ line: 4, action: "created" }], next: null });
    const rejected = await site.json(`/api/imports/${id}/rows?action=rejected&lang=ar`);
    expect(rejected.items).toHaveLength(1);
    expect(rejected.items[0]?.reason).toMatch(/^السطر 3، /);
    for (const cursor of ["7", "999999", "x"]) {
      expect((await site.request(`/api/imports/${id}/rows?cursor=${cursor}`)).status).toBe(422);
    }
  });

  test("gives the rows of which nothing came as a file to be mended, safe to open in a spreadsheet", async () => {
    const site = new Site();
    const body = 'email,2024,first_name\nnot an address,7,"=1+1, 2"\nomar@example.com,3,Omar\n';
    const { id } = await imported(site, "?dryRun=true", body);
    expect(await site.json(`/api/imports/${id}/head`)).toEqual({
      header: ["email", "2024", "first_name"],
      rows: [
        ["not an address", "7", "=1+1, 2"],
        ["omar@example.com", "3", "Omar"],
      ],
    });
    const file = await site.request(`/api/imports/${id}/rejected`);
    expect(file.headers.get("content-disposition")).toContain("attachment");
    const [head, first, ...rest] = (await file.text()).split("\r\n");
    expect(head).toBe("email,2024,first_name,Reason,Line");
    expect(first).toMatch(/^not an address,7,"'=1\+1, 2","?Line 2, .*,2$/);
    expect(rest).toEqual([""]);
    const again = await site.send("POST", `/api/imports/${id}/repeat`, {});
    await followed(site, ((await again.json()) as Job).id);
    expect((await site.request(`/api/imports/${id}/head`)).status).toBe(404);
  });

  test("that runs dry writes nothing, and its file can then be imported, once", async () => {
    const site = new Site();
    const dry = await imported(site, "?dryRun=true");
    expect(dry).toMatchObject({ state: "done", result: { dryRun: true, counts: { created: 2 } } });
    expect((await site.json("/api/contacts")).items).toEqual([]);
    const map = { size: "headcount", first_name: null };
    const again = await site.send("POST", `/api/imports/${dry.id}/repeat`, { map });
    expect(again.status).toBe(202);
    const { id } = (await again.json()) as Job;
    const job = (await followed(site, id)).at(-1);
    expect(job).toMatchObject({
      result: { dryRun: false, columns: { size: "headcount", first_name: null } },
    });
    const sara = await site.json("/api/contacts/sara@example.com");
    expect(sara.fields).toEqual({ email: "sara@example.com", headcount: 12 });
    expect((await site.send("POST", `/api/imports/${dry.id}/repeat`, {})).status).toBe(409);
    expect((await site.send("POST", `/api/imports/${id}/repeat`, {})).status).toBe(409);
  });

  test("takes a form with its file and what is said beside it", async () => {
    const site = new Site();
    const answer = await sendForm(site, form({ dryRun: "true", map: '{"size": null}' }));
    expect(answer.status).toBe(202);
    const { id } = (await answer.json()) as Job;
    const job = (await followed(site, id)).at(-1);
    expect(job).toMatchObject({
      name: "people.csv",
      result: { dryRun: true, columns: { size: null, email: "email" } },
    });
  });

  test("does what is asked with known contacts, phones and triggers", async () => {
    const site = new Site();
    await site.person({ email: "sara@example.com" });
    const skipped = await imported(site, "?onDuplicate=skip");
    expect(skipped.result?.counts).toMatchObject({ created: 1, skipped: 1 });
    await imported(site, "?country=SA", "phone\n050 000 0009\n");
    expect((await site.request("/api/contacts/%2B966500000009")).status).toBe(200);
  });

  test("repeated with its key and file is one import; with another file it is refused", async () => {
    const site = new Site();
    const key = { "idempotency-key": "k" };
    const first = (await (await upload(site, "", CSV, key)).json()) as Job;
    await followed(site, first.id);
    const again = await upload(site, "", CSV, key);
    expect(await again.json()).toEqual(first);
    expect((await site.json("/api/jobs")).items).toHaveLength(1);
    expect((await upload(site, "", `${CSV}\n`, key)).status).toBe(422);
    expect(left(site)).toEqual([`${first.id}.jsonl`]);
  });
});

describe("what is no import", () => {
  test.each([
    ["a file that is no text", "", "PK\u0003\u0004spreadsheet", "/", 422],
    ["an empty file", "", " ", "", 422],
    ["a country that there isn't", "?country=Atlantis", CSV, "/country", 422],
    ["a map that is none", "?map=7", CSV, "/map", 422],
    ["an option that there isn't", "?dryrun=true", CSV, "/dryrun", 422],
  ])("%s is refused at once, and nothing of it stays", async (_, query, body, pointer, status) => {
    const site = new Site();
    const answer = await upload(site, query, body);
    expect(answer.status).toBe(status);
    if (pointer !== "/") {
      const { problems = [] } = (await answer.json()) as { problems?: { pointer: string }[] };
      expect(problems[0]?.pointer).toBe(pointer);
    }
    await expect.poll(() => left(site)).toEqual([]);
    expect((await site.json("/api/jobs")).items).toEqual([]);
  });

  test("a file that can be read but not imported fails as a job, with the reason", async () => {
    const job = await imported(new Site(), "", "city,size\nRiyadh,5\n");
    expect(job).toMatchObject({ state: "failed", result: null });
    expect(job.problem).toMatch(/e-mail/);
  });

  test("a file above the limit is cut off, whether its length was said or not", async () => {
    const site = new Site();
    const big = `${"x".repeat(999)}\n`;
    const said = await upload(site, "", big.repeat(5000), { "content-length": "5000000" });
    expect(said.status).toBe(413);
    let sent = 0;
    const endless = new ReadableStream({
      pull(stream) {
        sent += 1;
        stream.enqueue(new TextEncoder().encode(big.repeat(100)));
      },
    });
    const unsaid = await upload(site, "", endless as unknown as BodyInit);
    expect(unsaid.status).toBe(413);
    expect(await unsaid.json()).toMatchObject({
      detail: expect.stringContaining("bigger than 1 MB"),
    });
    // 100 kB a piece: it wasn't read on for ever.
    expect(sent).toBeLessThan(100);
    expect((await sendForm(site, form({}, [new File([big.repeat(1500)], "big.csv")]))).status).toBe(
      413,
    );
    await expect.poll(() => left(site)).toEqual([]);
  });

  test("a form without a file, with two, or cut off is refused", async () => {
    const site = new Site();
    expect((await sendForm(site, form({ dryRun: "true" }, []))).status).toBe(422);
    const two = [new File([CSV], "a.csv"), new File([CSV], "b.csv")];
    expect((await sendForm(site, form({}, two))).status).toBe(422);
    const cut = await site.request("/api/imports", {
      method: "POST",
      headers: { "content-type": "multipart/form-data; boundary=b" },
      body: '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nemail\n',
    });
    expect(cut.status).toBe(422);
    await expect.poll(() => left(site)).toEqual([]);
  });

  test("JSON is not a file", async () => {
    const answer = await new Site().send("POST", "/api/imports", { email: "sara@example.com" });
    expect(answer.status).toBe(415);
    expect(await answer.json()).toMatchObject({ type: "urn:tawasul:problem:not-a-file" });
  });

  test("what was no import, or is long gone, has no rows", async () => {
    const site = new Site();
    await site.jobs.start({ id: "other", kind: "other", name: null, total: null }, async () => ({
      ok: false,
      problem: { en: "", ar: "" },
    }));
    expect((await site.request("/api/imports/other/rows")).status).toBe(404);
    expect((await site.request("/api/imports/none/rows")).status).toBe(404);
  });
});

test("a job is cancelled, and one that has ended isn't", async () => {
  const site = new Site();
  const work = (_: unknown, signal: AbortSignal) =>
    new Promise<never>((_done, fail) =>
      signal.addEventListener("abort", () => fail(signal.reason)),
    );
  await site.jobs.start({ id: "j", kind: "import", name: null, total: null }, work);
  // Which rows are left out is known at the end.
  expect((await site.request("/api/imports/j/rejected")).status).toBe(409);
  expect((await site.send("POST", "/api/jobs/j/cancel")).status).toBe(202);
  expect((await followed(site, "j")).at(-1)).toMatchObject({ state: "cancelled" });
  expect((await site.send("POST", "/api/jobs/j/cancel")).status).toBe(409);
});

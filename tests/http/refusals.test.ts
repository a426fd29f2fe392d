import { expect, test } from "vitest";
import { COMMAND_LINE } from "../../engine/accounts/roles.ts";
import { MAIL, NOW, oneNode, PASSWORD, Site } from "./site.ts";

/** What routes declare beyond what comes with their input, and no other test provokes. */

const detail = async (answer: Response): Promise<string> =>
  ((await answer.json()) as { detail: string }).detail;

test.each<[method: string, path: string, body?: object]>([
  ["GET", "/api/journal?contact=nobody"],
  ["GET", "/api/messages?contact=nobody"],
  ["GET", "/api/tasks?contact=nobody"],
  ["PATCH", "/api/users/none", { role: "viewer" }],
  ["POST", "/api/contacts/nobody/consent", { channel: "email", granted: true }],
  ["POST", "/api/tasks/999/close", { outcome: "done" }],
])("%s %s names what isn't there", async (method, path, body) => {
  const answer = await new Site().request(path, {
    method,
    headers: { "content-type": "application/json", "accept-language": "ar" },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  expect(answer.status).toBe(404);
  expect(await detail(answer)).toMatch(/\p{Script=Arabic}.*\.$/u);
});

test("a flow that isn't published is neither paused nor resumed", async () => {
  const site = new Site();
  await site.send("PUT", "/api/flows/mail", MAIL);
  for (const act of ["pause", "resume"]) {
    const answer = await site.send("POST", `/api/flows/mail/${act}`, {});
    expect(answer.status).toBe(409);
    expect(await detail(answer)).toBe("The flow “mail” isn't published.");
  }
});

test("people on a node that a new version lacks must be told where to go", async () => {
  const site = new Site();
  await site.person({ email: "sara@example.com" });
  const doc = oneNode("wait", "wait", { for: "P1D" });
  await site.publish(doc);
  await site.send("POST", "/api/flows/wait/enrollments", { all: true });
  await site.work();
  const nodes = doc.nodes.map((n) => (n.id === "step" ? { ...n, id: "other" } : n));
  const edges = doc.edges.map((e) => ({ ...e, target: "other" }));
  await site.send("PUT", "/api/flows/wait", { ...doc, nodes, edges });
  const refused = await site.send("POST", "/api/flows/wait/publish", { migrate: true });
  expect(refused.status).toBe(409);
  expect(await detail(refused)).toContain("step (1)");
  const move = { migrate: true, move: { step: "other" } };
  expect((await site.send("POST", "/api/flows/wait/publish", move)).status).toBe(200);
  const { items } = await site.json("/api/flows/wait/versions");
  expect(items.map(({ version, current }) => [version, current])).toEqual([
    [1, false],
    [2, true],
  ]);
});

test("an import waits its turn while too much long work is under way", async () => {
  const site = new Site();
  Object.defineProperty(site.jobs, "isFull", { get: () => true });
  const answer = await site.request("/api/imports", {
    method: "POST",
    headers: { "content-type": "text/csv" },
    body: "email\nsara@example.com\n",
  });
  expect(answer.status).toBe(409);
});

test("without a mail server no link can be mailed", async () => {
  const site = new Site({ mails: false });
  const { user } = await site.signedIn("owner");
  const answer = await site.send("POST", "/api/links/forgotten", { email: user.email });
  expect(answer.status).toBe(409);
});

test("an invitation of somebody who has got an account meanwhile is not accepted", async () => {
  const site = new Site();
  const { headers } = await site.signedIn("owner");
  const asked = { email: "omar@acme.example", role: "viewer" };
  const invited = await site.send("POST", "/api/users/invitations", asked, headers);
  const { link } = (await invited.json()) as { link: string };
  const newcomer = { name: "Omar", password: PASSWORD, language: "en" as const };
  await site.accounts.addUser(COMMAND_LINE, asked.email, "viewer", newcomer);
  const token = link.split("#")[1];
  const answer = await site.send("POST", "/api/links/invitation/accept", { token, ...newcomer });
  expect([409, 410]).toContain(answer.status);
});

test("a reset's link says whose it is, sets one password, and is gone then", async () => {
  const site = new Site();
  const { user } = await site.signedIn("owner");
  await site.send("POST", "/api/links/forgotten", { email: user.email });
  await new Promise((done) => setImmediate(done));
  const [, token] = /\/reset#(\S+)/.exec(site.letters[0]?.text ?? "") ?? [];
  const whose = await site.send("POST", "/api/links/reset", { token });
  expect(await whose.json()).toMatchObject({ email: user.email });
  const use = () => site.send("POST", "/api/links/reset/use", { token, password: "quite another" });
  expect((await use()).status).toBe(200);
  expect((await use()).status).toBe(410);
  expect((await site.send("POST", "/api/links/reset", { token })).status).toBe(410);
});

test("so many simulations wait and no more", async () => {
  const site = new Site();
  const rates = { opens: 0, clicks: 0, replies: 0, bounces: 0, optsOut: 0 };
  const body = {
    flow: MAIL,
    people: {
      madeUp: { count: 500, zones: ["Asia/Riyadh"], languages: ["en"], tags: [], consent: 100 },
    },
    from: new Date(NOW).toISOString(),
    until: new Date(NOW + 300 * 86_400_000).toISOString(),
    entry: { how: "hand", over: 0 },
    does: { ...rates, rates: 0, answers: 0, declines: 0, finishes: 0 },
    happens: [],
  };
  const ids: string[] = [];
  let last = 0;
  for (let i = 0; i < 100 && last !== 503; i++) {
    const answer = await site.send("POST", "/api/simulations", body);
    last = answer.status;
    if (last === 202) ids.push(((await answer.json()) as { id: string }).id);
  }
  expect(last).toBe(503);
  for (const id of ids) await site.send("DELETE", `/api/simulations/${id}`);
});

test("so many follow a flow's figures and no more", async () => {
  const site = new Site();
  await site.publish(MAIL);
  const streams: (ReadableStream | null)[] = [];
  let last = 0;
  for (let i = 0; i < 600 && last !== 503; i++) {
    const answer = await site.request("/api/flows/mail/stream");
    last = answer.status;
    if (last === 200) streams.push(answer.body);
    if (last === 503) expect(await detail(answer)).toMatch(/\.$/);
  }
  await Promise.all(streams.map((stream) => stream?.cancel()));
  expect(last).toBe(503);
});

import { describe, expect, test } from "vitest";
import { MAIL, NOW, oneNode, Site } from "./site.ts";

const DAY = 86_400_000;
const iso = (at: number): string => new Date(at).toISOString();
const does = {
  ...{ opens: 0, clicks: 0, replies: 0, bounces: 0, optsOut: 0 },
  ...{ rates: 0, answers: 0, declines: 0, finishes: 0 },
};
const madeUp = { count: 5, zones: ["Asia/Riyadh"], languages: ["en"], tags: [], consent: 100 };
const bodyOf = (more: object = {}) => ({
  flow: MAIL,
  people: { madeUp },
  from: iso(NOW),
  until: iso(NOW + 10 * DAY),
  entry: { how: "hand", over: 0 },
  does,
  happens: [],
  ...more,
});

interface Seen {
  id: string;
  state: string;
  people: number;
  report: { people: number; sent: Record<string, number[]>; groups: { text: string }[] } | null;
}

/** Starts one and waits until it has ended. */
async function simulate(site: Site, more: object = {}): Promise<Seen> {
  const started = await site.send("POST", "/api/simulations", bodyOf(more));
  expect(started.status).toBe(202);
  const { id } = (await started.json()) as Seen;
  expect(started.headers.get("location")).toBe(`/api/simulations/${id}`);
  const events = await site.request(`/api/simulations/${id}/events`);
  const told = await events.text();
  expect(told).toMatch(/event: progress\ndata: \{"state":"(?:done|failed)"/);
  return (await site.json(`/api/simulations/${id}`)) as unknown as Seen;
}

describe("a simulation", () => {
  test("runs a flow that nobody saved, and keeps nothing of it", async () => {
    const site = new Site();
    const seen = await simulate(site);
    expect(seen).toMatchObject({ state: "done", people: 5 });
    expect(seen.report).toMatchObject({ people: 5, sent: { email: [0, 5] } });
    expect(await site.store.flow("mail")).toBeNull();
    expect(await site.store.messages({ limit: 9 })).toEqual([]);
    expect(await site.store.journal({ limit: 9 })).toEqual([]);
    expect(site.woken).toBe(0);
  });

  test("takes real people with their consent, and leaves them as they are", async () => {
    const site = new Site();
    const ann = await site.person({ email: "ann@x.example", first_name: "Ann" });
    await site.person({ email: "bob@x.example" }, []);
    const before = await site.store.loadContact(ann);
    const all = await simulate(site, { people: { all: true } });
    expect(all.report).toMatchObject({ people: 2, sent: { email: [0, 1] } });
    expect(all.report?.groups).toMatchObject([
      {
        about: "skipped",
        reason: "no-consent",
        text: "there was no consent to be messaged there",
        people: 1,
      },
    ]);
    const one = await simulate(site, { people: { contacts: ["ann@x.example"] } });
    const { items, total } = await site.json(`/api/simulations/${one.id}/people`);
    expect([items[0]?.contact, items[0]?.key, total]).toEqual([ann, "ann@x.example", 1]);
    const some = await simulate(site, {
      people: { rule: { field: "first_name", op: "contains", value: "Ann" } },
    });
    expect(some.people).toBe(1);
    expect(await site.store.loadContact(ann)).toEqual(before);
  });

  test("tells what happened to a person, in the reader's language, with each message as it would be sent", async () => {
    const site = new Site();
    const { id } = await simulate(site);
    const place = `/api/simulations/${id}/people/1`;
    const story = (await (
      await site.request(place, { headers: { "accept-language": "ar" } })
    ).json()) as { sentences: { text: string; message: number | null }[]; messages: object[] };
    expect(story.sentences[0]?.text).toContain("دخلت الخطة");
    expect(story.messages).toMatchObject([
      { node: "step", channel: "email", to: "person2@example.com" },
    ]);
    expect(story.sentences.filter(({ message }) => message === 0)).toHaveLength(1);
    const mail = await site.request(`${place}/messages/0`);
    expect(mail.headers.get("content-security-policy")).toContain("sandbox");
    expect(await mail.text()).toMatch(/Dear \S+/);
    for (const gone of ["people/99", "people/x", "people/1/messages/7"])
      expect((await site.request(`/api/simulations/${id}/${gone}`)).status, gone).toBe(404);
  });

  test("can be stopped", async () => {
    const site = new Site();
    const started = await site.send(
      "POST",
      "/api/simulations",
      bodyOf({ people: { madeUp: { ...madeUp, count: 10_000 } } }),
    );
    const { id } = (await started.json()) as Seen;
    const stopped = await site.send("DELETE", `/api/simulations/${id}`);
    expect(await stopped.json()).toMatchObject({ state: "cancelled", report: null });
    expect((await site.request(`/api/simulations/${id}/people`)).status).toBe(404);
    expect((await site.request("/api/simulations/none")).status).toBe(404);
  });
});

describe("a simulation is refused", () => {
  test("when the flow has problems, with each in its place", async () => {
    const flow = oneNode("mail", "email", { subject: "Hi {{contat.x}}", body: "Text" });
    const answer = await new Site().send("POST", "/api/simulations", bodyOf({ flow }));
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({
      type: "urn:tawasul:problem:invalid-flow",
      problems: expect.arrayContaining([
        expect.objectContaining({ node: "step", message: expect.stringContaining("contat.x") }),
      ]),
    });
  });

  test.each([
    ["/until", { until: iso(NOW - 1) }],
    ["/until", { until: iso(NOW + 800 * DAY) }],
    ["/from", { from: "tomorrow" }],
    ["/people", { people: {} }],
    ["/people", { people: { all: true, madeUp } }],
    ["/people/madeUp/zones/0", { people: { madeUp: { ...madeUp, zones: ["Mars/Base"] } } }],
    ["/people/madeUp/count", { people: { madeUp: { ...madeUp, count: 1e9 } } }],
    ["/happens/0", { happens: [{ share: 10 }] }],
    ["/does/opens", { does: { ...does, opens: 101 } }],
  ])("when %s is wrong: %o", async (pointer, more) => {
    const answer = await new Site().send("POST", "/api/simulations", bodyOf(more));
    expect(answer.status).toBe(422);
    const { problems } = (await answer.json()) as { problems: { pointer: string }[] };
    expect(problems.map((p) => p.pointer)).toContain(pointer);
  });

  test("when a contact isn't there", async () => {
    const people = { contacts: ["nobody@x.example"] };
    const answer = await new Site().send("POST", "/api/simulations", bodyOf({ people }));
    expect(answer.status).toBe(404);
  });
});

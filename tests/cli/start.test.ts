import { describe, expect, test } from "vitest";
import { Workspace } from "./process.ts";

/** Starts the program on a free port and waits until it says where it runs. */
async function started(workspace: Workspace, ...args: string[]) {
  const child = workspace.spawn("start", "--port", "0", ...args);
  const reader = child.stdout.getReader();
  let said = "";
  while (!said.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`it ended: ${await new Response(child.stderr).text()}`);
    said += new TextDecoder().decode(value);
  }
  const url = /^Tawasul runs at (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(said)?.[1];
  if (!url) throw new Error(`it said ${said}`);
  return { child, url };
}

/** Asks until the answer is as wanted; a test's own time limit ends it. */
async function until<T>(ask: () => Promise<T>, isRight: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    await Bun.sleep(50);
  }
}

interface Messages {
  items: { state: string; flow: string; to: string }[];
}

describe("start", () => {
  test("with --sample shows messages at once, whatever the hour, and stops in order at SIGTERM", async () => {
    const workspace = new Workspace();
    const { child, url } = await started(workspace, "--sample");
    const ask = async () =>
      (await (await fetch(`${url}/api/messages?limit=100`)).json()) as Messages;
    const { items } = await until(
      ask,
      (m) => m.items.filter((i) => i.state === "sent").length >= 8,
    );
    expect(items.filter((m) => m.flow === "after-purchase" && m.state === "sent")).toHaveLength(8);
    expect(items.every((m) => m.to.endsWith("@example.com"))).toBe(true);
    const ready = await until(
      () => fetch(`${url}/readyz`),
      (r) => r.status === 200,
    );
    expect(await ready.json()).toMatchObject({ status: "ready" });
    const page = await (await fetch(url)).text();
    expect(page).toContain("Tawasul");

    const taken = await workspace.run("start", "--port", "0");
    expect(taken.code).toBe(2);
    expect(taken.err).toBe("Another engine already works on the data folder “./data”.\n");

    child.kill("SIGTERM");
    expect(await child.exited).toBe(0);

    // Once there is something, the sample stays out.
    const again = await started(workspace, "--sample");
    const flows = (await (await fetch(`${again.url}/api/flows`)).json()) as { items: unknown[] };
    expect(flows.items).toHaveLength(2);
    again.child.kill("SIGINT");
    expect(await again.child.exited).toBe(0);
  }, 60_000);

  test("a port that is taken is said plainly", async () => {
    const other = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("") });
    const { port } = other;
    const { code, err } = await new Workspace().run("start", "--port", String(port));
    await other.stop(true);
    expect(code).toBe(2);
    expect(err).toBe(`Port ${port} is taken by another program; choose another with --port.\n`);
  });

  test("--role web answers and leaves the work to another process", async () => {
    const workspace = new Workspace();
    const web = await started(workspace, "--role", "web");
    expect((await fetch(`${web.url}/readyz`)).status).toBe(200);
    const { code, out } = await workspace.run("run", "--until-idle");
    expect(code).toBe(0);
    expect(out).toContain("nobody is inside a flow");
    web.child.kill("SIGTERM");
    expect(await web.child.exited).toBe(0);
  });

  test("run works without a web server until it is stopped", async () => {
    const workspace = new Workspace();
    const child = workspace.spawn("run");
    const { value } = await child.stderr.getReader().read();
    expect(new TextDecoder().decode(value)).toBe("The engine runs; stop it with Ctrl-C.\n");
    child.kill("SIGTERM");
    expect(await child.exited).toBe(0);
  });

  test("a tick pattern that is none is said plainly", async () => {
    const workspace = new Workspace();
    workspace.env = { TAWASUL_TICK: "often" };
    const { code, err } = await workspace.run("start", "--port", "0");
    expect(code).toBe(2);
    expect(err).toMatch(/^TAWASUL_TICK is “often”, which is no cron pattern: /);
  });
});

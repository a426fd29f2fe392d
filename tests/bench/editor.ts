import { join } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { openSite } from "../browser/harness.ts";
import { bigFlow } from "./big-flow.ts";
import { type Figure, quantile, type Work } from "./figures.ts";
import { framesWhileDragging, ofFrames, opening } from "./frames.ts";

const NODES = 500;
const TIMES = 5;
const DRAGS = 5;
const CARD = ".svelte-flow__node";
const BUDGET = 250_000;

/**
 * The canvas in a real browser: bytes of script before it shows, time until it takes a click, and frames while a card
 * is dragged by the mouse. The floors of the same run are plain Svelte Flow with the same nodes, and an empty page.
 */
export const editor: Work = async ({ folder }) => {
  const site = await openSite({ sample: false });
  const plain = await servePlain(folder, NODES);
  try {
    for (const count of [NODES, 2000]) {
      await site.api(`/flows/big-${count}`, bigFlow(`big-${count}`, count), "PUT");
    }
    const ours = await measured(site.browser, `${site.url}/flows/big-${NODES}`);
    const floor = await measured(site.browser, plain.url);
    const huge = await opening(site.browser, `${site.url}/flows/big-2000`, CARD);
    const empty = ofFrames(await framesOfNothing(site.browser));
    const figures: Figure[] = [
      { name: "script, gzip", value: ours.script / 1000, unit: "kB", ratio: BUDGET / ours.script },
      {
        name: "500 nodes: interactive",
        value: ours.interactive,
        unit: "ms",
        ratio: floor.interactive / ours.interactive,
      },
      {
        name: "500 nodes: frame, p95",
        value: ours.near.p95,
        unit: "ms",
        ratio: floor.near.p95 / ours.near.p95,
      },
      { name: "500 nodes: late frames", value: ours.near.late * 100, unit: "%" },
      {
        name: "500 in view: frame, p95",
        value: ours.far.p95,
        unit: "ms",
        ratio: floor.far.p95 / ours.far.p95,
      },
      { name: "500 in view: late frames", value: ours.far.late * 100, unit: "%" },
      { name: "2,000 nodes: interactive", value: huge.interactive, unit: "ms" },
      { name: "plain: interactive", value: floor.interactive, unit: "ms" },
      { name: "plain: frame, p95", value: floor.near.p95, unit: "ms" },
      { name: "plain in view: frame, p95", value: floor.far.p95, unit: "ms" },
      { name: "empty page: frame, p95", value: empty.p95, unit: "ms" },
    ];
    return {
      figures,
      notes: [
        `headless Chromium ${site.browser.version()}, 1440 × 900; openings are the median of ${TIMES}, each in a fresh profile`,
        `frames: between requestAnimationFrame timestamps, two seconds of mouse movements, the median of ${DRAGS} drags; a frame at 60 Hz takes 16.7 ms`,
        "the ratio of the script is to the budget of 250 kB",
      ],
    };
  } finally {
    plain.stop();
    await site.close();
  }
};

async function measured(browser: Browser, url: string) {
  const opened: number[] = [];
  let script = 0;
  for (let i = 0; i < TIMES; i += 1) {
    const one = await opening(browser, url, CARD);
    opened.push(one.interactive);
    script = one.script;
    if (i < TIMES - 1) await one.page.context().close();
    else {
      const near = await drags(one.page, 0.7);
      const far = await drags(one.page, 0.1);
      await one.page.context().close();
      return { interactive: quantile(opened, 0.5), script, near, far };
    }
  }
  throw new Error("nothing was measured");
}

/** Several drags; the median of each figure, as one other program on the machine spoils a drag. */
async function drags(page: Page, zoom: number): Promise<{ p95: number; late: number }> {
  const all: { p95: number; late: number }[] = [];
  for (let i = 0; i < DRAGS; i += 1) all.push(ofFrames(await dragged(page, zoom)));
  const median = (of: "p95" | "late"): number =>
    quantile(
      all.map((one) => one[of]),
      0.5,
    );
  return { p95: median("p95"), late: median("late") };
}

/** Drags the card nearest to the middle of the canvas, at about this zoom. */
async function dragged(page: Page, zoom: number): Promise<number[]> {
  const pane = await page.locator(".svelte-flow").boundingBox();
  if (!pane) throw new Error("the page has no canvas");
  const middle = { x: pane.x + pane.width / 2, y: pane.y + pane.height / 2 };
  await page.mouse.move(middle.x, middle.y);
  const zoomed = (): Promise<number> =>
    page
      .locator(".svelte-flow__viewport")
      .evaluate((element) => new DOMMatrix(getComputedStyle(element).transform).a);
  for (let turn = 0; turn < 60; turn += 1) {
    const now = await zoomed();
    if (Math.abs(now / zoom - 1) < 0.12) break;
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, now < zoom ? -40 : 40);
    await page.keyboard.up("Control");
    await page.waitForTimeout(30);
  }
  await page.waitForTimeout(400);
  const at = await page.evaluate((to) => {
    const all = [...document.querySelectorAll(".svelte-flow__node")].map((card) => {
      const { x, y, width, height } = card.getBoundingClientRect();
      return { x: x + width * 0.5, y: y + height * 0.3 };
    });
    all.sort((a, b) => Math.hypot(a.x - to.x, a.y - to.y) - Math.hypot(b.x - to.x, b.y - to.y));
    return all[0];
  }, middle);
  if (!at) throw new Error("no card is in view");
  return framesWhileDragging(page, at);
}

async function framesOfNothing(browser: Browser): Promise<number[]> {
  const page = await browser.newPage();
  await page.setContent("<p>nothing</p>");
  const frames = await framesWhileDragging(page, { x: 400, y: 300 });
  await page.close();
  return frames;
}

/** Plain Svelte Flow with the same boxes and lines, built and served as the editor is. */
async function servePlain(folder: string, count: number) {
  const out = join(folder, "plain");
  await build({
    root: join(import.meta.dirname, "plain"),
    configFile: false,
    logLevel: "error",
    plugins: [svelte()],
    build: { outDir: out, target: "chrome125", modulePreload: false },
  });
  const { nodes, edges } = bigFlow("plain", count);
  const drawn = {
    nodes: nodes.map(({ id, position, type }) => ({ id, position, data: { label: type } })),
    edges,
  };
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/flow.json") return Response.json(drawn);
      return new Response(Bun.file(join(out, pathname === "/" ? "index.html" : pathname)));
    },
  });
  return { url: `http://127.0.0.1:${server.port}/`, stop: () => server.stop(true) };
}

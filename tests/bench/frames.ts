import { gzipSync } from "node:zlib";
import type { Browser, Page, Response } from "playwright-core";
import { quantile } from "./figures.ts";

/** The middle of something on the page, px. */
interface Spot {
  x: number;
  y: number;
}

/**
 * Milliseconds between the frames while a card is dragged about for two seconds by the mouse: the timestamps that
 * the browser gives to `requestAnimationFrame`. The way is a circle, so that the card goes over others and ways bend.
 */
export async function framesWhileDragging(page: Page, from: Spot, radius = 160): Promise<number[]> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 8, from.y + 8, { steps: 4 });
  await page.evaluate(() => {
    const marks: number[] = [];
    Object.assign(window, { marks, marking: true });
    const mark = (at: number): void => {
      marks.push(at);
      if ((window as unknown as { marking: boolean }).marking) requestAnimationFrame(mark);
    };
    requestAnimationFrame(mark);
  });
  const until = performance.now() + 2000;
  for (let step = 0; performance.now() < until; step += 1) {
    const turn = step / 24;
    await page.mouse.move(
      from.x + Math.sin(turn) * radius,
      from.y + (1 - Math.cos(turn)) * radius * 0.5,
    );
  }
  const marks = await page.evaluate(() => {
    const told = window as unknown as { marks: number[]; marking: boolean };
    told.marking = false;
    return told.marks;
  });
  await page.mouse.up();
  return marks.slice(1).map((at, i) => at - (marks[i] ?? at));
}

/** The 95th percentile of frame times in ms, and the share of frames that came late (longer than one at 60 Hz). */
export function ofFrames(frames: number[]): { p95: number; late: number } {
  return {
    p95: Math.round(quantile(frames, 0.95) * 10) / 10,
    late: frames.filter((ms) => ms > 17).length / frames.length,
  };
}

export interface Opening {
  /** From the start of the navigation to the first frame in which `ready` is drawn and the page takes a click; ms. */
  interactive: number;
  /** All scripts that were asked for before it was drawn, gzip; bytes. */
  script: number;
}

/** Opens an address in a fresh profile; `ready` is what must be there. */
export async function opening(
  browser: Browser,
  url: string,
  ready: string,
): Promise<Opening & { page: Page }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const scripts = new Map<string, Promise<Buffer>>();
  const take = (answer: Response): void => {
    if (answer.request().resourceType() === "script") scripts.set(answer.url(), answer.body());
  };
  page.on("response", take);
  await page.addInitScript((selector) => {
    const look = (): void => {
      if (document.querySelector(selector) === null) requestAnimationFrame(look);
      else {
        Object.assign(window, { drawn: performance.now() });
        // A task after the frame runs when the main thread is free for a click.
        requestAnimationFrame(() =>
          setTimeout(() => Object.assign(window, { interactive: performance.now() })),
        );
      }
    };
    requestAnimationFrame(look);
  }, ready);
  await page.goto(url);
  const told = await page.waitForFunction(
    () => (window as unknown as { interactive?: number }).interactive,
  );
  page.off("response", take);
  // What was asked for once it was drawn was not needed to draw it.
  const needed = await page.evaluate(() => {
    const { drawn } = window as unknown as { drawn: number };
    const all = performance.getEntriesByType("resource");
    return all.filter((entry) => entry.startTime < drawn).map((entry) => entry.name);
  });
  const bodies = await Promise.all(needed.map((address) => scripts.get(address) ?? Buffer.of()));
  const script = bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0);
  return { page, interactive: (await told.jsonValue()) ?? Number.NaN, script };
}

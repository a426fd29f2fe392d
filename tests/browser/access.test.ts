import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fill } from "./fill.ts";
import { openSite, type Site } from "./harness.ts";
import { SCENES, sayIn } from "./scenes.ts";

/** WCAG 2.2 to level AA. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const WIDTHS = [360, 390, 768, 1280, 2560];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let site: Site;
/** Before there is an owner. */
let fresh: Site;

beforeAll(async () => {
  [site, fresh] = await Promise.all([openSite({ owner: true }), openSite()]);
  await fill(site);
});
afterAll(() => Promise.all([site?.close(), fresh?.close()]));

/** What axe finds wrong, as `rule: element`. */
async function violations(page: Page, only?: string): Promise<string[]> {
  const run = only ? { type: "rule", values: [only] } : { type: "tag", values: TAGS };
  const script = `axe.run(document, { runOnly: ${JSON.stringify(run)}, resultTypes: ["violations"], iframes: false })`;
  const found = (await page.evaluate(script)) as AxeResults;
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 200)} (${node.failureSummary ?? ""})`),
  );
}

/** What reaches out of the window sideways: the page itself, or something to press or read in it. */
const OUTSIDE = `(() => {
  const wide = document.documentElement.scrollWidth - innerWidth;
  const scrolls = (e) => e && (/auto|scroll|hidden|clip/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
  const out = [...document.querySelectorAll("button, a, input, textarea, h1, h2, td")].filter((e) => {
    const { left, right, width, height } = e.getBoundingClientRect();
    if (width === 0 || height === 0 || e.closest(".skip, .svelte-flow, [aria-hidden=true]")) return false;
    return (left < -1 || right > innerWidth + 1) && !scrolls(e.parentElement);
  });
  return [...(wide > 0 ? ["the page by " + wide] : []), ...out.map((e) => e.outerHTML.slice(0, 120))];
})()`;

const REFUSED = new Set(["missing", "sign-in-refused", "sign-in-again", "link-gone"]);

describe.each(SCENES)("$name", (scene) => {
  test.each(["en", "ar"] as const)(
    "in %s: no barrier in light or dark, and nothing reaches out of a window of 360 to 2560 px",
    async (language) => {
      const { page, faults } = await (scene.as === "machine" ? fresh : site).open(scene.path, {
        stranger: scene.as === "stranger",
        locale: language,
        reducedMotion: "reduce",
      });
      await page.locator(scene.ready).first().waitFor();
      await scene.act?.(page, sayIn(language));
      await page.waitForLoadState("networkidle");
      await page.evaluate(axe);
      expect(await violations(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: "dark" });
      expect(await violations(page, "color-contrast")).toEqual([]);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        expect(await page.evaluate(OUTSIDE), `${width} px`).toEqual([]);
      }
      // A refusal that is part of the scene, such as 404 for a page that isn't there, is a fault to the browser.
      if (!REFUSED.has(scene.name)) expect(faults).toEqual([]);
      await page.context().close();
    },
  );
});

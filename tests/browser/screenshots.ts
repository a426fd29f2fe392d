/**
 * Pictures of every page: `npm run screenshots -- --out DIR`, in both languages, light and dark, wide and on a
 * phone. `--only flows,publish`, `--language ar`, `--theme dark` and `--width 390` take a part of them.
 */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Language } from "../../nodes/index.ts";
import { fill } from "./fill.ts";
import { openSite, type Site } from "./harness.ts";
import { SCENES, type Scene, sayIn } from "./scenes.ts";

const { values } = parseArgs({
  options: {
    out: { type: "string", default: "screenshots" },
    only: { type: "string", default: "" },
    language: { type: "string", default: "en,ar" },
    theme: { type: "string", default: "light,dark" },
    width: { type: "string", default: "1280,390" },
  },
});

interface Look {
  language: Language;
  theme: "light" | "dark";
  width: number;
}

const list = (text: string): string[] => text.split(",").filter((word) => word !== "");
const folder = resolve(values.out);

/** One look at one scene, into `DIR/scene-language-theme-width.png`. */
async function shoot(site: Site, scene: Scene, { language, theme, width }: Look): Promise<string> {
  const { page, faults } = await site.open(scene.path, {
    stranger: scene.as === "stranger",
    locale: language,
    colorScheme: theme,
    viewport: { width, height: width < 600 ? 844 : 860 },
    reducedMotion: "reduce",
  });
  try {
    await page.locator(scene.ready).first().waitFor();
    await page.waitForLoadState("networkidle");
    await scene.act?.(page, sayIn(language));
    await page.waitForLoadState("networkidle");
    const name = `${scene.name}-${language}-${theme}-${width}`;
    await page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" });
    return faults.length === 0 ? name : `${name}: ${faults.join("; ")}`;
  } finally {
    await page.context().close();
  }
}

mkdirSync(folder, { recursive: true });
const only = list(values.only);
const scenes = SCENES.filter(({ name }) => only.length === 0 || only.includes(name));
const site = await openSite({ owner: true });
const needsFresh = scenes.some((scene) => scene.as === "machine");
const fresh = needsFresh ? await openSite() : null;
try {
  await fill(site);
  for (const language of list(values.language) as Language[]) {
    for (const theme of list(values.theme) as Look["theme"][]) {
      for (const width of list(values.width).map(Number)) {
        for (const scene of scenes) {
          try {
            const at = (scene.as === "machine" && fresh) || site;
            console.log(await shoot(at, scene, { language, theme, width }));
          } catch (error) {
            process.exitCode = 1;
            console.error(`${scene.name}-${language}-${theme}-${width}: ${String(error)}`);
          }
        }
      }
    }
  }
} finally {
  await Promise.all([site.close(), fresh?.close()]);
}

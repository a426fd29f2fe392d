import { chromium } from "playwright-core";
import sparticuz from "@sparticuz/chromium";
const base = process.argv[2]; const what = process.argv.slice(3);
const browser = await chromium.launch({ executablePath: await sparticuz.executablePath(), args: ["--no-sandbox","--disable-gpu","--disable-background-networking","--disable-component-update","--disable-sync","--no-first-run"] , headless: true});
for (const w of what) {
  const [name, path, lang, scheme, width, act] = w.split("|");
  const ctx = await browser.newContext({ viewport: { width: Number(width), height: Number(width) < 600 ? 844 : 860 }, colorScheme: scheme, locale: lang === "ar" ? "ar" : "en-GB" });
  const page = await ctx.newPage();
  page.on("console", m => { if (m.type() !== "debug") console.log(name, m.type(), m.text().slice(0, 400)); });
  page.on("pageerror", e => console.log(name, "PAGEERROR", String(e.stack).slice(0, 600)));
  await page.goto(base + path, { waitUntil: "networkidle" }).catch(e => console.log(name, e.message));
  if (act) { for (const step of act.split(";;")) { try { await (new Function("page", "return (async()=>{" + step + "})()"))(page); } catch (e) { console.log(name, "ACT", e.message.slice(0,300)); } } await page.waitForTimeout(400); }
  await page.screenshot({ path: `/tmp/edshots/${name}.png` });
  await ctx.close();
}
await browser.close();

/**
 * The real engine on a data folder with one channel that posts to a provider with keys: `bun keyed-engine.ts DATA URL`. Its clock runs
 * fast, so that the first retry, four minutes later, comes within a second or two.
 */
import { randomUUID } from "node:crypto";
import { Engine } from "../../engine/engine.ts";
import { lockFolder, openWorkspace } from "../../engine/open.ts";
import { keyedChannel } from "./keyed-channel.ts";

const [data = "", url = "", epoch = ""] = process.argv.slice(2);
const SPEED = 200;
const { store, links } = await openWorkspace(data, {});
lockFolder(data);
const engine = new Engine({
  store,
  links,
  channels: [keyedChannel(url)],
  clock: () => Number(epoch) + (Date.now() - Number(epoch)) * SPEED,
  worker: randomUUID(),
  jitter: () => 0,
  secret: () => undefined,
  batch: 50,
  warn: (message) => console.error(message),
});
await engine.start("* * * * * *");

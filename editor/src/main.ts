import { mount } from "svelte";
import "./lib/ui/base.css";
import "./lib/theme.svelte.ts";
import App from "./App.svelte";
import { me } from "./lib/account/me.svelte.ts";
import { askAhead } from "./lib/api/ahead.ts";
import { i18n } from "./lib/i18n/index.svelte.ts";
import { router } from "./lib/router.svelte.ts";

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app");

router.start();
// The page, its data and the words are asked for side by side.
const { page, path, params } = router.match;
if (path === "/flows/:id" && params.id) askAhead(params.id);
await Promise.all([i18n.start(), me.start(), page().catch(() => undefined)]);
mount(App, { target });

import { mount } from "svelte";
import "./lib/ui/base.css";
import "./lib/theme.svelte.ts";
import App from "./App.svelte";
import { i18n } from "./lib/i18n/index.svelte.ts";
import { router } from "./lib/router.svelte.ts";

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app");

router.start();
await i18n.start();
mount(App, { target });

import { mount } from "svelte";
import Plain from "./Plain.svelte";

const answer = await fetch("/flow.json");
mount(Plain, { target: document.getElementById("app"), props: await answer.json() });

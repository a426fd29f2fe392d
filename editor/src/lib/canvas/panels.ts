/** What stands beside the canvas and over it: one file that is loaded after it. */

export { default as Resume } from "../flows/Resume.svelte";
export { default as People } from "../people/People.svelte";
export { default as Simulate } from "../simulate/Simulate.svelte";
export { default as TimeBar } from "../simulate/TimeBar.svelte";
export { default as Publish } from "../versions/Publish.svelte";
export { default as Commands } from "./Commands.svelte";
export { default as Inspector } from "./Inspector.svelte";
export { default as Keys } from "./Keys.svelte";
export { default as NodePicker } from "./NodePicker.svelte";
export { default as Problems } from "./Problems.svelte";
export { default as SettingsForm } from "./SettingsForm.svelte";

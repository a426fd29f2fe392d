import Download from "@lucide/svelte/icons/download";
import History from "@lucide/svelte/icons/history";
import Keyboard from "@lucide/svelte/icons/keyboard";
import Maximize from "@lucide/svelte/icons/maximize";
import Network from "@lucide/svelte/icons/network";
import Pause from "@lucide/svelte/icons/pause";
import Play from "@lucide/svelte/icons/play";
import Redo from "@lucide/svelte/icons/redo-2";
import Send from "@lucide/svelte/icons/send";
import Settings from "@lucide/svelte/icons/settings-2";
import Undo from "@lucide/svelte/icons/undo-2";
import type { FlowSession } from "../flow/session.svelte.ts";
import { download } from "../flows/drafts.ts";
import { t } from "../i18n/index.svelte.ts";
import { router } from "../router.svelte.ts";
import { commonCommands } from "../tour/command.ts";
import type { Command } from "./commands.ts";

/** What only the page around the canvas can do, for its commands. */
export interface Deeds {
  publish: () => void;
  simulate: () => void;
  fit: () => void;
  arrange: () => void;
  settings: () => void;
  help: () => void;
  /** Pauses, or asks how the pause ends. */
  toggle: () => void;
}

/** On a Mac keys are written otherwise. */
const mac = /Mac|iPhone|iPad/.test(navigator.platform);

/** How Ctrl (or ⌘) with a key is written for people. */
export const withControl = (key: string): string => (mac ? `⌘${key}` : `Ctrl+${key}`);

/** What the flow's page does, for its bar, its menu and its command menu. */
export function pageCommands(session: FlowSession, deeds: Deeds): Command[] {
  const { flow } = session;
  const published = session.version !== null;
  const paused = session.state === "paused";
  const redo = withControl(mac ? "⇧Z" : "Shift+Z");
  return [
    { id: "publish", label: t("flow.publish"), icon: Send, run: deeds.publish },
    {
      ...{ id: "undo", label: t("flow.undo"), icon: Undo, keys: withControl("Z") },
      ...{ disabled: !flow.canUndo, run: () => flow.undo() },
    },
    {
      ...{ id: "redo", label: t("flow.redo"), icon: Redo, keys: redo },
      ...{ disabled: !flow.canRedo, run: () => flow.redo() },
    },
    { id: "simulate", label: t("simulate.title"), icon: History, run: deeds.simulate },
    { id: "fit", label: t("flow.fit"), icon: Maximize, run: deeds.fit },
    { id: "arrange", label: t("flow.arrange"), icon: Network, run: deeds.arrange },
    { id: "settings", label: t("flow.settings"), icon: Settings, run: deeds.settings },
    {
      ...{ id: "versions", label: t("versions.title"), icon: History, disabled: !published },
      run: () => router.go(`/flows/${session.id}/versions`),
    },
    {
      ...{ id: "export", label: t("flow.export"), icon: Download },
      run: () => void session.save().then(() => download(session.id)),
    },
    {
      ...{ id: "pause", label: t(paused ? "flow.resume" : "flow.pause") },
      ...{ icon: paused ? Play : Pause, disabled: !published, run: deeds.toggle },
    },
    { id: "keys", label: t("flow.keys"), icon: Keyboard, keys: "?", run: deeds.help },
    ...commonCommands(),
  ];
}

import { toast as sonner } from "svelte-sonner";

/** Tells that something was done, or why not, for a few seconds; `undo` offers a way back. */
export const toast = {
  done(message: string, undo?: { label: string; onclick: () => void }): void {
    sonner.success(message, undo ? { action: { label: undo.label, onClick: undo.onclick } } : {});
  },
  /** Stays until it is closed. */
  failed(error: unknown): void {
    sonner.error(error instanceof Error ? error.message : String(error), { duration: 12_000 });
  },
};

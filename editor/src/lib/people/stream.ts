import type { Figures } from "../flow/session.svelte.ts";

/** Milliseconds before a stream that was refused is asked for again. */
const AGAIN = 30_000;

/**
 * Follows a flow's figures while the page can be seen: a browser opens few connections to one program, so a tab in
 * the background gives its own back. `alive` says whether the stream brings them, so that the page asks itself where
 * it doesn't. Returns how to stop.
 */
export function follow(
  flow: string,
  told: (figures: Figures) => void,
  alive: (streams: boolean) => void,
): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const close = (): void => {
    clearTimeout(timer);
    source?.close();
    source = null;
    alive(false);
  };
  const open = (): void => {
    close();
    if (document.visibilityState !== "visible") return;
    source = new EventSource(`/api/flows/${encodeURIComponent(flow)}/stream`);
    source.addEventListener("counts", (event) => {
      alive(true);
      told(JSON.parse(event.data) as Figures);
    });
    source.onerror = () => {
      alive(false);
      // The browser tries again by itself unless it was refused.
      if (source?.readyState === EventSource.CLOSED) timer = setTimeout(open, AGAIN);
    };
  };
  document.addEventListener("visibilitychange", open);
  open();
  return () => {
    document.removeEventListener("visibilitychange", open);
    close();
  };
}

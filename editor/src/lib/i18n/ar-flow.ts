import type { enFlow } from "./en-flow.ts";

/** Words of the canvas, its inspector and its forms. */
export const arFlow: Record<keyof typeof enFlow, string> = {
  "flow.loading": "جارٍ فتح الخطة…",
};

/** Words of the canvas, its inspector and its forms. */
export const enFlow = {
  "flow.loading": "Opening the flow…",
} as const;

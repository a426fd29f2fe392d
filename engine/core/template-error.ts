import type { Label } from "../../nodes/node.ts";

const EXCERPT = 80;

/** A template that can't be read or rendered. `label` says why in both languages; `excerpt` is how its source begins. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
  readonly excerpt: string;

  constructor(
    readonly label: Label,
    source: string,
  ) {
    const excerpt = source.length > EXCERPT ? `${source.slice(0, EXCERPT)}…` : source;
    super(`${label.en} (in “${excerpt}”)`);
    this.excerpt = excerpt;
  }
}

/** A helper was given what it can't take; the renderer adds line and source. */
export class HelperError extends Error {
  override readonly name = "HelperError";
  constructor(readonly label: Label) {
    super(label.en);
  }
}

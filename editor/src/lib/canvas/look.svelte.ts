import type { Look } from "../flow/drawing.ts";
import { HEADINGS, type Heading } from "../flow/heading.ts";
import { labelOf, outputsOf, summaryOf } from "../flow/shape.ts";
import { i18n, t } from "../i18n/index.svelte.ts";

const KEPT = "tawasul.canvas.heading";

const isHeading = (text: string | null): text is Heading =>
  (HEADINGS as readonly (string | null)[]).includes(text);

/** The way that this reader's canvas flows; kept in this browser. */
class Flowing {
  #heading = $state.raw<Heading>(kept());

  get heading(): Heading {
    return this.#heading;
  }
  set heading(heading: Heading) {
    localStorage.setItem(KEPT, heading);
    this.#heading = heading;
  }
}

function kept(): Heading {
  const heading = localStorage.getItem(KEPT);
  return isHeading(heading) ? heading : "down";
}

export const flowing = new Flowing();

/** How the canvas is drawn for the reader of this page. */
export function lookNow(): Look {
  const { language } = i18n;
  return {
    language,
    heading: flowing.heading,
    step: t("flow.step"),
    way: t("flow.way"),
    nameOf: (node) => {
      const summary = summaryOf(node, language);
      return summary ? `${labelOf(node, language)}. ${summary}` : labelOf(node, language);
    },
    nameOfWay: (from, handle, to) => {
      const outputs = outputsOf(from, []);
      const output = outputs.find((one) => one.id === handle)?.label[language] ?? handle;
      return t(outputs.length > 1 ? "flow.way.named" : "flow.way.plain", {
        from: labelOf(from, language),
        output,
        to: labelOf(to, language),
      });
    },
  };
}

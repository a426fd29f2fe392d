import {
  type Group,
  type Label,
  type Language,
  NODE_TYPES,
  type NodeType,
} from "../../../../nodes/index.ts";
import { ofGroup } from "../flow/shape.ts";

const NAMES: Record<Group, Label> = {
  trigger: { en: "Triggers", ar: "المشغِّلات" },
  time: { en: "Time", ar: "الوقت" },
  message: { en: "Messages", ar: "الرسائل" },
  logic: { en: "Logic", ar: "المنطق" },
  contact: { en: "Contact", ar: "جهة الاتصال" },
  work: { en: "Work", ar: "العمل" },
};

export interface PaletteGroup {
  group: string;
  label: Label;
  types: NodeType[];
}

const groupName = (group: string): Label =>
  (NAMES as Record<string, Label | undefined>)[group] ?? { en: group, ar: group };

const folded = (text: string): string =>
  text
    .normalize("NFKD")
    .replaceAll(/[\p{M}ـ]/gu, "")
    .toLowerCase();

/** Whether what was typed is in the type's name or sentence, in either language: people mix them. */
function fits(type: NodeType, wanted: string): boolean {
  const words = [type.type, type.label.en, type.label.ar, type.about.en, type.about.ar].map(folded);
  return folded(wanted)
    .split(/\s+/)
    .every((part) => words.some((word) => word.includes(part)));
}

/** What to show first: names that begin with what was typed, then names that hold it, then sentences. */
function rank(type: NodeType, wanted: string, language: Language): number {
  const name = folded(type.label[language]);
  const text = folded(wanted);
  if (name === text) return 0;
  if (name.startsWith(text)) return 1;
  if (name.includes(text) || type.type.includes(text)) return 2;
  return 3;
}

/** The palette: groups as `nodes/` declares them, in the registry's order, or the types that fit what was typed, best first. */
export function palette(
  wanted: string,
  language: Language,
  { triggers = true, types = NODE_TYPES }: { triggers?: boolean; types?: readonly NodeType[] } = {},
): PaletteGroup[] {
  const offered = types.filter((type) => triggers || type.group !== "trigger");
  const text = wanted.trim();
  if (text !== "") {
    const found = offered.filter((type) => fits(type, text));
    const sorted = found
      .map((type, i) => ({ type, i, rank: rank(type, text, language) }))
      .sort((a, b) => a.rank - b.rank || a.i - b.i)
      .map(({ type }) => type);
    return sorted.length > 0
      ? [{ group: "found", label: { en: "Found", ar: "النتائج" }, types: sorted }]
      : [];
  }
  return [...new Set(offered.map((type) => type.group))].map((group) => ({
    group,
    label: groupName(group),
    types: ofGroup(offered, group),
  }));
}

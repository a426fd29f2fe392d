import type { Component } from "svelte";
import type { Direction } from "../flow/walk.ts";
import type { FlowDoc } from "../flow-doc.svelte.ts";

/** Something the page does by button, key or command menu. */
export interface Command {
  id: string;
  label: string;
  icon: Component;
  /** As it is written for people, for example `Ctrl+Z`. */
  keys?: string;
  disabled?: boolean;
  run: () => void;
}

/** What keys may ask of the page around the canvas. */
export interface Acts {
  search: () => void;
  commands: () => void;
  inspect: () => void;
  /** To where the chosen step's outputs lead, in its form. */
  connect: () => void;
  note: () => void;
  keys: () => void;
  fit: () => void;
  /** A node was chosen by key: show it, and put the keyboard on it. */
  show: (id: string) => void;
  escape: () => void;
}

const ARROWS: Record<string, Direction> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
};
const STEP = 8;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Whether the key belongs to a control that has the focus, such as Enter on a button. */
const isPressing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest(
    "button, a, [role='menuitem'], [role='option'], [role='switch'], [role='radio'], dialog",
  ) !== null;

/** Keys of the whole page; true when one was taken. */
export function takeKey(event: KeyboardEvent, flow: FlowDoc, acts: Acts): boolean {
  if (event.defaultPrevented || event.isComposing) return false;
  const { key, shiftKey, altKey, target } = event;
  const control = event.ctrlKey || event.metaKey;
  if (control && !altKey && event.code === "KeyK") return did(acts.commands);
  if (isTyping(target)) return false;
  if (control && !altKey) return withControl(event.code, shiftKey, flow, acts);
  if (control) return false;
  if (key === "/") return did(acts.search);
  // An Arabic keyboard has its own question mark.
  if (key === "?" || key === "؟") return did(acts.keys);
  if (shiftKey && event.code === "Digit1") return did(acts.fit);
  if (flow.selected && !shiftKey && !altKey && !isPressing(target)) {
    if (event.code === "KeyC") return did(acts.connect);
    if (event.code === "KeyN") return did(acts.note);
  }
  if (key === "Delete" || key === "Backspace") return removed(flow, acts);
  if (key === "Escape") return did(acts.escape);
  const direction = ARROWS[key];
  if (direction && !isPressing(target))
    return altKey ? nudged(flow, direction) : walked(flow, direction, acts, shiftKey);
  if (key === "Enter" && flow.selected && !isPressing(target)) return did(acts.inspect);
  return false;
}

/** Letters are told by their place on the keyboard, so that Arabic layouts have the same keys. */
function withControl(code: string, shift: boolean, flow: FlowDoc, acts: Acts): boolean {
  switch (code) {
    case "KeyZ":
      return did(() => (shift ? flow.redo() : flow.undo()));
    case "KeyY":
      return did(() => flow.redo());
    case "KeyA":
      return did(() => flow.select(flow.doc.nodes.map((node) => node.id)));
    case "KeyD":
      return did(() => {
        if (flow.duplicate() && flow.selectedIds[0]) acts.show(flow.selectedIds[0]);
      });
    default:
      return false;
  }
}

const did = (act: () => void): true => {
  act();
  return true;
};

function removed(flow: FlowDoc, acts: Acts): boolean {
  if (!flow.remove()) return false;
  const next = flow.selectedIds[0];
  if (next) acts.show(next);
  return true;
}

function walked(flow: FlowDoc, direction: Direction, acts: Acts, more: boolean): boolean {
  const to = flow.walk(direction, more);
  if (to) acts.show(to);
  return true;
}

function nudged(flow: FlowDoc, direction: Direction): boolean {
  if (flow.selectedIds.length === 0) return false;
  const by: Record<Direction, [number, number]> = {
    up: [0, -STEP],
    down: [0, STEP],
    left: [-STEP, 0],
    right: [STEP, 0],
  };
  flow.nudge(...by[direction]);
  return true;
}

/** Copies, cuts or pastes by the browser's own events, which carry the system clipboard without asking for leave. */
export function takeClipboard(event: ClipboardEvent, flow: FlowDoc): boolean {
  if (event.defaultPrevented || isTyping(event.target) || !event.clipboardData) return false;
  // Text that a person marked is what they mean to copy.
  if (event.type !== "paste" && document.getSelection()?.isCollapsed === false) return false;
  if (event.type === "paste") return flow.paste(event.clipboardData.getData("text/plain"), null);
  const text = flow.copy();
  if (text === null) return false;
  event.clipboardData.setData("text/plain", text);
  if (event.type === "cut") flow.remove();
  return true;
}

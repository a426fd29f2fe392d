import type { Edge, Node } from "@xyflow/svelte";
import { nodeType } from "../../../nodes/index.ts";
import { copyText, paste, readCopied } from "./flow/clipboard.ts";
import * as edit from "./flow/edit.ts";
import * as steps from "./flow/history.ts";
import { type Alignment, aligned, arranged, type Sizes } from "./flow/layout.ts";
import {
  type FlowDocument,
  type FlowEdge,
  type FlowNode,
  handleOf,
  type Point,
} from "./flow/shape.ts";
import { type Direction, neighbour } from "./flow/walk.ts";

/** A node as Svelte Flow draws it: the document's own node, and what only the canvas knows. */
export type CanvasNode = Node<{ node: FlowNode }, "step">;
export type CanvasEdge = Edge<{ edge: FlowEdge }, "ink">;

/**
 * A flow that is being edited. `doc` is the document and never changes in place; `nodes` and `edges` are what the
 * canvas draws of it and binds to, with selection, sizes and the places of cards that are being dragged.
 */
export class FlowDoc {
  #history = $state.raw<steps.History>(null as unknown as steps.History);
  nodes = $state.raw<CanvasNode[]>([]);
  edges = $state.raw<CanvasEdge[]>([]);

  readonly doc: FlowDocument = $derived(this.#history.present);
  readonly canUndo: boolean = $derived(this.#history.past.length > 0);
  readonly canRedo: boolean = $derived(this.#history.future.length > 0);
  readonly selectedIds: string[] = $derived(this.nodes.filter((n) => n.selected).map((n) => n.id));
  readonly selectedEdges: string[] = $derived(
    this.edges.filter((e) => e.selected).map((e) => e.id),
  );
  readonly #byId = $derived(new Map(this.doc.nodes.map((node) => [node.id, node])));
  /** The chosen node, when exactly one is. */
  readonly selected: FlowNode | null = $derived(
    this.selectedIds.length === 1 ? (this.#byId.get(this.selectedIds[0] ?? "") ?? null) : null,
  );
  /** `node/handle` of every output that leads somewhere. */
  readonly connected: ReadonlySet<string> = $derived(
    new Set(this.doc.edges.map((e) => `${e.source}/${handleOf(e)}`)),
  );

  constructor(history: steps.History) {
    this.#history = history;
    this.#draw();
  }

  get history(): steps.History {
    return this.#history;
  }

  node(id: string): FlowNode | undefined {
    return this.#byId.get(id);
  }

  /** Takes an edit into the history. `key` names what is typed into; `select` chooses nodes afterwards. */
  #take(
    doc: FlowDocument,
    { key = null, select }: { key?: string | null; select?: string[] } = {},
  ): void {
    this.#history = steps.record(this.#history, doc, key, Date.now());
    this.#draw(select);
  }

  /** Draws the document anew; what stayed the same stays the same object, so that 500 cards stay quick. */
  #draw(select?: readonly string[]): void {
    const before = new Map(this.nodes.map((n) => [n.id, n]));
    const chosen = select && new Set(select);
    this.nodes = this.doc.nodes.map((node) => {
      const old = before.get(node.id);
      const selected = chosen ? chosen.has(node.id) : (old?.selected ?? false);
      if (
        old?.data.node === node &&
        (old.selected ?? false) === selected &&
        samePlace(old.position, node.position)
      ) {
        return old;
      }
      return {
        ...old,
        id: node.id,
        type: "step",
        position: node.position,
        data: { node },
        selected,
        ...(old ? {} : { initialWidth: edit.CARD.width, initialHeight: edit.CARD.height }),
      };
    });
    const edges = new Map(this.edges.map((e) => [e.id, e]));
    this.edges = this.doc.edges.map((edge) => {
      const old = edges.get(edge.id);
      if (old?.data?.edge === edge)
        return chosen && old.selected ? { ...old, selected: false } : old;
      const { id, source, target } = edge;
      return { id, source, sourceHandle: handleOf(edge), target, type: "ink", data: { edge } };
    });
  }

  undo(): void {
    this.#history = steps.undo(this.#history);
    this.#draw();
  }

  redo(): void {
    this.#history = steps.redo(this.#history);
    this.#draw();
  }

  /** Another document in place of this one, as an edit that can be undone. */
  replace(doc: FlowDocument): void {
    this.#take(doc, { select: [] });
  }

  select(ids: readonly string[]): void {
    this.#draw(ids);
  }

  /** Adds a node standing alone and chooses it; returns its id. */
  add(type: string, at: Point): string {
    const added = edit.addNode(this.doc, type, at);
    this.#take(added.doc, { select: [added.id] });
    return added.id;
  }

  /** Adds a node behind an output. */
  addAfter(type: string, source: string, handle: string): string {
    const added = edit.addAfter(this.doc, type, source, handle);
    this.#take(added.doc, { select: [added.id] });
    return added.id;
  }

  /** Adds a node on an edge. */
  insert(type: string, edge: string): string {
    const added = edit.insertOn(this.doc, type, edge);
    this.#take(added.doc, { select: [added.id] });
    return added.id;
  }

  /** Adds a node where a person who just goes on would expect it: behind the chosen one, else below all. */
  addNext(type: string): string {
    const from = this.selected ?? this.doc.nodes.at(-1);
    const starts = nodeType(type)?.group === "trigger";
    if (from && !starts) {
      const handle = edit.freeOutput(this.doc, from.id) ?? edit.outputIds(this.doc, from.id)[0];
      if (handle !== undefined) return this.addAfter(type, from.id, handle);
    }
    return this.add(type, starts ? this.#besideTriggers() : this.#belowAll());
  }

  #besideTriggers(): Point {
    const triggers = this.doc.nodes.filter((n) => nodeType(n.type)?.group === "trigger");
    const all = triggers.length > 0 ? triggers : this.doc.nodes;
    if (all.length === 0) return { x: 0, y: 0 };
    const top = Math.min(...all.map((n) => n.position.y));
    if (triggers.length === 0) {
      return { x: all[0]?.position.x ?? 0, y: top - edit.CARD.height - edit.CARD.gapY };
    }
    return {
      x: Math.max(...all.map((n) => n.position.x)) + edit.CARD.width + edit.CARD.gapX,
      y: top,
    };
  }

  #belowAll(): Point {
    const { nodes } = this.doc;
    if (nodes.length === 0) return { x: 0, y: 0 };
    const low = Math.max(...nodes.map((n) => n.position.y));
    return { x: nodes[0]?.position.x ?? 0, y: low + edit.CARD.height + edit.CARD.gapY };
  }

  connect(source: string, handle: string, target: string): void {
    this.#take(edit.connect(this.doc, source, handle, target));
  }

  /** Deletes what is chosen, nodes and edges; false when nothing is. */
  remove(): boolean {
    const nodes = this.selectedIds;
    const edges = this.selectedEdges;
    if (nodes.length + edges.length === 0) return false;
    const next = nodes.length === 1 ? neighbour(this.doc, nodes[0] ?? "", "up") : null;
    const doc = edit.removeNodes(edit.removeEdges(this.doc, edges), nodes);
    this.#take(doc, { select: next ? [next] : [] });
    return true;
  }

  removeEdge(id: string): void {
    this.#take(edit.removeEdges(this.doc, [id]));
  }

  /** The chosen nodes as text for the clipboard; null when none is. */
  copy(): string | null {
    return this.selectedIds.length > 0 ? copyText(this.doc, this.selectedIds) : null;
  }

  /** Adds the nodes that a text holds; false when it holds none. */
  paste(text: string, at: Point | null): boolean {
    const copied = readCopied(text);
    if (!copied) return false;
    const pasted = paste(this.doc, copied, at);
    this.#take(pasted.doc, { select: pasted.ids });
    return true;
  }

  duplicate(): boolean {
    const text = this.copy();
    return text !== null && this.paste(text, null);
  }

  /** New data of a node; edits of one `field` in a row are one step of undo. */
  setData(id: string, data: Record<string, unknown>, field: string): void {
    this.#take(edit.setData(this.doc, id, data), { key: `${id}${field}` });
  }

  setPart<K extends "name" | "description" | "parameters" | "settings">(
    key: K,
    value: FlowDocument[K] | undefined,
    field = "",
  ): void {
    this.#take(edit.setPart(this.doc, key, value), { key: `/${key}${field}` });
  }

  /** Keeps where cards were dragged to; one that stands alone and was dropped on an edge is threaded on it. */
  dropped(onEdge: string | null): void {
    const places = new Map(this.nodes.map((n) => [n.id, n.position]));
    const moved = edit.place(this.doc, places);
    const alone = this.selectedIds.length === 1 ? this.selectedIds[0] : undefined;
    this.#take(onEdge && alone ? edit.threadOn(moved, alone, onEdge) : moved);
  }

  /** Moves the chosen nodes by canvas pixels. */
  nudge(x: number, y: number): void {
    const chosen = this.doc.nodes.filter((n) => this.selectedIds.includes(n.id));
    const places = new Map(chosen.map((n) => [n.id, { x: n.position.x + x, y: n.position.y + y }]));
    this.#take(edit.place(this.doc, places), { key: `move ${this.selectedIds.join(" ")}` });
  }

  arrange(): void {
    this.#take(arranged(this.doc, this.sizes));
  }

  align(to: Alignment): void {
    this.#take(aligned(this.doc, this.selectedIds, to, this.sizes));
  }

  /** Chooses the next node that way; its id, or null at the end. */
  walk(direction: Direction): string | null {
    const from = this.selectedIds.at(-1);
    const to =
      from === undefined ? (this.doc.nodes[0]?.id ?? null) : neighbour(this.doc, from, direction);
    if (to) this.select([to]);
    return to;
  }

  get sizes(): Sizes {
    return new Map(
      this.nodes.flatMap(({ id, measured }) =>
        measured?.width && measured.height
          ? [[id, { width: measured.width, height: measured.height }] as const]
          : [],
      ),
    );
  }
}

const samePlace = (a: Point, b: Point): boolean => a.x === b.x && a.y === b.y;

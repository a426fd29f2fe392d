import { nodeType } from "../../../nodes/index.ts";
import { type Alignment, aligned, type Box, distributed, type Spread } from "./flow/align.ts";
import type { Card } from "./flow/card.ts";
import { copyText, paste, readCopied } from "./flow/clipboard.ts";
import {
  type CanvasEdge,
  type CanvasNode,
  drawNodes,
  drawWays,
  type Look,
} from "./flow/drawing.ts";
import * as edit from "./flow/edit.ts";
import { type Heading, ORIGINS, roomOf, toDoc, toView } from "./flow/heading.ts";
import * as steps from "./flow/history.ts";
import {
  type FlowDocument,
  type FlowEdge,
  type FlowNode,
  handleOf,
  type Point,
} from "./flow/shape.ts";
import { type Direction, neighbour, turned } from "./flow/walk.ts";

/**
 * A flow that is being edited. `doc` is the document and never changes in place; `nodes` and `edges` are what the
 * canvas draws of it and binds to, with selection and the places of cards that are being dragged.
 */
export class FlowDoc {
  #history = $state.raw<steps.History>(null as unknown as steps.History);
  #look = $state.raw<Look>(null as unknown as Look);
  nodes = $state.raw<CanvasNode[]>([]);
  edges = $state.raw<CanvasEdge[]>([]);

  readonly doc: FlowDocument = $derived(this.#history.present);
  readonly canUndo: boolean = $derived(this.#history.past.length > 0);
  readonly canRedo: boolean = $derived(this.#history.future.length > 0);
  #chosen: string[] = [];
  /** Stays the same object until the selection changes: a drag draws all nodes anew at every frame. */
  readonly selectedIds: string[] = $derived.by(() => {
    const now = this.nodes.filter((n) => n.selected).map((n) => n.id);
    if (now.join(" ") !== this.#chosen.join(" ")) this.#chosen = now;
    return this.#chosen;
  });
  readonly selectedEdges: string[] = $derived(
    this.edges.filter((e) => e.selected).map((e) => e.id),
  );
  readonly #byId = $derived(new Map(this.doc.nodes.map((node) => [node.id, node])));
  /** The chosen node, when exactly one is. */
  readonly selected: FlowNode | null = $derived(
    this.selectedIds.length === 1 ? (this.#byId.get(this.selectedIds[0] ?? "") ?? null) : null,
  );
  /** `node/handle` of every output that leads somewhere, and where to. */
  readonly ways: ReadonlyMap<string, FlowEdge> = $derived(
    new Map(this.doc.edges.map((e) => [`${e.source}/${handleOf(e)}`, e])),
  );
  readonly heading: Heading = $derived(this.#look.heading);
  #cards = $state.raw<ReadonlyMap<string, Card>>(new Map());
  #drawnFor: Look | null = null;
  /** Where the arrow keys are. */
  #at: string | null = null;

  constructor(history: steps.History, look: Look) {
    this.#history = history;
    this.#look = look;
    this.#draw();
  }

  get history(): steps.History {
    return this.#history;
  }

  /** Draws the same document for another reader, or flowing another way. */
  show(look: Look): void {
    this.#look = look;
    this.#draw();
  }

  node(id: string): FlowNode | undefined {
    return this.#byId.get(id);
  }

  /** The size of a node's card on the canvas. */
  card(id: string): Card | undefined {
    return this.#cards.get(id);
  }

  /** Takes an edit into the history. `key` names what is typed into; `select` chooses nodes afterwards. */
  #take(
    doc: FlowDocument,
    { key = null, select }: { key?: string | null; select?: string[] } = {},
  ): void {
    this.#history = steps.record(this.#history, doc, key, Date.now());
    this.#draw(select);
  }

  /** Draws the document; `select` chooses nodes. */
  #draw(select?: readonly string[]): void {
    const look = this.#look;
    const chosen = select && new Set(select);
    const anew = this.#drawnFor !== look;
    this.#drawnFor = look;
    this.nodes = drawNodes(this.doc, this.nodes, { look, chosen, anew });
    this.edges = drawWays(this.doc, this.edges, { look, chosen, anew });
    this.#cards = new Map(this.nodes.map(({ id, data }) => [id, data.card]));
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

  /** Adds a node standing alone and chooses it; returns its id. `at` is a place in the document. */
  add(type: string, at: Point): string {
    const added = edit.addNode(this.doc, type, at);
    this.#take(added.doc, { select: [added.id] });
    return added.id;
  }

  /** Adds a node whose card has its middle at a place on the canvas. */
  drop(type: string, at: Point): string {
    const { heading } = this;
    const { width, height } = edit.CARD;
    const [x, y] = ORIGINS[heading];
    return this.add(
      type,
      toDoc({ x: at.x + (x - 0.5) * width, y: at.y + (y - 0.5) * height }, heading),
    );
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
    return this.add(type, starts ? edit.besideTriggers(this.doc) : edit.belowAll(this.doc));
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

  /** Adds the nodes that a text holds, at a place on the canvas if one is given; false when it holds none. */
  paste(text: string, at: Point | null): boolean {
    const copied = readCopied(text);
    if (!copied) return false;
    const pasted = paste(this.doc, copied, at && toDoc(at, this.heading));
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
    const { heading } = this;
    const drawnAt = this.nodes.map((n) => [n.id, toDoc(n.position, heading)] as const);
    const moved = edit.place(this.doc, new Map(drawnAt));
    const alone = this.selectedIds.length === 1 ? this.selectedIds[0] : undefined;
    this.#take(onEdge && alone ? edit.threadOn(moved, alone, onEdge) : moved);
  }

  /** Moves the chosen nodes by canvas pixels. */
  nudge(x: number, y: number): void {
    const { heading, selectedIds } = this;
    const places = this.nodes
      .filter((n) => n.selected)
      .map((n) => {
        const to = { x: n.position.x + x, y: n.position.y + y };
        return [n.id, toDoc(to, heading)] as const;
      });
    this.#take(edit.place(this.doc, new Map(places)), { key: `move ${selectedIds.join(" ")}` });
  }

  /** Draws the whole flow in order. What arranges is loaded when it is first asked for. */
  async arrange(): Promise<void> {
    const { arranged } = await import("./flow/arrange.ts");
    const rooms = [...this.#cards].map(([id, card]) => [id, roomOf(card, this.heading)] as const);
    this.#take(arranged(this.doc, new Map(rooms)));
  }

  align(to: Alignment): void {
    this.#put(aligned(this.#chosenBoxes(), to));
  }

  distribute(along: Spread): void {
    this.#put(distributed(this.#chosenBoxes(), along));
  }

  #chosenBoxes(): Box[] {
    const chosen = new Set(this.selectedIds);
    return this.boxes.filter(({ id }) => chosen.has(id));
  }

  /** All cards where the document has them; those that are being dragged stay where they were. */
  readonly boxes: readonly Box[] = $derived.by(() => {
    const [x, y] = ORIGINS[this.heading];
    return this.doc.nodes.map(({ id, position }) => {
      const { width, height } = this.#cards.get(id) ?? edit.CARD;
      const at = toView(position, this.heading);
      return { id, x: at.x - x * width, y: at.y - y * height, width, height };
    });
  });

  /** Takes new left top corners of cards. */
  #put(corners: ReadonlyMap<string, Point>): void {
    const [x, y] = ORIGINS[this.heading];
    const places = [...corners].map(([id, corner]) => {
      const { width, height } = this.#cards.get(id) ?? edit.CARD;
      const place = { x: corner.x + x * width, y: corner.y + y * height };
      return [id, toDoc(place, this.heading)] as const;
    });
    this.#take(edit.place(this.doc, new Map(places)));
  }

  /** The keyboard came to a node, from which the arrow keys go on. */
  standOn(id: string): void {
    this.#at = id;
  }

  /** Chooses the next node that way on the canvas, with `more` beside those that are; its id, or null at the end. */
  walk(direction: Direction, more = false): string | null {
    const { selectedIds } = this;
    const stood = this.#at !== null && this.#byId.has(this.#at) ? this.#at : undefined;
    const from = selectedIds.find((id) => id === stood) ?? selectedIds.at(-1) ?? stood;
    const way = turned(direction, this.heading);
    const to =
      from === undefined ? (this.doc.nodes[0]?.id ?? null) : neighbour(this.doc, from, way);
    if (to) this.select(more ? [...selectedIds, to] : [to]);
    this.#at = to ?? from ?? null;
    return to;
  }
}

/** The heap as a graph, as V8's snapshot shows it. Nodes and edges are plain numbers: there are millions of them. */
import type { Tables } from './parse.js';

export interface Location {
  readonly scriptId: number;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

export class Heap {
  /** Nodes are 0 to `count - 1`. */
  readonly count: number;
  /** The edges of node `i` are `first[i]` to `first[i + 1] - 1`. */
  readonly first: Uint32Array;
  readonly #nodes: Uint32Array;
  readonly #edges: Uint32Array;
  readonly #strings: readonly string[];
  readonly #types: readonly string[];
  readonly #edgeTypes: readonly string[];
  readonly #width: number;
  readonly #idAt: number;
  readonly #locations: Uint32Array;
  #locationOf: Map<number, number> | undefined;
  readonly #indexOf = new Map<string, number>();

  constructor({ meta, nodes, edges, locations, strings }: Tables) {
    this.#nodes = nodes;
    this.#edges = edges;
    this.#strings = strings;
    this.#locations = locations;
    this.#types = meta.node_types[0];
    this.#edgeTypes = meta.edge_types[0];
    this.#width = meta.node_fields.length;
    this.#idAt = meta.node_fields.indexOf('id');
    const edgeCountAt = meta.node_fields.indexOf('edge_count');
    this.count = nodes.length / this.#width;
    this.first = new Uint32Array(this.count + 1);
    for (let i = 0, next = 0; i < this.count; i++) {
      next += nodes[i * this.#width + edgeCountAt] as number;
      this.first[i + 1] = next;
    }
  }

  type(node: number): string {
    return this.#types[this.#nodes[node * this.#width] as number] as string;
  }

  name(node: number): string {
    return this.#strings[this.nameIndex(node)] as string;
  }

  /** The same number for the same name: cheaper to compare. */
  nameIndex(node: number): number {
    return this.#nodes[node * this.#width + 1] as number;
  }

  /** What the inspector calls the object. */
  id(node: number): number {
    return this.#nodes[node * this.#width + this.#idAt] as number;
  }

  /** The number of a string as names and labels carry it; -1 where the heap has no such name. */
  stringIndex(text: string): number {
    let index = this.#indexOf.get(text);
    if (index === undefined) this.#indexOf.set(text, (index = this.#strings.indexOf(text)));
    return index;
  }

  typeIndex(name: string): number {
    return this.#types.indexOf(name);
  }

  isType(node: number, typeIndex: number): boolean {
    return this.#nodes[node * this.#width] === typeIndex;
  }

  edgeTypeIndex(name: string): number {
    return this.#edgeTypes.indexOf(name);
  }

  edgeTypeOf(edge: number): number {
    return this.#edges[edge * 3] as number;
  }

  edgeType(edge: number): string {
    return this.#edgeTypes[this.edgeTypeOf(edge)] as string;
  }

  /** The number of the label's string, or the index of an element or of a hidden edge. */
  labelIndex(edge: number): number {
    return this.#edges[edge * 3 + 1] as number;
  }

  label(edge: number): string {
    const type = this.edgeType(edge);
    const index = this.labelIndex(edge);
    return type === 'element' || type === 'hidden' ? String(index) : (this.#strings[index] as string);
  }

  to(edge: number): number {
    return (this.#edges[edge * 3 + 2] as number) / this.#width;
  }

  /** Where the edge of this label leads, or undefined. */
  follow(node: number, label: string): number | undefined {
    const wanted = this.stringIndex(label);
    const end = this.first[node + 1] as number;
    for (let edge = this.first[node] as number; edge < end; edge++) {
      if (this.labelIndex(edge) !== wanted) continue;
      const type = this.edgeType(edge);
      if (type !== 'element' && type !== 'hidden') return this.to(edge);
    }
    return undefined;
  }

  *targets(node: number): Generator<number> {
    const end = this.first[node + 1] as number;
    for (let edge = this.first[node] as number; edge < end; edge++) yield this.to(edge);
  }

  /** Where a function, or the function of a generator, begins. */
  location(node: number): Location | undefined {
    if (!this.#locationOf) {
      this.#locationOf = new Map();
      for (let at = 0; at < this.#locations.length; at += 4) {
        this.#locationOf.set((this.#locations[at] as number) / this.#width, at);
      }
    }
    const at = this.#locationOf.get(node);
    if (at === undefined) return undefined;
    const [, scriptId = 0, line = 0, column = 0] = this.#locations.subarray(at, at + 4);
    return { scriptId, line: line + 1, column: column + 1 };
  }
}

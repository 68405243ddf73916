/**
 * What could still run. Marks the heap from its roots as a collector does, but follows a pending promise to its
 * reactions only when something that could settle it is marked too. A suspended function that stays unmarked can
 * only be continued by functions that are suspended for good themselves.
 *
 * Which promises can be judged so: results of async functions, those made by `then`, those of modules, and those with
 * resolve functions in the heap. Any other is Node's own (a file, a timer of timers/promises), and is always followed.
 */
import type { Heap } from '../heap/heap.js';
import type { Promises } from './promises.js';

export interface Reachable {
  has(node: number): boolean;
  /** The edge by which a node was first reached; undefined for the root. */
  cameBy(node: number): number | undefined;
  /** The node an edge belongs to. */
  ownerOf(edge: number): number;
}

const NONE = 0xffffffff;

export function markReachable(heap: Heap, promises: Promises): Reachable {
  const marked = new Uint8Array(heap.count);
  const cameBy = new Uint32Array(heap.count).fill(NONE);
  const queue = new Uint32Array(heap.count + 1);
  let queued = 0;
  const settlers = settlersByNode(promises);
  const released = new Set<number>();
  const weak = heap.edgeTypeIndex('weak');
  const shortcut = heap.edgeTypeIndex('shortcut');
  const internal = heap.edgeTypeIndex('internal');
  const ephemerons = new Map<number, boolean>();

  function mark(node: number, by: number): void {
    if (marked[node]) return;
    marked[node] = 1;
    cameBy[node] = by;
    queue[queued++] = node;
  }

  function visit(node: number): void {
    const held = promises.reactionOf.get(node);
    const isHeldBack = held !== undefined && isCertain(promises, node) && !released.has(node);
    const isTable = heap.type(node) === 'array';
    const end = heap.first[node + 1] as number;
    for (let edge = heap.first[node] as number; edge < end; edge++) {
      const type = heap.edgeTypeOf(edge);
      if (type === weak || type === shortcut) continue;
      const target = heap.to(edge);
      if (isHeldBack && target === held) continue;
      // The value of a WeakMap is followed from its key.
      if (isTable && type === internal && isEphemeron(edge)) continue;
      mark(target, edge);
    }
    for (const promise of settlers.get(node) ?? []) {
      released.add(promise);
      const reaction = promises.reactionOf.get(promise);
      if (marked[promise] && reaction !== undefined) mark(reaction, edgeTo(heap, promise, reaction));
    }
  }

  function isEphemeron(edge: number): boolean {
    const index = heap.labelIndex(edge);
    let is = ephemerons.get(index);
    if (is === undefined) ephemerons.set(index, (is = heap.label(edge).includes('pair in WeakMap')));
    return is;
  }

  mark(0, NONE);
  for (let next = 0; next < queued; next++) visit(queue[next] as number);

  return {
    has: (node) => marked[node] === 1,
    cameBy: (node) => (cameBy[node] === NONE ? undefined : cameBy[node]),
    ownerOf: (edge) => ownerOf(heap, edge),
  };
}

/** Whether all that could settle the promise is known. */
function isCertain({ frameOf, sources, settlersOf }: Promises, promise: number): boolean {
  if (frameOf.has(promise) || settlersOf.has(promise)) return true;
  return sources.get(promise)?.some(({ kind }) => kind === 'then' || kind === 'module') ?? false;
}

function settlersByNode({ frameOf, settlersOf, dependents }: Promises): Map<number, number[]> {
  const byNode = new Map<number, number[]>();
  const add = (node: number, promise: number): void => {
    byNode.set(node, [...(byNode.get(node) ?? []), promise]);
  };
  for (const [promise, frame] of frameOf) add(frame, promise);
  for (const [promise, functions] of settlersOf) for (const settler of functions) add(settler, promise);
  for (const those of dependents.values()) {
    for (const { promise, reaction } of those) if (promise !== undefined) add(reaction, promise);
  }
  return byNode;
}

function edgeTo(heap: Heap, from: number, to: number): number {
  const end = heap.first[from + 1] as number;
  let edge = heap.first[from] as number;
  while (edge < end && heap.to(edge) !== to) edge++;
  return edge;
}

function ownerOf({ first }: Heap, edge: number): number {
  let low = 0;
  let high = first.length - 1;
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if ((first[middle] as number) <= edge) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Finds promises that the caller has in a snapshot of the heap: during the snapshot they are properties with keys that
 * occur nowhere else. (Short keys: V8 may cut long ones. Not a class of its own: minifiers rename those.)
 */
import type { Heap } from '../heap/heap.js';

export type Named = Readonly<Record<string, PromiseLike<unknown> | undefined>>;

export interface Labels {
  readonly nodes: ReadonlySet<number>;
  nameOf(promise: number): string | undefined;
}

const copy = Math.random().toString(36).slice(2, 7);
const keyOf = (index: number): string => `bge${copy}${index}`;

/** What is in it is reachable while the snapshot is taken. */
const holder: Record<string, unknown> = {};

export function withLabels<T>(of: Named, take: () => T): T {
  for (const [index, promise] of Object.values(of).entries()) holder[keyOf(index)] = promise;
  try {
    return take();
  } finally {
    for (const key of Object.keys(holder)) Reflect.deleteProperty(holder, key);
  }
}

export function readLabels(heap: Heap, of: Named): Labels {
  const names = new Map<number, string>();
  const wanted = new Map<number, string>();
  for (const [index, name] of Object.keys(of).entries()) wanted.set(heap.stringIndex(keyOf(index)), name);
  const object = heap.typeIndex('object');
  const property = heap.edgeTypeIndex('property');
  for (let node = 0; wanted.size > 0 && node < heap.count; node++) {
    if (!heap.isType(node, object)) continue;
    for (let edge = heap.first[node] as number; edge < (heap.first[node + 1] as number); edge++) {
      const name = heap.edgeTypeOf(edge) === property ? wanted.get(heap.labelIndex(edge)) : undefined;
      if (name !== undefined) names.set(heap.to(edge), name);
    }
  }
  return { nodes: new Set(names.keys()), nameOf: (promise) => names.get(promise) };
}

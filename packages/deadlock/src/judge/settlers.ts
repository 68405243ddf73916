/**
 * What a promise waits for, where that is known for certain. Of three kinds only these can settle them: an async function's,
 * its suspended frame; a derived one, the reaction that it hangs on; one of `new Promise`, its resolve and reject functions.
 * Any other may be settled by Node or by V8, and has no guard.
 */
import type { HeapSnapshot } from './heap-snapshot.js';

/** The reactions of a promise are followed only once one of `needs` (or all) has been reached. */
export interface Guard {
  readonly needs: readonly number[];
  readonly all: boolean;
  /** Whether nothing of the object is followed until then, not its reactions alone. */
  readonly whole: boolean;
}

export function guardsOfPromises(heap: HeapSnapshot): Map<number, Guard> {
  const { count, strings, edges, firstEdge, edgeKinds } = heap;
  const [hidden, internal, property] = ['hidden', 'internal', 'property'].map((kind) => edgeKinds.indexOf(kind)) as [
    number,
    number,
    number,
  ];
  const [frame, promise, reaction] = ['Generator', 'Promise', 'system / PromiseReaction'].map((name) =>
    strings.indexOf(name),
  );
  const [codeName, contextName, protoName] = ['code', 'context', '__proto__'].map((name) => strings.indexOf(name));
  const isResolver = strings.map((name) => /PromiseCapabilityDefaultRe(?:solve|ject)/.test(name));

  const isPromise = (node: number): boolean => heap.nameOf(node) === promise && heap.kindOf(node) === 'object';
  const promisesOf = (node: number, kinds: readonly number[]): number[] => {
    const found: number[] = [];
    for (let i = firstEdge[node]!; i < firstEdge[node + 1]!; i += 3) {
      if (kinds.includes(edges[i]!) && isPromise(edges[i + 2]!)) found.push(edges[i + 2]!);
    }
    return found;
  };
  const internalOf = (node: number, name: number): number | undefined => {
    for (let i = firstEdge[node]!; i < firstEdge[node + 1]!; i += 3) {
      if (edges[i] === internal && edges[i + 1] === name) return edges[i + 2];
    }
    return undefined;
  };

  /** The frame of a generator function has a prototype, and may keep a promise that it was sent. */
  const isAsyncFrame = (node: number): boolean => {
    for (let i = firstEdge[node]!; i < firstEdge[node + 1]!; i += 3) {
      if (edges[i] === property && edges[i + 1] === protoName) return heap.kindOf(edges[i + 2]!) === 'hidden';
    }
    return true;
  };

  const settlers = new Map<number, number[]>();
  const settles = (promises: readonly number[], settler: number): void => {
    for (const settled of promises) {
      const known = settlers.get(settled);
      if (known) known.push(settler);
      else settlers.set(settled, [settler]);
    }
  };
  for (let node = 0; node < count; node++) {
    const name = heap.nameOf(node);
    // The hidden field alone: the `receiver` of a frame may be a promise as well.
    if (name === frame && heap.kindOf(node) === 'object' && isAsyncFrame(node))
      settles(promisesOf(node, [hidden]), node);
    else if (name === reaction) settles(promisesOf(node, [hidden]), node);
    else if (heap.kindOf(node) === 'closure') {
      const code = internalOf(node, codeName!);
      const context = code !== undefined && isResolver[heap.nameOf(code)] ? internalOf(node, contextName!) : undefined;
      if (context !== undefined) settles(promisesOf(context, [hidden, internal]), node);
    }
  }
  return new Map([...settlers].map(([settled, needs]) => [settled, { needs, all: false, whole: false }]));
}

/** Who holds what, among the nodes that nothing alive can reach: only suspended functions do. */
import type { Heap } from '../heap/heap.js';
import type { Promises } from './promises.js';
import type { Reachable } from './reachable.js';

export interface Hop {
  readonly owner: number;
  readonly edge: number;
}

/** The way from a resolve function up to the suspended function, or the promise's reaction, that is the nearest to have it. */
interface Holding {
  readonly path: readonly Hop[];
  readonly frame?: number;
  /** The promise whose reaction has it: that one has to settle first. */
  readonly behind?: number;
}

export type FindHolding = (promise: number) => Holding | undefined;

/** For promises that only suspended functions could settle; for others it gives undefined. */
export function readHoldings(heap: Heap, promises: Promises, reachable: Reachable): FindHolding {
  let retainers: Map<number, Hop[]> | undefined;
  return (promise) => {
    const settlers = promises.settlersOf.get(promise) ?? [];
    if (settlers.length === 0 || settlers.some((settler) => reachable.has(settler))) return undefined;
    retainers ??= readRetainers(heap, reachable);
    const cameFrom = new Map<number, { readonly hop: Hop; readonly before: number }>();
    const queue = [...settlers];
    const seen = new Set(queue);
    const pathTo = (end: number): Hop[] => {
      const path: Hop[] = [];
      for (let at = cameFrom.get(end); at; at = cameFrom.get(at.before)) path.unshift(at.hop);
      return path;
    };
    for (const node of queue) {
      for (const hop of retainers.get(node) ?? []) {
        if (seen.has(hop.owner)) continue;
        seen.add(hop.owner);
        cameFrom.set(hop.owner, { hop, before: node });
        const behind = promises.ownerOfReaction.get(hop.owner);
        // Its own reactions keep what comes after the wait, not what could end it.
        if (behind === promise) continue;
        if (behind !== undefined) return { path: pathTo(hop.owner), behind };
        if (promises.awaits.has(hop.owner)) return { path: pathTo(hop.owner), frame: hop.owner };
        queue.push(hop.owner);
      }
    }
    return { path: [] };
  };
}

function readRetainers(heap: Heap, reachable: Reachable): Map<number, Hop[]> {
  const retainers = new Map<number, Hop[]>();
  for (let owner = 0; owner < heap.count; owner++) {
    if (reachable.has(owner)) continue;
    for (let edge = heap.first[owner] as number; edge < (heap.first[owner + 1] as number); edge++) {
      const target = heap.to(edge);
      if (reachable.has(target) || heap.edgeType(edge) === 'weak') continue;
      const hops = retainers.get(target);
      if (hops) hops.push({ owner, edge });
      else retainers.set(target, [{ owner, edge }]);
    }
  }
  return retainers;
}

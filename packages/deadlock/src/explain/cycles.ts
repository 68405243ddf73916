/** Cycles of suspended functions: each can only be continued by the next. */
import type { Heap } from '../heap/heap.js';
import type { World } from './chains.js';
import type { Promises } from './promises.js';

export interface FrameCycle {
  readonly frames: readonly number[];
  /** Whether nothing outside the cycle could end it, such as another arm of a race or of `Promise.all`. */
  readonly isCertain: boolean;
}

export function findCycles(world: World): FrameCycle[] {
  const { promises, reachable } = world;
  const holders = deadHolders(world);
  const cycles: FrameCycle[] = [];
  const done = new Set<number>();

  const search = (frame: number, path: readonly number[]): void => {
    const from = path.indexOf(frame);
    if (from >= 0) {
      const frames = path.slice(from);
      cycles.push({ frames, isCertain: frames.every((member) => !reachable.has(member)) });
    }
    if (done.has(frame)) return;
    done.add(frame);
    for (const next of framesBefore(frame, promises, holders)) search(next, [...path, frame]);
  };
  for (const frame of promises.awaits.keys()) search(frame, []);
  return cycles;
}

/** The suspended functions of which one at least has to run before this one can. */
function framesBefore(frame: number, promises: Promises, holders: Holders): Set<number> {
  const frames = new Set<number>();
  const seen = new Set<number>();
  const queue = [...(promises.awaits.get(frame) ?? [])];
  for (const promise of queue) {
    if (seen.has(promise)) continue;
    seen.add(promise);
    const before = promises.frameOf.get(promise);
    if (before !== undefined) {
      frames.add(before);
      continue;
    }
    const sources = promises.sources.get(promise) ?? [];
    queue.push(...sources.map((source) => source.promise));
    if (sources.length > 0) continue;
    const held = holders(promise);
    for (const holder of held.frames) frames.add(holder);
    queue.push(...held.promises);
  }
  return frames;
}

/** What keeps the resolve functions of a promise, where only suspended code does. */
type Holders = (promise: number) => { frames: readonly number[]; promises: readonly number[] };

function deadHolders({ heap, promises, reachable }: World): Holders {
  let retainers: Map<number, number[]> | undefined;
  return (promise) => {
    const settlers = promises.settlersOf.get(promise) ?? [];
    if (settlers.length === 0 || settlers.some((settler) => reachable.has(settler)))
      return { frames: [], promises: [] };
    retainers ??= retainersAmong(heap, (node) => !reachable.has(node));
    const frames = new Set<number>();
    const behind = new Set<number>();
    const seen = new Set<number>(settlers);
    for (const node of seen) {
      for (const retainer of retainers.get(node) ?? []) {
        const owner = promises.ownerOfReaction.get(retainer);
        // Its own reactions keep what comes after the wait, not what could end it.
        if (owner !== undefined) {
          if (owner !== promise) behind.add(owner);
        } else if (promises.awaits.has(retainer)) frames.add(retainer);
        else seen.add(retainer);
      }
    }
    return { frames: [...frames], promises: [...behind] };
  };
}

function retainersAmong(heap: Heap, isIn: (node: number) => boolean): Map<number, number[]> {
  const retainers = new Map<number, number[]>();
  for (let node = 0; node < heap.count; node++) {
    if (!isIn(node)) continue;
    for (let edge = heap.first[node] as number; edge < (heap.first[node + 1] as number); edge++) {
      const target = heap.to(edge);
      if (!isIn(target) || heap.edgeType(edge) === 'weak') continue;
      const list = retainers.get(target);
      if (list) list.push(node);
      else retainers.set(target, [node]);
    }
  }
  return retainers;
}

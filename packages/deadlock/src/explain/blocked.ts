/** Whether work can only go on when certain waits end: read from the awaits of a heap snapshot. */
import { readHeap } from '../heap/read-heap.js';
import { unwatched } from '../watchdog/pause.js';
import { type Chain, findChains } from './chains.js';
import { readFunctions } from './functions.js';
import { type Named, readLabels, withLabels } from './labels.js';
import { readPromises } from './promises.js';
import { markReachable } from './reachable.js';
import { readHoldings } from './retainers.js';

/**
 * For each piece of work the names of the waits that block it, when nothing else could end it: every stack below it ends at
 * one of them, and none goes through a race. Work that something else could end, or that has ended, is not in the map.
 *
 * @returns undefined where there is no snapshot: a large heap, another runtime
 */
export function blockedWork(work: Named, waits: Named, maxHeapMb: number): Map<string, string[]> | undefined {
  return unwatched(() => look(work, waits, maxHeapMb));
}

function look(work: Named, waits: Named, maxHeapMb: number): Map<string, string[]> | undefined {
  const of = { ...work, ...waits };
  const heap = withLabels(of, () => readHeap(maxHeapMb));
  if ('reason' in heap) return undefined;
  const promises = readPromises(heap);
  const reachable = markReachable(heap, promises);
  const functions = readFunctions(heap, undefined, 0);
  const labels = readLabels(heap, of);
  const world = { heap, promises, reachable, functions, holdings: readHoldings(heap, promises, reachable) };

  const blocked = new Map<string, string[]>();
  const free = new Set<string>();
  for (const chain of findChains(world, labels.nodes)) {
    const name = chain.outermost === undefined ? undefined : labels.nameOf(chain.outermost);
    if (name === undefined || !(name in work)) continue;
    const end = chain.leaf.kind === 'known' ? labels.nameOf(chain.leaf.promise) : undefined;
    if (end === undefined || !(end in waits) || isOptional(chain)) free.add(name);
    else blocked.set(name, [...(blocked.get(name) ?? []), end]);
  }
  for (const name of free) blocked.delete(name);
  return blocked;
}

/** Whether something else may come first. */
const isOptional = ({ via, steps }: Chain): boolean =>
  [via, ...steps.map((step) => step.via)].some((each) => each === 'Promise.race' || each === 'Promise.any');

/** Cycles of steps that wait for each other across replicas, on one snapshot of what they have published. */
import type { OnceWait } from './errors.js';
import type { Peer, WaitEdge } from './store.js';

export interface Cycle {
  readonly waits: readonly OnceWait[];
  /** Names the cycle: the ids of its waits. */
  readonly id: string;
  /** The wait that is refused: the youngest one, the same for every observer. */
  readonly victim: string;
}

interface Edge extends WaitEdge {
  readonly host: string;
  readonly pid: number;
}

/** The cycle through the wait `mine`, if there is one. */
export function findCycle(peers: readonly Peer[], mine: string): Cycle | undefined {
  const edges = peers.flatMap(liveEdges);
  const start = edges.find(({ id }) => id === mine);
  if (!start) return undefined;
  const path = pathBack(edges, start, [start], new Set([start.id]));
  if (!path) return undefined;
  // Replicas' clocks may differ, but all observers compare the same numbers.
  const [youngest = start] = [...path].sort((a, b) => b.since - a.since || (a.id < b.id ? 1 : -1));
  return {
    waits: path.map(({ from, to, host, pid, since, at }) => ({ step: from.step, waitsFor: to, host, pid, since, at })),
    id: path
      .map(({ id }) => id)
      .sort()
      .join(' '),
    victim: youngest.id,
  };
}

/** A wait of an execution that is over says nothing any more. */
function liveEdges({ ended, status, holds, host, pid }: Peer): Edge[] {
  if (ended || !status) return [];
  const isHeld = ({ from }: WaitEdge): boolean =>
    holds.some(({ step, fence }) => step === from.step && fence === from.fence);
  return status.waits.filter(isHeld).map((wait) => ({ ...wait, host, pid }));
}

function pathBack(
  edges: readonly Edge[],
  start: Edge,
  path: readonly Edge[],
  seen: Set<string>,
): readonly Edge[] | undefined {
  const last = path[path.length - 1] ?? start;
  if (last.to === start.from.step) return path;
  for (const edge of edges) {
    if (edge.from.step !== last.to || seen.has(edge.id)) continue;
    seen.add(edge.id);
    const found = pathBack(edges, start, [...path, edge], seen);
    if (found) return found;
  }
  return undefined;
}

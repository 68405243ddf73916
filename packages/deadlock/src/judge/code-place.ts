/** Where a suspended function stands, as a snapshot tells it: for waits whose place was not remembered. */
import type { HeapSnapshot } from './heap-snapshot.js';

/** The place of the first suspended function of the program, not of Node or of a package of ours, on the way. */
export function codePlaceOf(heap: HeapSnapshot, way: Iterable<number>): string | undefined {
  const frame = heap.strings.indexOf('Generator');
  for (const node of way) {
    if (heap.nameOf(node) !== frame || heap.kindOf(node) !== 'object') continue;
    const place = placeOfFrame(heap, node);
    if (place) return place;
  }
  return undefined;
}

function placeOfFrame(heap: HeapSnapshot, frame: number): string | undefined {
  const closure = target(heap, frame, ['function']);
  const shared = closure && target(heap, closure, ['shared']);
  const script = shared && target(heap, shared, ['script', 'script_or_debug_info']);
  const location = heap.locationOf(frame);
  if (!closure || !script || !location) return undefined;
  const file = heap.strings[heap.nameOf(script)]!;
  if (file === '' || file.startsWith('node:') || OWN.test(file)) return undefined;
  const name = heap.strings[heap.nameOf(closure)];
  const place = `${file}:${location.line + 1}:${location.column + 1}`;
  return name ? `async ${name} (${place})` : `async ${place}`;
}

/** The files of this package, and of what stands on it. */
const OWN = /[\\/](?:@bootstrap-gate[\\/][^\\/]+|packages[\\/]deadlock)[\\/](?:src|dist)[\\/]/;

function target(heap: HeapSnapshot, node: number, names: readonly string[]): number | undefined {
  const { edges, firstEdge, strings, edgeKinds } = heap;
  for (let i = firstEdge[node]!; i < firstEdge[node + 1]!; i += 3) {
    if (edgeKinds[edges[i]!] === 'internal' && names.includes(strings[edges[i + 1]!]!)) return edges[i + 2];
  }
  return undefined;
}

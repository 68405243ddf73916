/**
 * The heap of this process, read in one go and synchronously, so that it works in an `exit` listener too. The process
 * stands still meanwhile, and needs about ten times the heap's size in memory: the caller sets a limit.
 */
import type * as nodeV8 from 'node:v8';
import { builtin } from '../builtin.js';
import { collectGarbage } from '../judge/collect-garbage.js';
import { Heap } from './heap.js';
import { parse } from './parse.js';

/** Why there is no heap to look at, in words for the operator. */
export interface Unavailable {
  readonly reason: string;
}

/** @param maxHeapMb the limit, in MB (10^6 bytes) of live JavaScript objects */
export function readHeap(maxHeapMb: number): Heap | Unavailable {
  if (process.versions.bun !== undefined || 'Deno' in globalThis) {
    return { reason: 'this runtime has no heap snapshot of V8; only Node.js does' };
  }
  const v8 = builtin('node:v8');
  if (!v8) return { reason: 'this runtime has no node:v8' };

  let heapMb = heapSizeMb(v8);
  if (heapMb > maxHeapMb) {
    // What is used includes garbage, often most of it after a start.
    collectGarbage();
    heapMb = heapSizeMb(v8);
  }
  if (heapMb > maxHeapMb) {
    return { reason: `the heap has ${heapMb.toFixed(0)} MB, more than the limit maxHeapMb of ${maxHeapMb}` };
  }
  try {
    return new Heap(parse(snapshot(v8)));
  } catch (error) {
    return { reason: `no heap snapshot could be taken: ${error instanceof Error ? error.message : String(error)}` };
  }
}

const heapSizeMb = (v8: typeof nodeV8): number => v8.getHeapStatistics().used_heap_size / 1e6;

function snapshot(v8: typeof nodeV8): Buffer {
  knowLineEnds();
  const stream = v8.getHeapSnapshot();
  const chunks: Buffer[] = [];
  for (let chunk = stream.read() as Buffer | null; chunk; chunk = stream.read() as Buffer | null) chunks.push(chunk);
  stream.destroy();
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}

/**
 * For each function a snapshot says on which line it begins. The V8 of Node 20 counts the lines of the whole file for
 * every one of them, which takes a minute for a bundle of 9 MB, unless a debugger has made it remember them.
 */
function knowLineEnds(): void {
  if (!process.versions.node.startsWith('20.')) return;
  try {
    const { Session } = builtin('node:inspector') ?? {};
    const session = Session && new Session();
    session?.connect();
    session?.post('Debugger.enable');
    session?.post('Debugger.disable');
    session?.disconnect();
  } catch {
    // Without an inspector it takes as long as it takes.
  }
}

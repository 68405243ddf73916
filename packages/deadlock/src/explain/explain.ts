/**
 * What the process awaits, read from its heap at the moment of the question: nothing is recorded before. This folder
 * knows promises, functions and places; it knows no gate and no lock.
 */
import type { Heap } from '../heap/heap.js';
import { readHeap, type Unavailable } from '../heap/read-heap.js';
import { now } from '../now.js';
import { unwatched } from '../watchdog/pause.js';
import { findChains, type World } from './chains.js';
import { findCycles } from './cycles.js';
import { cyclesShown, locate, merge } from './findings.js';
import { readFunctions } from './functions.js';
import { openInspector } from './inspector.js';
import { readLabels, withLabels } from './labels.js';
import { readPromises } from './promises.js';
import { markReachable } from './reachable.js';
import { readHoldings } from './retainers.js';
import { explanationText, type Found } from './text.js';

export interface ExplainOptions {
  /**
   * Up to which size of the heap a snapshot is taken, in MB (10^6 bytes) of live objects; default 32. The process stands
   * still meanwhile (0.3 s at a small heap, about 1.5 s at 30 MB) and needs up to ten times as much memory.
   */
  readonly maxHeapMb?: number;
  /** Promises that have a name, such as those of steps: what they wait for comes first, under that name. */
  readonly of?: Readonly<Record<string, PromiseLike<unknown> | undefined>>;
  /**
   * How long may be spent on finding the exact lines of suspended functions, in milliseconds; default 500. When the time
   * is over, the remaining ones are given by the line on which they begin (`isExact: false`).
   */
  readonly locateMs?: number;
}

/** What the process awaits, as plain data. */
export interface Explanation {
  /** Why nothing is known: a large heap, another runtime. */
  readonly unavailable?: string;
  readonly awaits: readonly PendingAwait[];
  readonly cycles: readonly AwaitCycle[];
  /** How long the process stood still for it. */
  readonly tookMs: number;
  /** The same, to be read: the cycles and the innermost waits first, at most about a screen. */
  readonly text: string;
}

/** A stack of suspended functions. Equal ones are counted. */
export interface PendingAwait {
  /** The name under which the caller gave the promise at the outer end. */
  readonly of?: string;
  /** What the innermost function waits for, in words. */
  readonly waitsFor: string;
  /**
   * `settler`: something alive has the resolve function. `suspended`: only suspended functions have it. `cycle`: the stack
   * waits for itself. `named`: a promise of `of`. `unknown`: no resolve function is in the heap: it was dropped, or the
   * promise is Node's own.
   */
  readonly kind: 'settler' | 'suspended' | 'cycle' | 'named' | 'unknown';
  /** The innermost first, Node's own functions left out. */
  readonly stack: readonly AwaitFrame[];
  readonly count: number;
}

export interface AwaitFrame {
  /** Such as `connect` or `Client.query`; `top level` for a module; empty where the function has no name. */
  readonly fn: string;
  /** Such as `/app/db.js:12:5`: the line of the `await`, or of the callback that was given to `then`. */
  readonly at: string;
  /** False where `at` is the line on which the function begins. */
  readonly isExact: boolean;
  readonly kind: 'await' | 'then';
  /** Whether the file is in `node_modules`. */
  readonly isLibrary: boolean;
  /** How the next function awaits this one, where not by itself. */
  readonly via?: 'Promise.all' | 'Promise.allSettled' | 'Promise.any' | 'Promise.race';
}

/** Functions that wait for each other. */
export interface AwaitCycle {
  /** `cycle`: each awaits the next, the last one the first. `group`: each waits for what only suspended functions have. */
  readonly kind: 'cycle' | 'group';
  readonly frames: readonly AwaitFrame[];
  /** False where something else could still end it, such as another arm of a `Promise.race`. */
  readonly isCertain: boolean;
}

/**
 * Says what the process awaits now. Synchronous: it works in an `exit` listener too. It never throws on account of what
 * it finds; where it can find nothing, `unavailable` says why.
 *
 * @example
 * process.on('SIGUSR2', () => console.error(explain().text));
 */
export function explain(options: ExplainOptions = {}): Explanation {
  const began = now();
  const found = unwatched(() => look(options));
  return { ...found, tookMs: now() - began, text: explanationText(found) };
}

function look({ maxHeapMb = 32, locateMs = 500, of = {} }: ExplainOptions): Found {
  const heap = withLabels(of, () => readHeap(maxHeapMb));
  if (isUnavailable(heap)) return { unavailable: heap.reason, awaits: [], cycles: [] };

  const inspector = openInspector();
  try {
    const promises = readPromises(heap);
    const functions = readFunctions(heap, inspector, locateMs);
    const reachable = markReachable(heap, promises);
    const world: World = { heap, promises, functions, reachable, holdings: readHoldings(heap, promises, reachable) };
    const labels = readLabels(heap, of);
    const chains = findChains(world, labels.nodes);
    const cycles = findCycles(world, chains);
    locate(cycles, chains, world);
    return { awaits: merge(chains, world, labels), cycles: cyclesShown(cycles, functions) };
  } finally {
    inspector?.close();
  }
}

const isUnavailable = (heap: Heap | Unavailable): heap is Unavailable => 'reason' in heap;

/** Functions and suspended functions as the operator knows them: a name and a place. */
import type { Heap } from '../heap/heap.js';
import type { Inspector } from './inspector.js';
import { type Origin, originOf, placeIn } from './scripts.js';

export interface Place {
  /** Such as `connect` or `Client.query`; `top level` for a module, empty for a function without a name. */
  readonly fn: string;
  /** Such as `/app/db.js:12:5`. */
  readonly at: string;
  readonly origin: Origin;
  /** Whether a suspended function waits on that line; otherwise it begins there. */
  readonly isExact: boolean;
}

export interface Functions {
  frame(generator: number): Place;
  /** Finds the line on which a suspended function waits, while there is time. `frame` gives it from then on. */
  locate(generator: number): void;
  /** Where a function begins. */
  closure(node: number): Place;
}

/**
 * @param locateMs for each line the inspector walks the whole heap, some 5 ms a MB: how long that may take altogether.
 * Without an inspector, places are those where functions begin.
 */
export function readFunctions(heap: Heap, inspector: Inspector | undefined, locateMs: number): Functions {
  const frames = new Map<number, Place>();
  const closures = new Map<number, Place>();
  const located = new Set<number>();
  let leftMs = locateMs;

  const frame = (generator: number): Place => remembered(frames, generator, () => framePlace(heap, generator));
  return {
    frame,
    closure: (node) => remembered(closures, node, () => closurePlace(heap, node)),
    locate(generator) {
      const { fn, origin } = frame(generator);
      if (!inspector || leftMs <= 0 || located.has(generator)) return;
      located.add(generator);
      const began = performance.now();
      const waits = inspector.suspendedAt(heap.id(generator));
      leftMs -= performance.now() - began;
      if (!waits) return;
      const url = urlOf(heap, heap.follow(generator, 'function') ?? generator);
      frames.set(generator, { fn, at: placeIn(url, waits.line, waits.column), origin, isExact: true });
    },
  };
}

function remembered(known: Map<number, Place>, node: number, read: () => Place): Place {
  const place = known.get(node) ?? read();
  known.set(node, place);
  return place;
}

function closurePlace(heap: Heap, node: number): Place {
  const url = urlOf(heap, node);
  const begins = heap.location(node);
  const fn = /^\(|^system \//.test(heap.name(node)) ? '' : heap.name(node);
  const at = begins ? placeIn(url, begins.line, begins.column) : url;
  return { fn, at, origin: originOf(url), isExact: true };
}

function framePlace(heap: Heap, generator: number): Place {
  const fn = heap.follow(generator, 'function');
  if (fn === undefined) return { fn: '', at: '', origin: 'node', isExact: false };
  const { at, origin } = closurePlace(heap, fn);
  const begins = heap.location(fn);
  const isModule = heap.name(fn) === '' && begins?.line === 1 && begins.column === 1;
  const name = heap.name(fn);
  return { fn: isModule ? 'top level' : name && receiverName(heap, generator) + name, at, origin, isExact: false };
}

/** As in stack traces: the class in front of a method. */
function receiverName(heap: Heap, generator: number): string {
  const receiver = heap.follow(generator, 'receiver');
  if (receiver === undefined || heap.type(receiver) !== 'object') return '';
  const name = heap.name(receiver);
  return /^(?:Object|Array|global|globalThis|Window|)$/.test(name) || name.includes(' ') ? '' : `${name}.`;
}

function urlOf(heap: Heap, closure: number): string {
  const shared = heap.follow(closure, 'shared');
  if (shared === undefined) return '';
  const script = heap.follow(shared, 'script') ?? heap.follow(shared, 'script_or_debug_info');
  if (script === undefined) return '';
  // While a debugger is on, what is between is its own.
  const name = heap.follow(heap.follow(script, 'script') ?? script, 'name');
  return name === undefined ? '' : heap.name(name);
}

/** Who could settle a promise: the way from its resolve function to what has it, named by objects and properties. */
import type { Heap } from '../heap/heap.js';
import type { Functions } from './functions.js';
import type { Promises } from './promises.js';
import type { Reachable } from './reachable.js';
import type { FindHolding, Hop } from './retainers.js';

export interface Settler {
  /** The nearest first, such as `onRow (/app/db.js:12:3)`, `Query.callback`, `Client.activeQuery`. */
  readonly path: readonly string[];
  /** The promise whose reaction has the resolve function: it has to settle first. */
  readonly behind?: number;
  /** The suspended function that has the resolve function in a variable, and calls it when it runs on. */
  readonly frame?: number;
  /** Whether only suspended functions have it. */
  readonly isSuspended: boolean;
}

interface World {
  readonly heap: Heap;
  readonly promises: Promises;
  readonly reachable: Reachable;
  readonly functions: Functions;
  readonly holdings: FindHolding;
}

/** Undefined where no resolve function is in the heap. */
export function settlerOf(promise: number, world: World): Settler | undefined {
  const { promises, reachable, holdings } = world;
  const alive = promises.settlersOf.get(promise)?.find((settler) => reachable.has(settler));
  if (alive !== undefined) return { ...nameWay(wayTo(alive, reachable), world), isSuspended: false };
  const holding = holdings(promise);
  if (!holding) return undefined;
  const { path, frame } = nameWay(holding.path, world);
  const { behind } = holding;
  return { path, ...(behind !== undefined && { behind }), ...(frame !== undefined && { frame }), isSuspended: true };
}

function* wayTo(node: number, reachable: Reachable): Generator<Hop> {
  for (let edge = reachable.cameBy(node); edge !== undefined;) {
    const owner = reachable.ownerOf(edge);
    yield { owner, edge };
    edge = reachable.cameBy(owner);
  }
}

/** How many names are enough to know a thing. */
const MAX_NAMES = 5;

type Way = Pick<Settler, 'path' | 'behind' | 'frame'>;

function nameWay(way: Iterable<Hop>, { heap, promises, functions }: World): Way {
  const path: string[] = [];
  let isTable = false;
  for (const { owner, edge } of way) {
    if (path.length >= MAX_NAMES) break;
    const behind = promises.ownerOfReaction.get(owner);
    if (behind !== undefined) return { path, behind };
    const name = heap.name(owner);
    if (name === 'Generator' || name === 'AsyncGenerator') {
      if (path.length === 0 && promises.awaits.has(owner)) return { path, frame: owner };
      const { fn, at, origin } = functions.frame(owner);
      if (origin === 'app' || origin === 'library') path.push(`a variable of ${fn || 'a function'} (${at})`);
      break;
    }
    if (heap.type(owner) === 'closure') pushClosure(owner);
    else if (heap.type(owner) === 'object') pushProperty(name, edge);
    if (isEnd(name)) break;
  }
  return { path };

  function pushClosure(node: number): void {
    if (!heap.location(node)) return;
    const { fn, at, origin } = functions.closure(node);
    if (origin === 'app' || origin === 'library') path.push(`${fn || 'a function'} (${at})`);
  }

  function pushProperty(name: string, edge: number): void {
    const type = heap.edgeType(edge);
    if (type === 'element' && !/^(?:Array|Object|system .*|\(.*)$/.test(name)) path.push(`an element of ${name}`);
    if (name === 'Timeout' || name === 'Immediate') path.push('a timer');
    if (type !== 'property' || name === 'Timeout' || name === 'Immediate') return;
    const label = heap.label(edge);
    if (label === '_events') {
      const event = isTable ? path.pop() : undefined;
      // One that waits for an event listens for errors too, and the way may lead there.
      path.push(
        event === undefined || event === '"error"' ? `a listener of ${name}` : `the listener of ${event} of ${name}`,
      );
    } else if (!isNoise(name, label)) {
      path.push(/^(?:Object|system .*|)$/.test(name) ? `"${label}"` : `${name}.${label}`);
    }
    isTable = /^(?:Object|system .*|)$/.test(name);
  }
}

/** Says nothing that the rest of the way does not. */
const isNoise = (name: string, label: string): boolean =>
  label.startsWith('<symbol ') ||
  /^(?:resolve|reject|listener|next|prev|previous|value|__proto__)$/.test(label) ||
  /^Fixed(?:CircularBuffer|Queue)$|^BoundFunction$/.test(name);

/** Beyond these there is nothing that tells more. */
const isEnd = (name: string): boolean =>
  /^(?:Timeout|Immediate|Server|ChildProcess|Worker|MessagePort|FSWatcher|global|globalThis|process)$|^system \/ NativeContext/.test(
    name,
  );

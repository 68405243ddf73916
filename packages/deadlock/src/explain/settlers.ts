/** Who could settle a promise: the way from something alive to its resolve function, named by objects and properties. */
import type { Heap } from '../heap/heap.js';
import type { Functions } from './functions.js';
import type { Promises } from './promises.js';
import type { Reachable } from './reachable.js';

export interface Settler {
  /** The nearest first, such as `callback of Query (pg/lib/client.js:12:3)`, `Query.callback`, `Client.activeQuery`. */
  readonly path: readonly string[];
  /** The promise whose reaction holds the resolve function: it has to settle first. */
  readonly behind?: number;
}

/** How many names are enough to know a thing. */
const MAX_NAMES = 5;

export function settlerOf(
  promise: number,
  heap: Heap,
  promises: Promises,
  reachable: Reachable,
  functions: Functions,
): Settler | undefined {
  const settlers = promises.settlersOf.get(promise) ?? [];
  const alive = settlers.find((settler) => reachable.has(settler));
  if (alive === undefined) return undefined;

  const path: string[] = [];
  for (let node = alive, by = reachable.cameBy(node); by !== undefined && path.length < MAX_NAMES;) {
    const owner = reachable.ownerOf(by);
    const behind = promises.ownerOfReaction.get(owner);
    if (behind !== undefined) return { path, behind };
    const frame = heap.name(owner) === 'Generator' || heap.name(owner) === 'AsyncGenerator';
    if (frame) path.push(textOf(functions.frame(owner), 'a variable of '));
    else if (heap.type(owner) === 'closure' && owner !== alive) pushClosure(owner);
    else if (heap.type(owner) === 'object') pushProperty(owner, by);
    if (frame || isEnd(heap.name(owner))) break;
    node = owner;
    by = reachable.cameBy(node);
  }
  return { path };

  function pushClosure(node: number): void {
    const place = functions.closure(node);
    if (place.origin === 'node' || place.origin === 'own' || !heap.location(node)) return;
    path.push(textOf(place, ''));
  }

  function pushProperty(owner: number, edge: number): void {
    const type = heap.edgeType(edge);
    if (type !== 'property' && !(type === 'internal' && isEnd(heap.name(owner)))) {
      if (type === 'element') path.push(`an element of ${heap.name(owner)}`);
      return;
    }
    const name = heap.name(owner);
    const label = heap.label(edge);
    if (label.startsWith('<symbol ')) return;
    if (label === '_events' && path.length > 0) {
      path[path.length - 1] += ` of ${name}`;
    } else if (/^(?:system|Object$|$)/.test(name)) {
      path.push(isEventTable(owner) ? `listener of "${label}"` : `.${label}`);
    } else {
      path.push(name === 'Timeout' || name === 'Immediate' ? `a timer` : `${name}.${label}`);
    }
  }

  function isEventTable(node: number): boolean {
    const by = reachable.cameBy(node);
    return by !== undefined && heap.label(by) === '_events';
  }
}

/** Beyond these there is nothing that tells more. */
const isEnd = (name: string): boolean =>
  /^(?:Timeout|Immediate|Server|ChildProcess|Worker|MessagePort|FSWatcher|global|globalThis|process)$|^system \/ NativeContext/.test(
    name,
  );

const textOf = ({ fn, at }: { fn: string; at: string }, what: string): string => `${what}${fn || 'a function'} (${at})`;

/**
 * The stacks of suspended functions: from the innermost wait, which nothing in the program's code explains further, up
 * to the function whose result nothing awaits. Left out are losers of a race (their result cannot matter any more).
 */
import type { Heap } from '../heap/heap.js';
import type { Functions, Place } from './functions.js';
import type { Promises } from './promises.js';
import type { Combinator } from './reactions.js';
import type { Reachable } from './reachable.js';
import type { FindHolding } from './retainers.js';
import { type Settler, settlerOf } from './settlers.js';

export interface Step {
  /** The suspended function, or the promise with the callback given to `then`. */
  readonly node: number;
  readonly place: Place;
  readonly kind: 'await' | 'then';
  /** Through which combinator it waits for the step before. */
  readonly via?: Combinator;
}

export type Leaf =
  | { readonly kind: 'settler'; readonly settler: Settler }
  | { readonly kind: 'cycle'; readonly frame: number }
  | { readonly kind: 'known'; readonly promise: number }
  | { readonly kind: 'unknown'; readonly promise: number };

export interface Chain {
  readonly leaf: Leaf;
  /** Through which combinator the innermost function waits. */
  readonly via?: Combinator | undefined;
  /** The innermost first. */
  readonly steps: readonly Step[];
  /** The promise at the outer end. */
  readonly outermost: number | undefined;
}

/** Two functions that await a thousand things each make no more chains than this. */
const MAX_CHAINS = 500;

export interface World {
  readonly heap: Heap;
  readonly promises: Promises;
  readonly reachable: Reachable;
  readonly functions: Functions;
  readonly holdings: FindHolding;
}

/** @param stopAt promises that are named by the caller; a chain ends where it comes to one */
export function findChains(world: World, stopAt: ReadonlySet<number>): Chain[] {
  const { promises } = world;
  const chains: Chain[] = [];
  const seen = new Set<number>();

  const walkFrame = (frame: number, outer: readonly Step[], via?: Combinator): void => {
    if (outer.some(({ node }) => node === frame)) return end({ kind: 'cycle', frame }, outer);
    seen.add(frame);
    const step: Step = { node: frame, place: world.functions.frame(frame), kind: 'await', ...(via && { via }) };
    for (const promise of promises.awaits.get(frame) ?? []) walkPromise(promise, [...outer, step]);
  };

  const walkPromise = (promise: number, outer: readonly Step[], via?: Combinator): void => {
    if (chains.length >= MAX_CHAINS || outer.length > 200) return;
    if (outer.length > 0 && stopAt.has(promise)) return end({ kind: 'known', promise }, outer, via);
    const frame = promises.frameOf.get(promise);
    if (frame !== undefined) return walkFrame(frame, outer, via);
    if (outer.some(({ node }) => node === promise)) return end({ kind: 'cycle', frame: promise }, outer);
    const sources = promises.sources.get(promise) ?? [];
    for (const source of sources) {
      const callback = source.callback;
      const place = callback === undefined ? undefined : world.functions.closure(callback);
      const combinator = source.kind.startsWith('Promise.') ? (source.kind as Combinator) : via;
      const steps: readonly Step[] =
        place === undefined ? outer : [...outer, { node: promise, place, kind: 'then', ...(via && { via }) }];
      walkPromise(source.promise, steps, place === undefined ? combinator : undefined);
    }
    if (sources.length === 0) leaf(promise, outer, via);
  };

  const leaf = (promise: number, outer: readonly Step[], via: Combinator | undefined): void => {
    const settler = settlerOf(promise, world);
    if (settler?.behind !== undefined && !outer.some(({ node }) => node === promise)) {
      const step: Step = { node: promise, place: { fn: '', at: '', origin: 'own', isExact: false }, kind: 'then' };
      return walkPromise(settler.behind, [...outer, step]);
    }
    if (settler?.frame !== undefined && !outer.some(({ node }) => node === settler.frame)) {
      return walkFrame(settler.frame, outer, via);
    }
    end(settler ? { kind: 'settler', settler } : { kind: 'unknown', promise }, outer, via);
  };

  const end = (what: Leaf, outer: readonly Step[], via?: Combinator): void => {
    const outermost = outer[0];
    chains.push({
      leaf: what,
      via,
      steps: [...outer].reverse(),
      outermost: outermost && (promises.resultOf.get(outermost.node) ?? outermost.node),
    });
  };

  const frames = [...promises.awaits.keys()];
  for (const promise of stopAt) walkPromise(promise, []);
  for (const frame of frames) if (!seen.has(frame) && isOutermost(frame, promises)) walkFrame(frame, []);
  for (const [promise, those] of promises.sources) {
    if (!promises.dependents.has(promise) && those.some(({ callback }) => callback !== undefined))
      walkPromise(promise, []);
  }
  // What is left is on a cycle, or awaited by one, or has lost a race.
  for (const frame of frames) if (!seen.has(frame) && !hasLost(frame, promises)) walkFrame(frame, []);
  return chains.filter((chain) => !isInner(chain) && !isSideline(chain));

  /** A stack that began in the middle, and was found again from its outer end. */
  function isInner({ steps: own }: Chain): boolean {
    const outermost = own.at(-1)?.node;
    return chains.some(({ steps }) => steps.slice(0, -1).some(({ node }) => node === outermost));
  }

  /** A library that listens to a promise besides the application, whose stack is the one to know. */
  function isSideline({ steps: own }: Chain): boolean {
    const innermost = own[0]?.node;
    if (own.at(-1)?.place.origin === 'app') return false;
    return chains.some(({ steps }) => steps[0]?.node === innermost && steps.at(-1)?.place.origin === 'app');
  }
}

/** Whether nothing depends on the function's result. */
function isOutermost(frame: number, { resultOf, dependents }: Promises): boolean {
  const result = resultOf.get(frame);
  return result === undefined || !dependents.has(result);
}

/**
 * Whether all that depended on the function's result is settled already. A snapshot does not tell a promise that was
 * settled with undefined from one that nothing awaits: the latter is rare as the result of a race.
 */
function hasLost(frame: number, { resultOf, dependents }: Promises): boolean {
  const seen = new Set<number>();
  const matters = (promise: number, isResult: boolean): boolean => {
    if (seen.has(promise)) return false;
    seen.add(promise);
    const those = dependents.get(promise);
    if (!those) return isResult;
    return those.some(({ kind, frame: waiting, promise: next }) => {
      if (waiting === frame) return true;
      if (waiting !== undefined) return !resultOf.has(waiting) || matters(resultOf.get(waiting) ?? -1, true);
      return next !== undefined && matters(next, kind === 'then');
    });
  };
  const result = resultOf.get(frame);
  return result !== undefined && !matters(result, true);
}

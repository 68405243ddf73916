/** What a pending promise says about a start that hangs or ends: cycles of awaits, and promises that nothing can settle. */
import type { PendingPromise, Place } from '../journal-entry.js';

/** The lines that await each other, in order; undefined when there is no cycle. */
export function awaitCycle(promises: readonly PendingPromise[]): readonly Place[] | undefined {
  const waits = new Map<number, PendingPromise[]>();
  for (const promise of promises) {
    if (promise.owner !== undefined) waits.set(promise.owner, [...(waits.get(promise.owner) ?? []), promise]);
  }
  for (const owner of waits.keys()) {
    const cycle = cycleFrom(owner, waits, []);
    // Who awaits whom inside of Node and of packages is a guess; in the application's own functions it is not.
    const places = cycle?.flatMap(({ own }) => own.slice(0, 1)) ?? [];
    if (cycle && places.length === cycle.length) return places;
  }
  return undefined;
}

export interface NeverSettled {
  /** Where it was made. */
  readonly made: readonly Place[];
  /** Where it is awaited, if that is known. */
  readonly awaited: readonly Place[];
}

/** Made by `new Promise`, awaited, and collected: its resolve function is gone. Losers of a race are no evidence. */
export function neverSettled(promises: readonly PendingPromise[]): NeverSettled[] {
  const racing = new Set(promises.filter(({ kind }) => kind === 'race').map(({ trigger }) => trigger));
  const awaiting = new Map(promises.filter(({ kind }) => kind !== 'race').map((promise) => [promise.trigger, promise]));
  return promises
    .filter(
      ({ id, kind, collected, own }) =>
        kind === 'new' && collected && own.length > 0 && awaiting.has(id) && !racing.has(id),
    )
    .map(({ id, own }) => ({ made: own, awaited: awaiting.get(id)?.own ?? [] }));
}

/** Lines at which the application awaits something, proven or not. */
export function awaitingLines(promises: readonly PendingPromise[]): Place[] {
  const known = new Set<string>();
  return promises
    .filter(({ kind, owner }) => kind === 'new' || owner !== undefined)
    .flatMap(({ own }) => own.slice(0, 1))
    .filter(({ file, line }) => !known.has(`${file}:${line}`) && known.add(`${file}:${line}`));
}

function cycleFrom(
  owner: number,
  waits: ReadonlyMap<number, readonly PendingPromise[]>,
  path: readonly PendingPromise[],
): readonly PendingPromise[] | undefined {
  const seen = path.findIndex((promise) => promise.owner === owner);
  if (seen >= 0) return path.slice(seen);
  for (const wait of waits.get(owner) ?? []) {
    const cycle = cycleFrom(wait.trigger, waits, [...path, wait]);
    if (cycle) return cycle;
  }
  return undefined;
}

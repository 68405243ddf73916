/**
 * Proof by one collection, for heaps that are too large for a snapshot. Suspected waits are held strongly, as always; for the
 * moment of the test that hold is handed to the token that hangs on the work they wait for. If the work can still end, the
 * token lives and gives everything back. If it cannot, work and waits die together.
 */
import { judge } from '../cycle.js';
import type { AnyWait } from '../wait.js';
import { collectGarbage } from './collect-garbage.js';
import type { Suspicion } from './suspicion.js';

/** @returns a promise that says how many of the suspicions were proven */
export function proveByCollection(suspicions: readonly Suspicion[]): Promise<number> {
  const open = suspicions.filter(({ waits, isWhole }) => isWhole && waits.every(canBeHanded));
  if (open.length === 0) return Promise.resolve(0);
  const waits = [...new Set(open.flatMap(({ waits }) => waits))];
  handOver(waits);
  return new Promise((resolve) => {
    // What a WeakRef was made for lives to the end of the turn.
    setImmediate(() => {
      collectGarbage();
      setImmediate(() => {
        const dead = takeBack(waits);
        const proven = open.filter(({ waits }) => waits.some((wait) => dead.has(wait)));
        for (const suspicion of proven) fail(suspicion);
        resolve(proven.length);
      });
    });
  });
}

function canBeHanded({ isOver, isLimited, subject, on: { until } }: AnyWait): boolean {
  if (isOver || isLimited || subject || until.isOpen || until.tokens.length === 0) return false;
  return !until.tokens.some(({ isReplaceable }) => isReplaceable);
}

// A function of its own, of which no variable lives on.
function handOver(waits: readonly AnyWait[]): void {
  for (const wait of waits) {
    const { tokens, needs } = wait.on.until;
    const ending = wait.entrust();
    for (const token of needs === 'all' ? tokens.slice(0, 1) : tokens) (token.entrusted ??= []).push(ending);
  }
  for (const until of untilsOf(waits)) until.weaken();
}

function takeBack(waits: readonly AnyWait[]): ReadonlySet<AnyWait> {
  const dead = new Set(waits.filter((wait) => !wait.takeBack()));
  for (const until of untilsOf(waits)) until.strengthen();
  return dead;
}

const untilsOf = (waits: readonly AnyWait[]) => new Set(waits.map(({ on }) => on.until));

function fail({ cycle, waits }: Suspicion): void {
  const verdict = judge(cycle);
  if (verdict) for (const on of new Set(waits.map((wait) => wait.on))) on.fail?.(verdict);
}

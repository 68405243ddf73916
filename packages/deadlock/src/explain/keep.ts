/**
 * Keeps pending promises, and so the functions that await them, from being collected: when a program has nothing left to
 * do, what it awaits is garbage already, and no snapshot would show it. Costs a promise of the process some 100 ns, and
 * nothing when it has ended.
 */
import { builtin } from '../builtin.js';

/** More pending promises than this are not kept. */
const MAX_KEPT = 100_000;

const kept = new Set<unknown>();
let stopHook: (() => void) | undefined;
let users = 0;

/** Keeps what begins from here until the returned function is called. */
export function keepPending(): () => void {
  if (users++ === 0) stopHook = startHook();
  let isOn = true;
  return () => {
    if (!isOn) return;
    isOn = false;
    if (--users > 0) return;
    stopHook?.();
    kept.clear();
  };
}

function startHook(): (() => void) | undefined {
  try {
    return builtin('node:v8')?.promiseHooks?.createHook({
      init: (promise) => {
        if (kept.size < MAX_KEPT) kept.add(promise);
      },
      settled: (promise) => {
        kept.delete(promise);
      },
    }) as (() => void) | undefined;
  } catch {
    return undefined;
  }
}

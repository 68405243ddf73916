import type { MutexInterface, SemaphoreInterface } from 'async-mutex';
import { Lock } from './lock.js';
import type { DeadlockMode } from './owner.js';
import { processWide } from './process-wide.js';
import { TracedMutex } from './traced-mutex.js';
import { TracedSemaphore } from './traced-semaphore.js';

export interface TraceOptions {
  /**
   * What becomes of a wait that can never end: rejected with a `DeadlockError`, a process warning, or nothing. A cycle
   * through several gates and mutexes is treated as the most lenient of them says. Default `'throw'`.
   */
  readonly deadlock?: DeadlockMode | undefined;
}

const modes: readonly unknown[] = ['throw', 'warn', 'off'];

/**
 * Makes a drop-in for a mutex of async-mutex, or for a semaphore of one place, that takes part in the wait-for graph: a
 * wait that would close a cycle is rejected at once with a `DeadlockError`, and an order of locks that could deadlock is
 * the process warning `GATE_LOCK_ORDER`, once. Use it in place of the mutex, everywhere.
 *
 * The callback of `runExclusive` holds the lock by name. A lock that is taken with `acquire()` is held by the surrounding
 * callback, step or flight, and by nobody known where there is none. One that works in several branches at once, of which
 * one takes a lock with `acquire()` and another waits later, can be refused although the first would let go: use
 * `runExclusive` there.
 *
 * A mutex is traced once: the same name gives the same drop-in again.
 *
 * @param name how verdicts call it
 * @throws TypeError for anything but a mutex or a semaphore of at most one place, for an empty name, for a second name
 */
export function traceMutex(semaphore: SemaphoreInterface, name: string, options?: TraceOptions): SemaphoreInterface;
export function traceMutex(mutex: MutexInterface, name: string, options?: TraceOptions): MutexInterface;
export function traceMutex(
  mutex: MutexInterface | SemaphoreInterface,
  name: string,
  options: TraceOptions = {},
): MutexInterface | SemaphoreInterface {
  if (typeof name !== 'string' || name === '')
    throw new TypeError('traceMutex: the name must be a string that is not empty');
  checkMutex(mutex);
  const deadlock = modeOf(options);
  const known = processWide.traced.get(mutex);
  if (known && known.name !== name) throw new TypeError(`traceMutex: "${name}" is traced as "${known.name}" already`);
  if (known) return known.as as MutexInterface | SemaphoreInterface;

  const isLocked = (): boolean => mutex.isLocked();
  const as = isSemaphore(mutex)
    ? new TracedSemaphore(mutex, new Lock(`semaphore "${name}"`, name, deadlock, isLocked))
    : new TracedMutex(mutex, new Lock(`mutex "${name}"`, name, deadlock, isLocked));
  processWide.traced.set(mutex, { name, as }).set(as, { name, as });
  return as;
}

const isSemaphore = (mutex: MutexInterface | SemaphoreInterface): mutex is SemaphoreInterface =>
  placesOf(mutex) !== undefined;

/** How many places are free; undefined for a mutex. What `withTimeout` makes of a mutex has the method, and it throws. */
function placesOf(mutex: object): number | undefined {
  try {
    return (mutex as Partial<SemaphoreInterface>).getValue?.();
  } catch {
    return undefined;
  }
}

function checkMutex(mutex: unknown): asserts mutex is MutexInterface | SemaphoreInterface {
  const given = Object(mutex) as Partial<SemaphoreInterface>;
  if (
    [given.acquire, given.release, given.runExclusive, given.isLocked].some((method) => typeof method !== 'function')
  ) {
    throw new TypeError('traceMutex: the first argument must be a Mutex of async-mutex, or a Semaphore of one place');
  }
  if ((placesOf(given) ?? 0) > 1) {
    throw new TypeError('traceMutex: the semaphore must have one place; with several it is not told who holds it');
  }
}

function modeOf(options: TraceOptions): DeadlockMode {
  if (typeof options !== 'object' || options === null) throw new TypeError('traceMutex: the options must be an object');
  const unknown = Object.keys(options).find((name) => name !== 'deadlock');
  if (unknown !== undefined) throw new TypeError(`traceMutex: unknown option "${unknown}"; known is deadlock`);
  const mode = Object.hasOwn(options, 'deadlock') ? (options.deadlock ?? 'throw') : 'throw';
  if (!modes.includes(mode)) throw new TypeError(`traceMutex: option "deadlock" must be one of 'throw', 'warn', 'off'`);
  return mode;
}

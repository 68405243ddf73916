import type { MutexInterface, SemaphoreInterface } from 'async-mutex';
import type { DeadlockMode } from '../owner.js';
import { processWide } from '../process-wide.js';
import { Lock } from './lock.js';
import { traceGuest } from './traced-guest.js';
import { TracedMutex } from './traced-mutex.js';
import { TracedSemaphore } from './traced-semaphore.js';

export interface TraceOptions {
  /**
   * What becomes of a wait that can never end: rejected with a `DeadlockError`, a process warning, or nothing. A cycle
   * through several gates and locks is treated as the most lenient of them says. Default `'throw'`.
   */
  readonly deadlock?: DeadlockMode | undefined;
  /**
   * How long somebody waits for the lock, in milliseconds, before it is looked into whether that can ever end. Default
   * `10_000`; `Infinity`: never.
   */
  readonly stallAfterMs?: number | undefined;
}

/** The defaults of `TraceOptions`. */
export const traceDefaults = Object.freeze({ deadlock: 'throw' as DeadlockMode, stallAfterMs: 10_000 });

/**
 * Makes a drop-in for a mutex of async-mutex that names its deadlocks. Waits that can never end are rejected with a
 * `DeadlockError`, wherever in the process they are: locks taken in two orders, by `runExclusive` or by `acquire`, a lock taken
 * twice, a releaser that nobody has any more. An order of locks that could deadlock is the process warning `GATE_LOCK_ORDER`.
 *
 * Whoever still uses the given mutex takes the traced one. A mutex is traced once: the same name gives the same drop-in again.
 *
 * @param name how verdicts call it
 * @throws TypeError for anything but a mutex, for an empty name, for a second name, for a wrong option
 * @example
 * const orders = traceMutex(new Mutex(), 'orders');
 * await orders.runExclusive(() => sell());
 */
export function traceMutex(mutex: MutexInterface, name: string, options?: TraceOptions): MutexInterface {
  return trace('traceMutex', 'mutex', mutex, name, options);
}

/**
 * Makes a drop-in for a semaphore of async-mutex, with any number of places, that names its deadlocks; see `traceMutex`. A
 * wait is hopeless once none of the places can come back.
 *
 * @throws TypeError as `traceMutex` does
 * @example
 * const connections = traceSemaphore(new Semaphore(5), 'connections');
 */
export function traceSemaphore(
  semaphore: SemaphoreInterface,
  name: string,
  options?: TraceOptions,
): SemaphoreInterface {
  return trace('traceSemaphore', 'semaphore', semaphore, name, options);
}

type Kind = 'mutex' | 'semaphore';

function trace<L extends MutexInterface | SemaphoreInterface>(
  caller: string,
  kind: Kind,
  given: L,
  name: string,
  options: TraceOptions = {},
): L {
  if (typeof name !== 'string' || name === '') {
    throw new TypeError(`${caller}: the name must be a string that is not empty`);
  }
  const settings = { kind, name, ...readOptions(caller, options) };
  const known = processWide.traced.get(Object(given));
  if (known && known.name !== name) throw new TypeError(`${caller}: "${name}" is traced as "${known.name}" already`);
  if (known) return known.as as L;
  checkKind(caller, kind, given);

  const own = stateOf(given);
  const lock = new Lock({ ...settings, ...(own ?? { value: Infinity, cancelError: undefined }) });
  const as = (own ? newTraced(kind, lock) : traceGuest(given, lock)) as L;
  if (!own) lock.until.isOpen = true;
  else redirect(given, as);
  processWide.traced.set(given, { name, as }).set(as, { name, as });
  remember(lock);
  return as;
}

const newTraced = (kind: Kind, lock: Lock): TracedMutex | TracedSemaphore =>
  kind === 'mutex' ? new TracedMutex(lock) : new TracedSemaphore(lock);

/** What a mutex or semaphore of async-mutex is made of, when it is one and nobody uses it yet. */
function stateOf(given: object): { value: number; cancelError: unknown } | undefined {
  if (Object.hasOwn(given, 'acquire')) return undefined; // what withTimeout and tryAcquire make
  const { _semaphore, ...own } = given as { _semaphore?: object };
  const { _value, _queue, _cancelError } = (_semaphore ?? own) as Record<string, unknown>;
  const isIdle = Array.isArray(_queue) && _queue.length === 0 && !(_semaphore && _value !== 1);
  return typeof _value === 'number' && isIdle ? { value: _value, cancelError: _cancelError } : undefined;
}

const METHODS = ['acquire', 'runExclusive', 'waitForUnlock', 'isLocked', 'release', 'cancel', 'getValue', 'setValue'];

/** Whoever uses the given lock must exclude those who use the drop-in. */
function redirect(given: object, as: object): void {
  for (const name of METHODS) {
    const get = (): unknown => {
      const method = Reflect.get(as, name) as ((...args: unknown[]) => unknown) | undefined;
      return method && method.bind(as);
    };
    Object.defineProperty(given, name, { get, configurable: true });
  }
}

const forgotten = new FinalizationRegistry<WeakRef<object>>((ref) => processWide.locks.delete(ref));

function remember(lock: Lock): void {
  const ref = new WeakRef(lock);
  processWide.locks.add(ref);
  forgotten.register(lock, ref);
}

function checkKind(caller: string, kind: Kind, given: unknown): asserts given is MutexInterface | SemaphoreInterface {
  const methods = Object(given) as Partial<SemaphoreInterface>;
  const needed = [methods.acquire, methods.release, methods.runExclusive, methods.isLocked];
  if (needed.some((method) => typeof method !== 'function')) {
    throw new TypeError(`${caller}: the first argument must be a ${kind} of async-mutex, not ${describe(given)}`);
  }
  const isSemaphore = places(methods) !== undefined;
  if (isSemaphore && kind === 'mutex') throw new TypeError('traceMutex: this is a semaphore; use traceSemaphore');
  if (!isSemaphore && kind === 'semaphore') throw new TypeError('traceSemaphore: this is a mutex; use traceMutex');
}

/** What `withTimeout` makes of a mutex has the method, and it throws. */
function places(given: Partial<SemaphoreInterface>): unknown {
  try {
    return given.getValue?.();
  } catch {
    return undefined;
  }
}

function describe(given: unknown): string {
  if (given === null || given === undefined) return String(given);
  if (typeof given === 'function') return given.name ? `the function or class ${given.name}` : 'a function';
  return typeof given === 'object' ? 'an object without its methods' : `a ${typeof given}`;
}

const modes: readonly unknown[] = ['throw', 'warn', 'off'];

function readOptions(caller: string, options: TraceOptions): { deadlock: DeadlockMode; stallAfterMs: number } {
  if (typeof options !== 'object' || options === null) throw new TypeError(`${caller}: the options must be an object`);
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(traceDefaults, name));
  if (unknown !== undefined) {
    throw new TypeError(`${caller}: unknown option "${unknown}"; known are deadlock and stallAfterMs`);
  }
  const own = <K extends keyof TraceOptions>(name: K): NonNullable<TraceOptions[K]> =>
    (Object.hasOwn(options, name) ? options[name] : undefined) ?? traceDefaults[name];
  const [deadlock, stallAfterMs] = [own('deadlock'), own('stallAfterMs')];
  if (!modes.includes(deadlock)) {
    throw new TypeError(`${caller}: option "deadlock" must be one of 'throw', 'warn', 'off', not ${String(deadlock)}`);
  }
  if (typeof stallAfterMs !== 'number' || !(stallAfterMs > 0)) {
    throw new TypeError(`${caller}: option "stallAfterMs" must be a positive number, not ${String(stallAfterMs)}`);
  }
  return { deadlock, stallAfterMs };
}

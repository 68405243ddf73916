/**
 * What all copies of this package in one process share, so that a cycle through two of them is still found. Plain data
 * and Node's own classes: another copy may be of another version.
 */
import type { LockOrder } from './locks/lock-order.js';
import type { ScopeStorage } from './context.js';
import type { AnyWait } from './wait.js';

export interface ProcessWide {
  storage?: ScopeStorage;
  disown?: () => void;
  /** How many need the storage. */
  users: number;
  /** Whether the storage is about to be disabled. */
  isEnding: boolean;
  /** How many waits have begun, ever. */
  waits: number;
  /** The waits that can be judged, the oldest first. */
  readonly pending: Set<AnyWait>;
  /** What the judge is asked at the moment, where a heap snapshot shows it. */
  probe?: object | undefined;
  /** Above this, in megabytes of used heap, nothing is proven by snapshots. */
  proofHeapMb: number;
  /** What each mutex was traced as. */
  readonly traced: WeakMap<object, { readonly name: string; readonly as: object }>;
  /** The traced locks that are still there, to be listed. */
  readonly locks: Set<WeakRef<object>>;
  order?: LockOrder;
}

/** Raise the number when the shape of what is shared changes. */
const key = Symbol.for('bootstrap-gate.deadlock.2');

export const processWide: ProcessWide = (find() ?? make())();

function find(): (() => ProcessWide) | undefined {
  return Reflect.get(globalThis, key) as (() => ProcessWide) | undefined;
}

/** Kept by a function: test runners that clean up what they find on the global object take objects apart. */
function make(): () => ProcessWide {
  const made: ProcessWide = {
    users: 0,
    isEnding: false,
    waits: 0,
    pending: new Set(),
    proofHeapMb: 24,
    traced: new WeakMap(),
    locks: new Set(),
  };
  const get = (): ProcessWide => made;
  Object.defineProperty(globalThis, key, { value: get });
  return get;
}

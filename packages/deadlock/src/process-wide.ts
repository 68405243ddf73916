/**
 * What all copies of this package in one process share, so that a cycle through two of them is still found. Plain data
 * and Node's own classes: another copy may be of another version.
 */
import type { LockOrder } from './lock-order.js';
import type { ScopeStorage } from './context.js';

export interface ProcessWide {
  storage?: ScopeStorage;
  disown?: () => void;
  /** How many need the storage. */
  users: number;
  /** Whether the storage is about to be disabled. */
  isEnding: boolean;
  /** How many waits have begun, ever. */
  waits: number;
  /** What each mutex was traced as. */
  readonly traced: WeakMap<object, { readonly name: string; readonly as: object }>;
  order?: LockOrder;
}

/** Raise the number when the shape of what is shared changes. */
const key = Symbol.for('bootstrap-gate.deadlock.1');

export const processWide: ProcessWide = (find() ?? make())();

function find(): (() => ProcessWide) | undefined {
  return Reflect.get(globalThis, key) as (() => ProcessWide) | undefined;
}

/** Kept by a function: test runners that clean up what they find on the global object take objects apart. */
function make(): () => ProcessWide {
  const made: ProcessWide = { users: 0, isEnding: false, waits: 0, traced: new WeakMap() };
  const get = (): ProcessWide => made;
  Object.defineProperty(globalThis, key, { value: get });
  return get;
}

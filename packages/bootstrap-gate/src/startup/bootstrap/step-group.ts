/** Steps of a bootstrap that can be ended while its other steps continue: what a plan runs its steps in. */
import type { Boot, StepContext, StepOptions } from '../../kit/types.js';

export type StepFunction<T> = (context: StepContext) => T | PromiseLike<T>;

/** It ends with the step that it was opened in, or else with the attempt. */
export interface StepGroup {
  /** `boot.step`; `at` is the place in the user's code that reports name, by default that of this call. */
  step<T>(name: string, fn: StepFunction<T>, options?: StepOptions<T>, at?: string): Promise<T>;
  /** Makes a promise like that of a step: if nothing awaits it, the attempt does, and fails with it. */
  adopt<T>(work: Promise<T>): Promise<T>;
  /** Ends its steps: they reject with `reason`, their signals fire, and no new one starts. */
  abort(reason: unknown): void;
}

/** Where a `Boot` has its maker of groups, also one of another copy of this package. */
export const groupMaker = Symbol.for('bootstrap-gate.step-group');

/** @throws TypeError for anything but what a gate hands to its bootstrap */
export function openStepGroup(boot: Boot): StepGroup {
  const make = Reflect.get(Object(boot), groupMaker) as (() => StepGroup) | undefined;
  if (!make) throw new TypeError('the argument must be what a gate hands to its bootstrap');
  return make();
}

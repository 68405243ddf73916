import { readRetry, type RetryPolicy } from './retry.js';
import { isShared } from './shared-step.js';
import { callback, custom, duration, flag, readOptions } from '../../kit/check-options.js';
import type { RetryOptions, StepOptions } from '../../kit/types.js';

/** The options of a step, defaults included. */
export interface StepSettings<T> {
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  readonly optional: boolean;
  readonly stop: ((value: T) => unknown) | undefined;
  readonly needs: readonly string[];
}

const stepRules = {
  timeoutMs: duration(Infinity),
  retry: custom<RetryOptions | undefined>(undefined, () => undefined),
  optional: flag(false),
  stop: callback<(value: never) => unknown>(),
  needs: custom<readonly string[]>([], (value) =>
    Array.isArray(value) && value.every((need) => typeof need === 'string') ? undefined : 'must be an array of names',
  ),
};

/** @throws TypeError for a wrong option, naming the step, the option and the rule */
export function readStepOptions<T>(name: string, fn: unknown, given: StepOptions<T> | undefined): StepSettings<T> {
  const where = `step "${name}"`;
  const { stop, retry, ...same } = readOptions(where, given, stepRules);
  if (stop && isShared(fn)) {
    throw new TypeError(
      `${where}: option "stop" does not belong to work that replicas share: the failed start of one of them must not undo ` +
        'what all of them use. Open connections in a step of their own, and give that one a stop',
    );
  }
  return { ...same, stop: stop as StepSettings<T>['stop'], retry: readRetry(where, retry) };
}

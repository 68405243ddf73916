import { readRetry, type RetryPolicy } from './retry.js';
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
export function readStepOptions<T>(name: string, given: StepOptions<T> | undefined): StepSettings<T> {
  const where = `step "${name}"`;
  const { stop, retry, ...same } = readOptions(where, given, stepRules);
  return { ...same, stop: stop as StepSettings<T>['stop'], retry: readRetry(where, retry) };
}

/** One step of a plan, read and copied from the arguments of `plan.step`. */
import type { StepContext, StepOptions } from '../kit/types.js';
import { readStepOptions } from '../startup/bootstrap/step-options.js';

export interface PlannedStep {
  readonly name: string;
  readonly needs: readonly string[];
  readonly fn: (needs: object, context: StepContext) => unknown;
  /** With the needs, for the report. */
  readonly options: StepOptions<unknown>;
  /** The place in the user's code that added it. */
  readonly at: string;
}

/** @param rest `[fn, options?]` or `[needs, fn, options?]` */
export function readStep(name: unknown, rest: readonly unknown[], at: string): PlannedStep {
  if (typeof name !== 'string' || name === '')
    throw new TypeError('plan.step: the name must be a string that is not empty');
  if (name === 'then')
    throw new TypeError('plan.step: the name must not be "then": the results would be taken for a promise');
  const [needs = [], fn, given] = typeof rest[0] === 'function' ? [[], ...rest] : rest;
  if (typeof fn !== 'function') throw new TypeError(`plan.step: step "${name}" needs a function`);
  if (!Array.isArray(needs) || ![...needs].every((need) => typeof need === 'string'))
    throw new TypeError(`plan.step: the needs of step "${name}" must be an array of names`);
  const read = readStepOptions(name, fn, given as StepOptions<unknown> | undefined);
  if (read.needs.length > 0)
    throw new TypeError(`plan.step: the needs of step "${name}" belong before its function, not into the options`);
  const options = { ...read, needs: [...new Set<string>(needs)] };
  return { name, needs: options.needs, fn: fn as PlannedStep['fn'], options, at };
}

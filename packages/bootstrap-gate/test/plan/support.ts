import type { Gate, StepContext, StepReport } from '../../src/index.js';
import { type Plan, plan, type PlanStepOptions } from '../../src/index.js';

export { settled } from '../manual-clock.js';
export { rejection } from '../support.js';

/** A step whose name the compiler does not know. */
export interface DynamicStep {
  readonly name: string;
  readonly needs: readonly string[];
  readonly fn: (needs: Readonly<Record<string, unknown>>, context: StepContext) => unknown;
  readonly options?: PlanStepOptions<unknown>;
}

export const planOf = (steps: readonly DynamicStep[]): Plan<Record<string, unknown>> =>
  steps.reduce<Plan<Record<string, unknown>>>(
    (soFar, { name, needs, fn, options }) => soFar.step(name, needs, fn, options),
    plan(),
  );

export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

export function deferred<T = void>(): Deferred<T> {
  let resolve!: Deferred<T>['resolve'];
  let reject!: Deferred<T>['reject'];
  const promise = new Promise<T>((...both) => ([resolve, reject] = both));
  promise.catch(() => {}); // whoever awaits it hears of it
  return { promise, resolve, reject };
}

/** A promise for a signal that fires: what an obedient step waits for. */
export const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

/** What `fn` throws. */
export function thrown(fn: () => unknown): unknown {
  try {
    fn();
  } catch (error) {
    return error;
  }
  throw new Error('did not throw');
}

export const reported = (gate: Pick<Gate, 'report'>): readonly StepReport[] =>
  gate.report().attempts.at(-1)?.steps ?? [];

/** `name: state` of each step in the report. */
export const states = (gate: Pick<Gate, 'report'>): string[] =>
  reported(gate).map(({ name, state }) => `${name}: ${state}`);

/** Failed flights are process warnings where nobody is told the cause. Ends with `jest.restoreAllMocks()`. */
export function collectWarnings(): string[] {
  const seen: string[] = [];
  jest.spyOn(process, 'emitWarning').mockImplementation((warning) => {
    seen.push((warning as Error & { code: string }).code);
  });
  return seen;
}

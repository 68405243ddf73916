/** A bootstrap as data: what it waits for, which steps it starts, how it ends. */
import fc from 'fast-check';

export interface StepScript {
  /** How often it awaits something before it ends. */
  readonly waits: number;
  /** Whether it ends as soon as its signal fires. */
  readonly heeds: boolean;
  readonly ending: 'value' | 'throw' | 'throw at first' | 'never';
  readonly stop: 'none' | 'at once' | 'later' | 'throws';
  readonly timeoutMs: number | undefined;
  readonly attempts: number;
  readonly optional: boolean;
}

export interface StageScript {
  /** Whether the bootstrap awaits something before these steps. */
  readonly waitFirst: boolean;
  readonly heeds: boolean;
  /** Started in one tick. */
  readonly steps: readonly StepScript[];
  /** `forget`: not awaited at all. `tolerate`: awaited, and a failure is caught. */
  readonly then: 'await' | 'forget' | 'tolerate';
}

export interface BootScript {
  readonly ending: 'value' | 'throw' | 'sync throw' | 'never';
  readonly stages: readonly StageScript[];
}

const step = fc.record<StepScript>({
  waits: fc.nat({ max: 2 }),
  heeds: fc.boolean(),
  ending: fc.oneof(
    { weight: 12, arbitrary: fc.constant('value' as const) },
    { weight: 1, arbitrary: fc.constant('throw' as const) },
    { weight: 2, arbitrary: fc.constant('throw at first' as const) },
    { weight: 1, arbitrary: fc.constant('never' as const) },
  ),
  stop: fc.constantFrom('at once', 'later', 'none', 'throws'),
  timeoutMs: fc.constantFrom(undefined, undefined, 30),
  attempts: fc.constantFrom(1, 1, 2),
  optional: fc.constantFrom(false, false, true),
});

const stage = fc.record<StageScript>({
  waitFirst: fc.boolean(),
  heeds: fc.boolean(),
  steps: fc.array(step, { maxLength: 3 }),
  then: fc.constantFrom('await', 'await', 'forget', 'tolerate'),
});

/** The n-th call of the bootstrap plays the n-th script, later ones the last. */
export const bootScripts = fc.array(
  fc.record<BootScript>({
    ending: fc.oneof(
      { weight: 12, arbitrary: fc.constant('value' as const) },
      { weight: 3, arbitrary: fc.constant('throw' as const) },
      { weight: 1, arbitrary: fc.constant('sync throw' as const) },
      { weight: 1, arbitrary: fc.constant('never' as const) },
    ),
    stages: fc.array(stage, { maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 3 },
);

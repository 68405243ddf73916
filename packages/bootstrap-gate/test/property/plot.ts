/** All that happens to one gate, as data. */
import fc from 'fast-check';
import { actors, type Batch, type Hook, hooks, pace } from './actions.js';
import { type BootScript, bootScripts } from './boot-script.js';

export type PilotEnding = 'succeeded' | 'failed' | 'succeeded at once' | 'failed at once' | 'never';

export interface Plot {
  readonly actors: readonly (readonly Batch[])[];
  readonly hooks: readonly Hook[];
  readonly pace: readonly number[];
  /** With a bootstrap. */
  readonly flight?: {
    readonly scripts: readonly BootScript[];
    readonly eager: boolean;
    readonly attempts: number;
    readonly cooldownMs: number;
    readonly bootTimeoutMs: number;
  };
  /** Without: first-request mode. */
  readonly pilots?: { readonly firstRequests: number; readonly endings: readonly PilotEnding[] };
}

export const flightPlot: fc.Arbitrary<Plot> = fc.record({
  actors,
  hooks,
  pace,
  flight: fc.record({
    scripts: bootScripts,
    eager: fc.constantFrom(false, false, false, true),
    attempts: fc.constantFrom(1, 1, 2),
    cooldownMs: fc.constantFrom(0, 20),
    bootTimeoutMs: fc.constantFrom(Infinity, Infinity, 40),
  }),
});

export const pilotPlot: fc.Arbitrary<Plot> = fc.record({
  actors,
  hooks,
  pace,
  pilots: fc.record({
    firstRequests: fc.constantFrom(1, 1, 2, 3),
    endings: fc.array(
      fc.constantFrom<PilotEnding[]>(
        'succeeded',
        'succeeded',
        'failed',
        'succeeded at once',
        'failed at once',
        'never',
      ),
      { minLength: 1, maxLength: 6 },
    ),
  }),
});

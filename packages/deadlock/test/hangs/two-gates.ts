/**
 * Modelled on https://github.com/nestjs/nest/issues/11093
 * Two factory providers inject each other. The application hangs at "Starting Nest application..."; no error, no output.
 */
import { createGate, type Gate } from 'bootstrap-gate';
import type { Verdict } from '@bootstrap-gate/deadlock';
import { deferred } from '../support.js';
import type { Hang } from './support/hang.js';
import { cycleOf, refusal } from './support/verdicts.js';

export const hang: Hang = {
  rule: 'D1',
  verdict: 'certain',
  given: 'soon after the closing wait',
  async run(watch) {
    const told = deferred<Verdict>();
    const first: Gate<string> = createGate({
      name: 'PROVIDER1',
      bootstrap: (boot) => boot.step('inject', () => second.ensureReady()),
    });
    const second: Gate<string> = createGate({
      name: 'PROVIDER2',
      bootstrap: async () => {
        watch.begins();
        told.resolve(await refusal(first.ensureReady()));
        watch.told();
        return 'without PROVIDER1';
      },
    });

    const callers = [first.ensureReady(), second.ensureReady()];
    const verdict = await told.promise;
    expect(verdict.certainty).toBe('certain');
    expect(cycleOf(verdict)).toEqual([
      [
        'bootstrap of gate "PROVIDER1"',
        'step "inject" of gate "PROVIDER1"',
        `bootstrap: (boot) => boot.step('inject', () => second.ensureReady()),`,
      ],
      [
        'step "inject" of gate "PROVIDER1"',
        'gate "PROVIDER2"',
        `bootstrap: (boot) => boot.step('inject', () => second.ensureReady()),`,
      ],
      ['bootstrap of gate "PROVIDER2"', 'gate "PROVIDER1"', 'told.resolve(await refusal(first.ensureReady()));'],
    ]);
    expect(await Promise.all(callers)).toEqual(['without PROVIDER1', 'without PROVIDER1']);
    expect([first.report().verdicts, second.report().verdicts]).toEqual([[verdict], [verdict]]);
    expect(watch.warnings).toEqual([]);
  },
};

/**
 * Modelled on https://github.com/electron/electron/issues/40719
 * `await app.whenReady()` while the main module is loaded, which has to be loaded before the application is ready.
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
    const app: Gate<string> = createGate({
      name: 'app',
      bootstrap: (boot) =>
        boot.step('main module', async () => {
          watch.begins();
          told.resolve(await refusal(openWindow()));
          watch.told();
          return 'loaded';
        }),
    });
    const openWindow = async (): Promise<void> => {
      await app.ensureReady();
    };

    const callers = [app.ensureReady(), app.ensureReady()];
    const verdict = await told.promise;
    expect(verdict.certainty).toBe('certain');
    expect(cycleOf(verdict)).toEqual([
      ['bootstrap of gate "app"', 'step "main module" of gate "app"', `boot.step('main module', async () => {`],
      ['step "main module" of gate "app"', 'gate "app"', 'await app.ensureReady();'],
    ]);
    expect(verdict.advice).toContain('boot.detach()');
    expect(await Promise.all(callers)).toEqual(['loaded', 'loaded']);
    expect(app.report().verdicts).toEqual([verdict]);
    expect(watch.warnings).toEqual([]);
  },
};

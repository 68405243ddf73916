/**
 * Modelled on https://code.djangoproject.com/ticket/18251
 * Two first requests load the application from two sides. One holds the application's lock and wants the import lock,
 * the other holds the import lock and wants the application's. Neither is ever answered.
 */
import { Mutex } from 'async-mutex';
import { traceMutex } from '@bootstrap-gate/deadlock';
import { deferred } from '../support.js';
import type { Hang } from './support/hang.js';
import { codeAt, cycleOf, refusal } from './support/verdicts.js';

export const hang: Hang = {
  rule: 'D1',
  verdict: 'certain',
  given: 'soon after the closing wait',
  async run(watch) {
    const imports = traceMutex(new Mutex(), 'imports');
    const apps = traceMutex(new Mutex(), 'apps');
    const isImporting = deferred();
    const isLoading = deferred();

    const first = imports.runExclusive(async () => {
      isImporting.resolve();
      await isLoading.promise;
      return apps.runExclusive(() => 'first');
    });
    const second = apps.runExclusive(async () => {
      isLoading.resolve();
      await isImporting.promise;
      watch.begins();
      const verdict = await refusal(imports.runExclusive(() => 'second'));
      watch.told();
      return verdict;
    });

    const verdict = await second;
    expect(verdict.certainty).toBe('certain');
    expect(cycleOf(verdict)).toEqual([
      ['holder of mutex "imports"', 'mutex "apps"', `return apps.runExclusive(() => 'first');`],
      [
        'holder of mutex "apps"',
        'mutex "imports"',
        `const verdict = await refusal(imports.runExclusive(() => 'second'));`,
      ],
    ]);
    expect(verdict.cycle.map(({ heldAt = '' }) => codeAt(heldAt))).toEqual([
      'const first = imports.runExclusive(async () => {',
      'const second = apps.runExclusive(async () => {',
    ]);
    expect(verdict.advice).toMatch(/^Take .* in the same order everywhere/);
    expect(await first).toBe('first');
    // A moment before the proof: the order alone tells that it can come to this.
    expect(watch.warnings.map(({ code }) => code)).toEqual(['GATE_LOCK_ORDER']);
  },
};

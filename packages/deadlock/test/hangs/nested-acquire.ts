/**
 * Modelled on https://github.com/w3c/web-locks/issues/33
 * A function that takes a lock calls another one that takes the same lock.
 */
import { Mutex } from 'async-mutex';
import { traceMutex } from '@bootstrap-gate/deadlock';
import type { Hang } from './support/hang.js';
import { cycleOf, refusal } from './support/verdicts.js';

export const hang: Hang = {
  rule: 'D1',
  verdict: 'certain',
  given: 'soon after the closing wait',
  async run(watch) {
    const account = traceMutex(new Mutex(), 'account');
    const save = (): Promise<string> => account.runExclusive(() => 'saved');

    const transfer = account.runExclusive(async () => {
      watch.begins();
      const verdict = await refusal(save());
      watch.told();
      return verdict;
    });
    const next = save();

    const verdict = await transfer;
    expect(verdict.certainty).toBe('certain');
    expect(cycleOf(verdict)).toEqual([
      [
        'holder of mutex "account"',
        'mutex "account"',
        `const save = (): Promise<string> => account.runExclusive(() => 'saved');`,
      ],
    ]);
    expect(verdict.advice).toMatch(/^Whoever holds mutex "account" cannot take it again/);
    expect(await next).toBe('saved');
    expect(watch.warnings).toEqual([]);
  },
};

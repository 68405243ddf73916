/**
 * Modelled on https://github.com/w3c/web-locks/issues/33
 * The same with `acquire()`, which does not say how far the lock reaches: it might still be given back by another branch
 * of the same step, so the wait is not refused. The stall names it.
 */
import { Mutex } from 'async-mutex';
import { createGate } from 'bootstrap-gate';
import { traceMutex } from '@bootstrap-gate/deadlock';
import { type Hang, stallAfterMs } from './support/hang.js';
import { codeAt, expectStalled } from './support/verdicts.js';

export const hang: Hang = {
  rule: 'D6',
  verdict: 'stalled',
  given: 'at `stallAfterMs`',
  async run(watch) {
    const account = traceMutex(new Mutex(), 'account');
    const gate = createGate({
      name: 'bank',
      stallAfterMs,
      bootstrap: (boot) =>
        boot.step('transfer', async () => {
          await account.acquire();
          watch.begins();
          await account.acquire();
          return 'done';
        }),
    });

    const ready = gate.ensureReady();
    await expectStalled(watch, gate, {
      step: 'transfer',
      code: `boot.step('transfer', async () => {`,
      waitsFor:
        /^it waits for mutex "account" since .* \(at .*; held by step "transfer" of gate "bank", taken at .*\)\.$/,
    });
    const [wait] = gate.report().attempts[0]?.steps[0]?.waitsFor ?? [];
    expect(wait).toMatchObject({ kind: 'mutex', name: 'account' });
    expect(codeAt(wait?.at ?? '')).toBe('await account.acquire();');

    account.release();
    expect(await ready).toBe('done');
  },
};

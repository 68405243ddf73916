/**
 * Modelled on https://github.com/typeorm/typeorm/issues/9298
 * With a pool of one connection, loading an entity asks for a second one while it holds the first. The pool does not tell
 * who holds what, so the step is all that can be named.
 */
import { createPool } from 'generic-pool';
import { createGate } from 'bootstrap-gate';
import { deferred } from '../support.js';
import { type Hang, stallAfterMs } from './support/hang.js';
import { expectStalled } from './support/verdicts.js';

export const hang: Hang = {
  rule: 'D6',
  verdict: 'stalled',
  given: 'at `stallAfterMs`',
  async run(watch) {
    const connect = async (): Promise<string> => 'connection';
    const pool = createPool({ create: connect, destroy: async () => {} }, { max: 1 });
    const operator = deferred();
    const gate = createGate({
      name: 'shop',
      stallAfterMs,
      bootstrap: (boot) =>
        boot.step('entities', async () => {
          const connection = await pool.acquire();
          void operator.promise.then(() => pool.release(connection));
          watch.begins();
          return pool.use(async (relations) => `loaded by ${relations}`);
        }),
    });

    const ready = gate.ensureReady();
    await expectStalled(watch, gate, { step: 'entities', code: `boot.step('entities', async () => {` });
    expect([pool.borrowed, pool.pending]).toEqual([1, 1]);

    operator.resolve();
    expect(await ready).toBe('loaded by connection');
  },
};

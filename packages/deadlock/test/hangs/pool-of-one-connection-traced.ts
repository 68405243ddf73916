/**
 * Modelled on https://github.com/typeorm/typeorm/issues/9298
 * The same pool behind a traced semaphore of one place: now it is known who holds the connection.
 */
import { Semaphore } from 'async-mutex';
import { createPool } from 'generic-pool';
import { createGate } from 'bootstrap-gate';
import { traceSemaphore, type Verdict } from '@bootstrap-gate/deadlock';
import { deferred } from '../support.js';
import type { Hang } from './support/hang.js';
import { cycleOf, refusal } from './support/verdicts.js';

export const hang: Hang = {
  rule: 'D1',
  verdict: 'certain',
  given: 'soon after the closing wait',
  async run(watch) {
    const connect = async (): Promise<string> => 'connection';
    const pool = createPool({ create: connect, destroy: async () => {} }, { max: 1 });
    const place = traceSemaphore(new Semaphore(1), 'connection pool');
    const query = <T>(use: (connection: string) => T | Promise<T>): Promise<T> =>
      place.runExclusive(async () => pool.use(async (connection) => use(connection)));

    const told = deferred<Verdict>();
    const gate = createGate({
      name: 'shop',
      bootstrap: (boot) =>
        boot.step('entities', () =>
          query(async (connection) => {
            watch.begins();
            told.resolve(await refusal(query((relations) => relations)));
            watch.told();
            return `loaded by ${connection}`;
          }),
        ),
    });

    const ready = gate.ensureReady();
    const next = query((connection) => connection);
    const verdict = await told.promise;
    expect(verdict.certainty).toBe('certain');
    expect(cycleOf(verdict)).toEqual([
      [
        'holder of semaphore "connection pool"',
        'semaphore "connection pool"',
        'place.runExclusive(async () => pool.use(async (connection) => use(connection)));',
      ],
    ]);
    expect(await Promise.all([ready, next])).toEqual(['loaded by connection', 'connection']);
    expect(watch.warnings).toEqual([]);
  },
};

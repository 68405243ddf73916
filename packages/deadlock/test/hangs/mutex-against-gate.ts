/**
 * Modelled on https://github.com/openobserve/openobserve/pull/6878
 * Whoever comes first takes a lock and then needs what only the initialization brings; the initialization needs the lock.
 */
import { createServer } from 'node:http';
import { Mutex } from 'async-mutex';
import { bootstrapGate } from 'bootstrap-gate/node';
import { traceMutex, type Verdict } from '@bootstrap-gate/deadlock';
import { deferred } from '../support.js';
import type { Hang } from './support/hang.js';
import { get } from './support/network.js';
import { cycleOf, refusal } from './support/verdicts.js';

export const hang: Hang = {
  rule: 'D1',
  verdict: 'certain',
  given: 'soon after the closing wait',
  async run(watch) {
    const database = traceMutex(new Mutex(), 'database');
    const isLocked = deferred();
    const isWaiting = deferred();
    const told = deferred<Verdict>();

    const importRows = (): Promise<void> =>
      database.runExclusive(async () => {
        isLocked.resolve();
        await isWaiting.promise;
        watch.begins();
        told.resolve(await refusal(listener.gate.ensureReady()));
        watch.told();
      });
    const listener = bootstrapGate(
      (req, res) => {
        if (req.url === '/import') void importRows().then(() => res.end('imported without the gate'));
        else res.end('served');
      },
      {
        name: 'shop',
        exempt: ['/import'],
        bootstrap: (boot) =>
          boot.step('migrations', () => {
            const migrated = database.runExclusive(() => 'migrated');
            isWaiting.resolve();
            return migrated;
          }),
      },
    );
    const port = await watch.listen(createServer(listener));

    const importing = get(port, '/import');
    await isLocked.promise;
    const other = get(port, '/');
    const verdict = await told.promise;

    expect(verdict.certainty).toBe('certain');
    expect(cycleOf(verdict)).toEqual([
      ['bootstrap of gate "shop"', 'step "migrations" of gate "shop"', `boot.step('migrations', () => {`],
      [
        'step "migrations" of gate "shop"',
        'mutex "database"',
        `const migrated = database.runExclusive(() => 'migrated');`,
      ],
      ['holder of mutex "database"', 'gate "shop"', 'told.resolve(await refusal(listener.gate.ensureReady()));'],
    ]);
    expect(verdict.advice).toMatch(/^Do not await gate "shop" while mutex "database" is held/);
    expect(await importing).toMatchObject({ status: 200, body: 'imported without the gate' });
    expect(await other).toMatchObject({ status: 200, body: 'served' });
    expect(listener.gate.value).toBe('migrated');
    expect(listener.gate.report().verdicts).toEqual([verdict]);
    expect(watch.warnings).toEqual([]);
  },
};

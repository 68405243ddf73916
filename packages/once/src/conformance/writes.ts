/** A write is a compare-and-set, and what was written is there for all. */
import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import type { Store } from '../store.js';
import { check, finished, joined, newStep, running, type StoreCheck } from './check.js';

export const writeChecks: readonly StoreCheck[] = [
  check('S1', 'MUST show a step that was never written as revision 0', async (open) => {
    const store = await open();
    const view = await store.look(newStep(), 'v1', 1);
    deepStrictEqual(view, { revision: 0, fence: 0, running: null, run: null, ahead: null });
  }),

  check('S2', 'MUST let exactly one of many writes that have seen the same revision through', async (open) => {
    const step = newStep();
    const stores = await Promise.all(Array.from({ length: 8 }, open));
    let seen = 0;
    for (let fence = 1; fence <= 5; fence++) {
      const sessions = await Promise.all(stores.map((store) => joined(store)));
      const answers = await Promise.all(
        stores.map((store, i) => store.write(step, seen, running(sessions[i] ?? '', 'v1', fence))),
      );
      const winners = answers.flatMap((answer, i) => (typeof answer === 'number' ? [{ answer, i }] : []));
      // All may lose where each had to give way to another one; then the step is as it was.
      const view = await (stores[0] as Store).look(step, 'v1', null);
      if (winners.length === 0) {
        strictEqual(view.revision, seen);
        continue;
      }
      strictEqual(winners.length, 1);
      ok((winners[0]?.answer ?? 0) > seen, 'the revision rises');
      strictEqual(view.running?.owner.session, sessions[winners[0]?.i ?? 0]);
      seen = view.revision;
    }
    ok(seen > 0, 'some writes have succeeded');
  }),

  check('S3', 'MUST change nothing where a write conflicts', async (open) => {
    const store = await open();
    const step = newStep();
    const owner = await joined(store);
    await store.write(step, 0, running(owner));
    strictEqual(await store.write(step, 0, finished('v1', '"stale"', null, 9)), 'conflict');
    strictEqual(await store.write(step, 99, finished('v1', '"unseen"', null, 9)), 'conflict');
    const view = await store.look(step, 'v1', null);
    strictEqual(view.fence, 1);
    strictEqual(view.running?.owner.session, owner);
    strictEqual(view.run?.state, 'running');
  }),

  check('S4', 'MUST show what was written, whoever looks', async (open) => {
    const [store, other] = [await open(), await open()];
    const step = newStep();
    const owner = await joined(store);
    const revision = await store.write(step, 0, running(owner, 'v1', 7));
    const view = await other.look(step, 'v1', null);
    strictEqual(view.revision, revision);
    strictEqual(view.fence, 7);
    strictEqual(view.running?.key, 'v1');
    ok(Math.abs((view.running?.since ?? 0) - Date.now()) < 600_000, 'since is in epoch milliseconds');
    const { session, host, pid, ended, expired } = view.running?.owner ?? {};
    deepStrictEqual([session, host, pid, ended, expired], [owner, 'web-1', 42, false, false]);
    const { state, fence, attempts, result, error, retryInMs } = view.run ?? {};
    deepStrictEqual([state, fence, attempts, result, error, retryInMs], ['running', 7, 1, null, null, 0]);
  }),

  check('S16', 'MUST open for many at the same time, and again', async (open) => {
    const stores = await Promise.all(Array.from({ length: 20 }, open));
    await Promise.all(stores.map((store) => store.open()));
  }),
];

/** An end is terminal, and a lease is what its beats make of it. */
import { deepStrictEqual, strictEqual } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Status } from '../store.js';
import { check, IDLE, joined, LONG_MS, newStep, running, SHORT_MS, type StoreCheck } from './check.js';

export const sessionChecks: readonly StoreCheck[] = [
  check('S5', 'MUST end a session for good: it beats and claims no more', async (open) => {
    const [store, other] = [await open(), await open()];
    const step = newStep();
    const session = await joined(store);
    strictEqual(await store.beat(session, LONG_MS, IDLE), 'ok');
    strictEqual(await other.end(session, false), true);
    strictEqual(await other.end(session, false), true);
    strictEqual(await store.beat(session, LONG_MS, IDLE), 'ended');
    strictEqual(await store.write(step, 0, running(session)), 'ended');
    strictEqual((await other.look(step, 'v1', null)).running, null);
  }),

  check('S6', 'MUST end a session on the word of another one only when its lease is over', async (open) => {
    const [store, other] = [await open(), await open()];
    const [step, silent] = [newStep(), newStep()];
    const alive = await joined(store);
    await store.write(step, 0, running(alive));
    strictEqual((await other.look(step, 'v1', null)).running?.owner.expired, false);
    strictEqual(await other.end(alive, true), false);
    strictEqual(await store.beat(alive, LONG_MS, IDLE), 'ok');

    const dead = await joined(store, SHORT_MS);
    await store.write(silent, 0, running(dead, 'v1', 1, SHORT_MS));
    await other.look(silent, 'v1', null);
    await delay(SHORT_MS * 2);
    strictEqual((await other.look(silent, 'v1', null)).running?.owner.expired, true);
    strictEqual(await other.end(dead, true), true);
    strictEqual((await other.look(silent, 'v1', null)).running?.owner.ended, true);
    strictEqual(await store.beat(dead, SHORT_MS, IDLE), 'ended');
  }),

  check('S7', 'MUST take a session that it does not know for ended', async (open) => {
    const store = await open();
    strictEqual(await store.beat(randomUUID(), LONG_MS, IDLE), 'ended');
    strictEqual(await store.write(newStep(), 0, running(randomUUID())), 'ended');
  }),

  check('S8', 'MUST renew a lease by each beat and each claim', async (open) => {
    const [store, other] = [await open(), await open()];
    for (const renew of ['beat', 'claim'] as const) {
      const step = newStep();
      const session = await joined(store, SHORT_MS);
      await store.write(step, 0, running(session, 'v1', 1, renew === 'claim' ? LONG_MS : SHORT_MS));
      await other.look(step, 'v1', null);
      await delay(SHORT_MS * 2);
      if (renew === 'beat') strictEqual(await store.beat(session, LONG_MS, IDLE), 'ok');
      strictEqual((await other.look(step, 'v1', null)).running?.owner.expired, false);
      strictEqual(await other.end(session, true), false);
    }
  }),

  check('S12', 'MUST tell what a session published with its last beat', async (open) => {
    const [store, other] = [await open(), await open()];
    const step = newStep();
    const session = await joined(store);
    await store.write(step, 0, running(session, 'v1', 3));
    const wait = { id: 'w', from: { step: 'migrate', fence: 3 }, to: 'index', since: 17, at: 'here\u0000' };
    const status: Status = { progress: { migrate: { fraction: 0.41, text: '41 of 100 🦑' } }, waits: [wait] };
    await store.beat(session, LONG_MS, status);
    deepStrictEqual((await other.look(step, 'v1', null)).running?.owner.status, status);
    const peers = await other.peers(step.namespace);
    deepStrictEqual(peers, [
      { session, host: 'web-1', pid: 42, ended: false, status, holds: [{ step: 'migrate', fence: 3 }] },
    ]);
    deepStrictEqual(await other.peers(randomUUID()), []);
  }),

  check('S17', 'MUST show an owner that has ended as such', async (open) => {
    const store = await open();
    const step = newStep();
    const session = await joined(store);
    await store.write(step, 0, running(session));
    await store.end(session, false);
    const view = await store.look(step, 'v1', null);
    strictEqual(view.running?.owner.ended, true);
    strictEqual(view.running?.owner.host, 'web-1');
    strictEqual((await store.peers(step.namespace)).filter(({ ended }) => !ended).length, 0);
    const heir = await joined(store);
    strictEqual(typeof (await store.write(step, view.revision, running(heir, 'v1', 2))), 'number');
  }),
];

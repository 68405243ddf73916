/** What every store must do, as a list of checks: mount them on yours with any test runner. */
import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Change, Status, Store } from './store.js';

export interface StoreUnderTest {
  /** Opens the same store once more, as another process would. */
  open(): Promise<Store>;
}

export interface StoreCheck {
  readonly id: string;
  readonly title: string;
  /** Rejects where the store does not do it. */
  run(target: StoreUnderTest): Promise<void>;
}

/** Longer than any check takes. */
const LONG_MS = 60_000;
/** Over before anybody looks; an observer's clock needs to see it twice. */
const SHORT_MS = 20;
const IDLE: Status = { progress: {}, waits: [] };

const newStep = () => ({ namespace: randomUUID(), name: 'migrate' });

async function joined(store: Store, ttlMs = LONG_MS): Promise<string> {
  const id = randomUUID();
  await store.join({ id, host: 'web-1', pid: 42 }, ttlMs);
  return id;
}

const running = (owner: string | null, key = 'v1', fence = 1, ttlMs: number | undefined = LONG_MS): Change => ({
  fence,
  owner,
  key,
  run: { order: null, state: 'running', attempts: 1, result: null, error: null, retryInMs: 0 },
  ...(ttlMs !== undefined && owner !== null && { ttlMs }),
});

const finished = (key: string, result: string | null, order: number | null = null, fence = 1): Change => ({
  fence,
  owner: null,
  key,
  run: { order, state: 'done', attempts: 1, result, error: null, retryInMs: 0 },
});

const check = (id: string, title: string, run: (open: () => Promise<Store>) => Promise<void>): StoreCheck => ({
  id,
  title,
  run: (target) => run(() => target.open()),
});

export const storeChecks: readonly StoreCheck[] = [
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

  check('S9', 'MUST keep odd keys and names apart', async (open) => {
    const store = await open();
    const odd = [
      'v1',
      'V1',
      'v1 ',
      ' v1',
      "v'1",
      'v"1',
      'v\\1',
      'v%1',
      'v_1',
      'v/1',
      '../v1',
      '.',
      '..',
      'v\n1',
      'v\t1',
      '$1',
    ];
    const keys = [...odd, '{v1}', 'é', 'e\u0301', '🦑', '__proto__', 'constructor', 'k'.repeat(512), 'ü'.repeat(256)];
    const { namespace } = newStep();
    for (const key of keys)
      strictEqual(
        typeof (await store.write({ namespace, name: key }, 0, finished(key, `"${keys.indexOf(key)}"`))),
        'number',
      );
    for (const key of keys) {
      const view = await store.look({ namespace, name: key }, key, null);
      strictEqual(view.run?.key, key);
      strictEqual(view.run?.result, `"${keys.indexOf(key)}"`);
    }
    const step = newStep();
    let seen = 0;
    for (const key of keys) seen = Number(await store.write(step, seen, finished(key, `"${keys.indexOf(key)}"`)));
    for (const key of keys) strictEqual((await store.look(step, key, null)).run?.result, `"${keys.indexOf(key)}"`);
  }),

  check('S10', 'MUST delete a run, and none of the others', async (open) => {
    const store = await open();
    const step = newStep();
    const first = Number(await store.write(step, 0, finished('v1', '1')));
    const second = Number(await store.write(step, first, finished('v2', '2')));
    await store.write(step, second, { fence: 1, owner: null, key: 'v1', run: null });
    strictEqual((await store.look(step, 'v1', null)).run, null);
    strictEqual((await store.look(step, 'v2', null)).run?.result, '2');
  }),

  check('S11', 'MUST find the newest done run of the same or a higher order', async (open) => {
    const store = await open();
    const step = newStep();
    let seen = 0;
    for (const order of [-5, 2, 10, 9, Number.MAX_SAFE_INTEGER - 1]) {
      seen = Number(await store.write(step, seen, finished(`v${order}`, String(order), order)));
    }
    const failed = finished('v11', null, 11);
    await store.write(step, seen, {
      ...failed,
      run: { ...(failed.run as NonNullable<Change['run']>), state: 'failed' },
    });
    const aheadOf = async (order: number | null) => (await store.look(step, 'none', order)).ahead?.order;
    strictEqual(await aheadOf(null), undefined);
    strictEqual(await aheadOf(-7), Number.MAX_SAFE_INTEGER - 1);
    strictEqual(await aheadOf(11), Number.MAX_SAFE_INTEGER - 1);
    strictEqual(await aheadOf(Number.MAX_SAFE_INTEGER), undefined);
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

  check('S13', 'MUST count down to the next attempt', async (open) => {
    const store = await open();
    const step = newStep();
    const failed = (retryInMs: number): Change => {
      const { run, ...change } = finished('v1', null);
      return { ...change, run: run && { ...run, state: 'failed', retryInMs } };
    };
    const seen = Number(await store.write(step, 0, failed(LONG_MS)));
    const left = (await store.look(step, 'v1', null)).run?.retryInMs ?? 0;
    ok(left > 0 && left <= LONG_MS, `${left} ms of ${LONG_MS} are left`);
    await store.write(step, seen, failed(SHORT_MS));
    await delay(SHORT_MS * 2);
    strictEqual((await store.look(step, 'v1', null)).run?.retryInMs, 0);
  }),

  check('S14', 'MUST keep results and failures as they are, up to 64 KiB', async (open) => {
    const store = await open();
    const step = newStep();
    const result = JSON.stringify({ text: '\u0000\ud83e\udd91"\\'.repeat(3_000), long: 'x'.repeat(20_000) });
    const error = {
      name: 'Error',
      message: 'a\u0000b',
      host: 'web-1',
      pid: 1,
      attempt: 1,
      cause: { name: 'E', message: 'inner', host: '', pid: 0, attempt: 0 },
    };
    const change = finished('v1', result);
    await store.write(step, 0, { ...change, run: { ...(change.run as NonNullable<Change['run']>), error } });
    const { run } = await store.look(step, 'v1', null);
    strictEqual(run?.result, result);
    deepStrictEqual(run?.error, error);
  }),

  check('S15', 'MUST keep namespaces and steps apart', async (open) => {
    const store = await open();
    const step = newStep();
    await store.write(step, 0, finished('v1', '1'));
    strictEqual((await store.look({ ...step, name: 'other' }, 'v1', null)).revision, 0);
    strictEqual((await store.look({ ...step, namespace: randomUUID() }, 'v1', null)).revision, 0);
  }),

  check('S16', 'MUST open for many at the same time, and again', async (open) => {
    const stores = await Promise.all(Array.from({ length: 20 }, open));
    await Promise.all(stores.map((store) => store.open()));
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

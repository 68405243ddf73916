/** Each namespace, step and key keeps what was recorded of it, as it was. */
import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Change } from '../store.js';
import { check, finished, LONG_MS, newStep, SHORT_MS, type StoreCheck } from './check.js';

export const recordChecks: readonly StoreCheck[] = [
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
];

import { Mutex, Semaphore, tryAcquire, withTimeout } from 'async-mutex';
import { locks, setProofHeapLimit, traceMutex, traceSemaphore } from '@bootstrap-gate/deadlock';
import { collectWarnings, type SeenWarning, turn } from '../support.js';

let warnings: SeenWarning[];
beforeEach(() => (warnings = collectWarnings()));
afterEach(() => jest.restoreAllMocks());

test('D12: locks() tells who holds what since when and where, and who waits, as data and as text', async () => {
  expect(locks()).toEqual({ locks: [], text: 'No traced lock is held.' });
  const before = Date.now();
  const orders = traceMutex(new Mutex(), 'orders');
  const pool = traceSemaphore(new Semaphore(3), 'pool');
  const release = await orders.acquire();
  const [, releasePlaces] = await pool.acquire(2);
  const waiting = orders.runExclusive(() => pool.acquire());

  const report = locks();
  expect(report.locks).toMatchObject([
    {
      lock: 'mutex "orders"',
      holders: [{ owner: 'holder of mutex "orders"', weight: 1 }],
      waiting: [{ owners: [] }],
    },
    { lock: 'semaphore "pool"', holders: [{ weight: 2 }], waiting: [] },
  ]);
  const places = report.locks.flatMap(({ holders, waiting }) => [...holders, ...waiting]);
  expect(places.map(({ at }) => /report\.test\.ts:\d+:\d+/.test(at))).toEqual([true, true, true]);
  for (const { since } of places) expect(since).toBeGreaterThanOrEqual(before - 1);
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  expect([report, report.locks, ...report.locks, ...places].every(Object.isFrozen)).toBe(true);
  expect(report.text).toMatch(
    /^mutex "orders"\n {2}held by holder of mutex "orders" for 0\.\d s, taken at .*\n {2}waited for by /,
  );
  expect(report.text).toContain('held by holder of semaphore "pool" (2 places)');

  release();
  releasePlaces();
  (await waiting)[1]();
  await turn();
  expect(locks().locks).toEqual([]);
});

test.each(['tryAcquire', 'withTimeout'])('D2, D4: the other order by %s cannot wait, and is not told', async (how) => {
  const limited = (mutex: Mutex): Mutex =>
    (how === 'tryAcquire' ? tryAcquire(mutex) : withTimeout(mutex, 1_000)) as Mutex;
  const [a, b] = [traceMutex(new Mutex(), 'a') as Mutex, traceMutex(new Mutex(), 'b') as Mutex];
  await a.runExclusive(() => b.runExclusive(() => {}));
  await b.runExclusive(() => limited(a).runExclusive(() => {}));
  expect(warnings).toEqual([]);
  await b.runExclusive(() => a.runExclusive(() => {}));
  expect(warnings.map(({ code }) => code)).toEqual(['GATE_LOCK_ORDER']);
});

test('D10: what is held for long while others wait, and is not proven, is told once', async () => {
  setProofHeapLimit(0);
  const mutex = traceMutex(new Mutex(), 'slow', { stallAfterMs: 20 });
  const release = await mutex.acquire();
  const waiting = [mutex.acquire().then((free) => free()), mutex.acquire().then((free) => free())];
  while (warnings.length === 0) await turn();
  setProofHeapLimit(24);
  expect(warnings.map(({ code }) => code)).toEqual(['GATE_LOCK_STALLED']);
  expect(warnings[0]?.message).toMatch(
    /^The mutex "slow" is held while others wait:\n {2}held for \d+\.\d s by .*taken at .*report\.test/,
  );
  release();
  await Promise.all(waiting);
  expect(warnings).toHaveLength(1);
});

test.each([-1, NaN, '24', undefined])('the heap limit cannot be %p', (limit) => {
  expect(() => setProofHeapLimit(limit as number)).toThrow(
    new TypeError(`setProofHeapLimit: the limit must be a number of megabytes, not ${String(limit)}`),
  );
});

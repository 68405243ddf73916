import { createPool } from 'generic-pool';
import { pools, tracePool } from '../../src/index.js';

const newPool = (max = 1) => createPool({ create: async () => ({}), destroy: async () => {} }, { max });

test('D11: the same pool is given back, and tracing it again under its name changes nothing', () => {
  const pool = newPool();
  expect(tracePool(pool, 'workers')).toBe(pool);
  const { acquire } = pool;
  expect(tracePool(pool, 'workers')).toBe(pool);
  expect(pool.acquire).toBe(acquire);
});

test('D11: a second name for a pool is refused', () => {
  const pool = tracePool(newPool(), 'first');
  expect(() => tracePool(pool, 'second')).toThrow(
    new TypeError('tracePool(pool, name): the pool is traced already, as "first".'),
  );
});

test.each([
  ['an object that is no pool', () => tracePool(new Map(), 'x'), /must be a pool of pg, knex.* not an object of Map/],
  ['an empty name', () => tracePool(newPool(), ''), /name must be a string that is not empty, not ""/],
  [
    'an unknown option',
    () => tracePool(newPool(), 'x', { stallAfter: 1 } as never),
    /there is no option stallAfter; there are stallAfterMs and maxHeapMb/,
  ],
  [
    'an option that is no duration',
    () => tracePool(newPool(), 'x', { stallAfterMs: Number.NaN }),
    /stallAfterMs must be a number above 0, not NaN/,
  ],
])('D11: %s is refused', (_what, call, message) => {
  expect(call).toThrow(TypeError);
  expect(call).toThrow(message);
});

test('D11: pools() tells who holds a place and who waits, where', async () => {
  const pool = tracePool(newPool(), 'listed');
  const held = await pool.acquire();
  const waiting = pool.acquire();
  const listed = pools().pools.find((state) => state.pool === 'pool "listed"');
  expect(listed).toMatchObject({
    size: 1,
    held: [{ at: expect.stringContaining('arguments.test') }],
    waiting: [{ at: expect.stringContaining('arguments.test') }],
  });
  expect(pools().text).toContain('pool "listed": 1 of 1 places held, 1 waiting');
  await pool.release(held);
  await pool.release(await waiting);
  expect(pools().pools.filter((state) => state.pool === 'pool "listed"')).toEqual([]);
});

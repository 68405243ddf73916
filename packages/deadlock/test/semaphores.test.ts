import { Semaphore, type SemaphoreInterface } from 'async-mutex';
import { traceMutex } from '@bootstrap-gate/deadlock';
import { collectWarnings, cycleOf, deferred, refusal, traced, turn } from './support.js';

beforeEach(() => void collectWarnings());
afterEach(() => jest.restoreAllMocks());

const one = (name: string): SemaphoreInterface => traceMutex(new Semaphore(1), name);

test('D1: a pool of one connection that is asked twice is refused by name', async () => {
  const pool = one('connections');
  const error = await pool.runExclusive(() => refusal(pool.runExclusive(() => 'nested')));
  expect(cycleOf(error.verdict)).toEqual(['holder of semaphore "connections" -> semaphore "connections"']);
  expect(pool.getValue()).toBe(1);
});

test('D1: a semaphore and a mutex that are taken crosswise', async () => {
  const pool = one('connections');
  const log = traced('log');
  const both = deferred();
  const first = pool.runExclusive(async (value) => {
    await both.promise;
    return log.runExclusive(() => value);
  });
  const error = await log.runExclusive(async () => {
    both.resolve();
    await turn();
    return refusal(pool.acquire());
  });
  expect(cycleOf(error.verdict)).toEqual([
    'holder of semaphore "connections" -> mutex "log"',
    'holder of mutex "log" -> semaphore "connections"',
  ]);
  expect(await first).toBe(1);
});

test('a traced semaphore is not given a second place', async () => {
  const pool = one('connections');
  expect(() => pool.setValue(2)).toThrow(new TypeError('setValue: a traced semaphore has one place'));
  expect(() => pool.release()).toThrow(new TypeError('release: a traced semaphore has one place, and it is free'));
  expect(pool.getValue()).toBe(1);
  await pool.acquire();
  expect(() => pool.release(2)).toThrow(TypeError);
  expect(pool.isLocked()).toBe(true);
  pool.release();
  expect(pool.getValue()).toBe(1);
});

test('D1: setValue(0) lets go of nothing', async () => {
  const pool = one('connections');
  const error = await pool.runExclusive(() => {
    pool.setValue(0);
    return refusal(pool.acquire());
  });
  expect(cycleOf(error.verdict)).toEqual(['holder of semaphore "connections" -> semaphore "connections"']);
});

test.each<[string, (pool: SemaphoreInterface) => void]>([
  ['release()', (pool) => pool.release()],
  ['setValue(1)', (pool) => pool.setValue(1)],
])('D2: whom %s lets in is not held up by who had the place before', async (_how, open) => {
  const [pool, log] = [one('connections'), traced('log')];
  const end = deferred();
  const first = pool.runExclusive(async () => {
    await end.promise;
    return log.runExclusive(() => 'first'); // log is held by one who has the place now
  });
  open(pool);
  const second = log.runExclusive(() => pool.runExclusive(() => turn().then(() => 'second')));
  end.resolve();
  expect(await Promise.all([first, second])).toEqual(['first', 'second']);
});

test('D2: with a second place, which comes of a place that is let go of twice, nobody is accused', async () => {
  const [pool, log] = [one('connections'), traced('log')];
  const [, release] = await pool.acquire();
  pool.release();
  release();
  const end = deferred();
  const first = pool.runExclusive(() => end.promise);
  const second = pool.runExclusive(async () => {
    await turn();
    return log.runExclusive(() => 'second');
  });
  const third = log.runExclusive(async () => {
    await turn();
    await turn();
    setImmediate(end.resolve);
    return pool.runExclusive(() => 'third');
  });
  expect(await Promise.all([first, second, third])).toEqual([undefined, 'second', 'third']);
});

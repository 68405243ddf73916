/** Whichever way a lock is let go of: the one before does not hold it any more, and the next one is named. */
import { Mutex, type MutexInterface, Semaphore, type SemaphoreInterface } from 'async-mutex';
import { traceMutex } from '@bootstrap-gate/deadlock';
import { collectWarnings, deferred, refusal, type SeenWarning, traced, turn } from './support.js';

let warnings: SeenWarning[];
beforeEach(() => (warnings = collectWarnings()));
afterEach(() => jest.restoreAllMocks());

type Lock = MutexInterface | SemaphoreInterface;

const mutex = (): MutexInterface => traceMutex(new Mutex(), 'lock');
const semaphore = (): SemaphoreInterface => traceMutex(new Semaphore(1), 'lock');

/** Takes the lock and lets go of it. */
const ways: [string, () => { readonly lock: Lock; readonly takeAndLetGo: () => Promise<unknown> }][] = [
  ['the releaser of a mutex', () => of(mutex(), async (lock) => (await lock.acquire())())],
  ['release() of a mutex', () => of(mutex(), async (lock) => (await lock.acquire(), lock.release()))],
  ['the end of runExclusive() of a mutex', () => of(mutex(), (lock) => lock.runExclusive(turn))],
  [
    'the failure of runExclusive() of a mutex',
    () => of(mutex(), (lock) => lock.runExclusive(() => Promise.reject(new Error('no'))).catch(() => {})),
  ],
  ['the releaser of a semaphore', () => of(semaphore(), async (lock) => (await lock.acquire())[1]())],
  ['release() of a semaphore', () => of(semaphore(), async (lock) => (await lock.acquire(), lock.release()))],
  ['setValue(1) of a semaphore', () => of(semaphore(), async (lock) => (await lock.acquire(), lock.setValue(1)))],
  ['the end of runExclusive() of a semaphore', () => of(semaphore(), (lock) => lock.runExclusive(turn))],
];

const of = <L extends Lock>(lock: L, use: (lock: L) => Promise<unknown>) => ({ lock, takeAndLetGo: () => use(lock) });

test.each(ways)('D1: after %s the next holder is named', async (_way, make) => {
  const { lock, takeAndLetGo } = make();
  const other = traced('other');
  await traced('around').runExclusive(takeAndLetGo);
  const wanted = deferred();
  const first = lock.runExclusive(() => wanted.promise.then(() => other.runExclusive(() => 'first')));
  const error = await other.runExclusive(async () => {
    wanted.resolve();
    await turn();
    return refusal(lock.runExclusive(() => 'second'));
  });
  expect(error.verdict.cycle.map(({ owner }) => owner)).toEqual([
    expect.stringMatching(/^holder of \w+ "lock"$/),
    'holder of mutex "other"',
  ]);
  expect(await first).toBe('first');
});

test.each(ways)('D2, D4: after %s what comes next is not taken under it', async (_way, make) => {
  const { lock, takeAndLetGo } = make();
  const other = traced('other');
  await traced('around').runExclusive(async () => {
    await takeAndLetGo();
    await other.runExclusive(() => 1);
  });
  await other.runExclusive(() => lock.runExclusive(() => 1));
  expect(warnings).toEqual([]);
});

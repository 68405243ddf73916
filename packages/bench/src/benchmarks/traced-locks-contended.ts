/** What it costs to trace a lock for which many contend. */
import type { MutexInterface, SemaphoreInterface } from 'async-mutex';
import type { Benchmark, Contender } from '../benchmark.js';
import { awaitedNanoseconds } from '../loop.js';

const CALLS = 2_000;
const CONTENDERS = 50;
const PLACES = 5;

type Exclusive = Pick<MutexInterface | SemaphoreInterface, 'runExclusive'>;
type Lock = 'mutex' | 'semaphore';

async function plain(kind: Lock): Promise<MutexInterface | SemaphoreInterface> {
  const { Mutex, Semaphore } = await import('async-mutex');
  return kind === 'mutex' ? new Mutex() : new Semaphore(PLACES);
}

async function traced(kind: Lock): Promise<MutexInterface | SemaphoreInterface> {
  const { traceMutex, traceSemaphore } = await import('@bootstrap-gate/deadlock');
  const lock = await plain(kind);
  return kind === 'mutex'
    ? traceMutex(lock as MutexInterface, 'measured')
    : traceSemaphore(lock as SemaphoreInterface, 'measured');
}

/** Each holds the lock over a turn of the microtask queue, so that all others are behind it in the lock's queue. */
async function contend(lock: Exclusive, calls: number): Promise<void> {
  const run = lock.runExclusive.bind(lock) as (callback: () => Promise<void>) => Promise<void>;
  const one = async (): Promise<void> => {
    for (let i = 0; i < calls / CONTENDERS; i++) await run(() => Promise.resolve());
  };
  await Promise.all(Array.from({ length: CONTENDERS }, one));
}

async function acquire(lock: MutexInterface | SemaphoreInterface, calls: number): Promise<void> {
  const one = async (): Promise<void> => {
    for (let i = 0; i < calls / CONTENDERS; i++) {
      const got = await lock.acquire();
      const release = typeof got === 'function' ? got : got[1];
      await undefined;
      release();
    }
  };
  await Promise.all(Array.from({ length: CONTENDERS }, one));
}

type Use = typeof acquire;

const contender = (
  make: (kind: Lock) => Promise<MutexInterface | SemaphoreInterface>,
  kind: Lock,
  use: Use,
  against?: string,
): Contender => ({
  ...(against !== undefined && { against }),
  run: async () => {
    const lock = await make(kind);
    return { ns: await awaitedNanoseconds(CALLS, (calls) => use(lock, calls)) };
  },
});

export const benchmark: Benchmark = {
  title: 'Traced locks against plain ones, contended',
  about: `Fifty callers take a lock of async-mutex over and over, so that at any time nearly all of them are in its queue; the
fastest tenth of 200 batches of 2,000 uses. The semaphore has five places. Ratios are of the minima.`,
  rounds: 5,
  nodeOptions: ['--single-threaded'],
  metrics: { ns: { title: 'ns per use', digits: 0, ratioOf: 'min' } },
  contenders: {
    'mutex, acquire: async-mutex': contender(plain, 'mutex', acquire),
    'mutex, acquire: traced': contender(traced, 'mutex', acquire, 'mutex, acquire: async-mutex'),
    'mutex, runExclusive: async-mutex': contender(plain, 'mutex', contend),
    'mutex, runExclusive: traced': contender(traced, 'mutex', contend, 'mutex, runExclusive: async-mutex'),
    'semaphore, acquire: async-mutex': contender(plain, 'semaphore', acquire),
    'semaphore, acquire: traced': contender(traced, 'semaphore', acquire, 'semaphore, acquire: async-mutex'),
    'semaphore, runExclusive: async-mutex': contender(plain, 'semaphore', contend),
    'semaphore, runExclusive: traced': contender(traced, 'semaphore', contend, 'semaphore, runExclusive: async-mutex'),
  },
  targets: ['mutex, acquire', 'mutex, runExclusive', 'semaphore, acquire', 'semaphore, runExclusive'].map((use) => ({
    contenders: [`${use}: traced`],
    metric: 'ns',
    atMost: 1.6,
    of: 'ratio' as const,
  })),
};

/** What it costs to trace a mutex, where nobody contends for it. */
import type { MutexInterface } from 'async-mutex';
import type { Benchmark, Contender } from '../benchmark.js';
import { awaitedNanoseconds } from '../loop.js';

const CALLS = 2_000;

type Use = (mutex: MutexInterface, calls: number) => Promise<void>;

const runExclusive: Use = async (mutex, calls) => {
  for (let i = 0; i < calls; i++) await mutex.runExclusive(() => i);
};

const acquire: Use = async (mutex, calls) => {
  for (let i = 0; i < calls; i++) (await mutex.acquire())();
};

const plain = async (): Promise<MutexInterface> => new (await import('async-mutex')).Mutex();

async function traced(name: string): Promise<MutexInterface> {
  const { traceMutex } = await import('@bootstrap-gate/deadlock');
  return traceMutex(await plain(), name);
}

const contender = (make: (name: string) => Promise<MutexInterface>, use: Use, against?: string): Contender => ({
  ...(against !== undefined && { against }),
  run: async () => {
    const mutex = await make('measured');
    return { ns: await awaitedNanoseconds(CALLS, (calls) => use(mutex, calls)) };
  },
});

/** The same while the caller holds another mutex, so that contexts are tracked and the order of the two is looked up. */
const nestedContender = (make: (name: string) => Promise<MutexInterface>, against?: string): Contender => ({
  ...(against !== undefined && { against }),
  run: async () => {
    const [outer, inner] = [await make('outer'), await make('inner')];
    const ns = await outer.runExclusive(() => awaitedNanoseconds(CALLS, (calls) => runExclusive(inner, calls)));
    return { ns };
  },
});

export const benchmark: Benchmark = {
  title: 'A traced mutex against a plain one',
  about: `Taking and releasing a mutex of async-mutex in a loop, nobody else wants it; the fastest tenth of 200 batches of 2,000. The
wait-for graph comes in when somebody who holds something has to wait, which is not measured here: then the place in the code is
looked up, and that alone takes a microsecond or two. Ratios are of the minima.`,
  rounds: 5,
  nodeOptions: ['--single-threaded'],
  metrics: { ns: { title: 'ns per use', digits: 0, ratioOf: 'min' } },
  contenders: {
    'acquire and release: async-mutex': contender(plain, acquire),
    'acquire and release: traced': contender(traced, acquire, 'acquire and release: async-mutex'),
    'runExclusive: async-mutex': contender(plain, runExclusive),
    'runExclusive: traced': contender(traced, runExclusive, 'runExclusive: async-mutex'),
    'runExclusive inside another: async-mutex': nestedContender(plain),
    'runExclusive inside another: traced': nestedContender(traced, 'runExclusive inside another: async-mutex'),
  },
};

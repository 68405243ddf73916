/** D3: one list of behaviours, run against a plain mutex and a traced one; what is seen must be the same, step by step. */
import {
  E_ALREADY_LOCKED,
  E_CANCELED,
  E_TIMEOUT,
  Mutex,
  type MutexInterface,
  Semaphore,
  type SemaphoreInterface,
  tryAcquire,
  withTimeout,
} from 'async-mutex';
import { traceMutex, traceSemaphore } from '@bootstrap-gate/deadlock';
import { deferred, traced, turn } from '../support.js';

afterEach(() => jest.restoreAllMocks());

/** Writes down what can be seen from outside, turn by turn; which of several promises settles first in a turn is nobody's. */
class Journal {
  readonly lines: string[] = [];
  readonly #settled: string[] = [];

  note(what: string, value?: unknown): void {
    this.lines.push(lineOf(what, value));
  }

  /** Notes how a promise settles, at the end of the turn in which it does. */
  watch<T>(what: string, promise: Promise<T>): Promise<T> {
    if (!(promise instanceof Promise)) this.note(`${what} is no promise`);
    promise.then(
      (value) => this.#settled.push(lineOf(what, value)),
      (error: unknown) => this.#settled.push(lineOf(`${what} rejects`, error)),
    );
    return promise;
  }

  async turn(): Promise<void> {
    await turn();
    this.lines.push(...this.#settled.splice(0).sort(), 'end of turn');
  }

  /** Notes what a call gives or throws. */
  call(what: string, fn: () => unknown): void {
    try {
      this.note(what, fn());
    } catch (error) {
      this.note(`${what} throws`, error);
    }
  }
}

const lineOf = (what: string, value: unknown): string => (value === undefined ? what : `${what}: ${show(value)}`);

const known = new Map<unknown, string>([
  [E_CANCELED, 'E_CANCELED'],
  [E_TIMEOUT, 'E_TIMEOUT'],
  [E_ALREADY_LOCKED, 'E_ALREADY_LOCKED'],
]);

function show(value: unknown): string {
  if (typeof value === 'function') return `a function of ${value.length}`;
  if (Array.isArray(value)) return `[${value.map(show).join()}]`;
  return known.get(value) ?? String(value);
}

type Behaviour<M> = (lock: M, journal: Journal) => Promise<void>;

/** What mutexes and semaphores of one place have in common. */
type Lock = Pick<MutexInterface, 'isLocked' | 'cancel'> & {
  acquire(): Promise<unknown>;
  release(): void;
  runExclusive<T>(callback: (...given: unknown[]) => T | Promise<T>): Promise<T>;
  waitForUnlock(): Promise<void>;
};

const releaserOf = (ticket: unknown): (() => void) => (Array.isArray(ticket) ? ticket[1] : ticket) as () => void;

const common: Record<string, Behaviour<Lock>> = {
  'locks are handed on in the order in which they were asked for': async (lock, journal) => {
    const tickets = [1, 2, 3].map((number) => journal.watch(`acquire ${number}`, lock.acquire()));
    for (const ticket of tickets) {
      const release = releaserOf(await ticket);
      await journal.turn();
      journal.note('locked', lock.isLocked());
      journal.call('release', release);
      await journal.turn();
    }
    journal.note('locked', lock.isLocked());
  },
  'acquire and runExclusive wait in one line': async (lock, journal) => {
    const first = lock.acquire();
    const runs = ['a', 'b'].map((name) => lock.runExclusive(() => journal.note(name)));
    const last = lock.acquire().then((ticket) => (journal.note('last'), ticket));
    await journal.turn();
    releaserOf(await first)();
    releaserOf(await last)();
    await Promise.all(runs);
  },
  'isLocked() changes in the tick of the call': async (lock, journal) => {
    const look = (when: string): void => journal.note(when, lock.isLocked());
    look('at first');
    const first = lock.acquire();
    look('after acquire()');
    const release = releaserOf(await first);
    const second = lock.acquire();
    release();
    look('after the release, while another waits');
    releaserOf(await second)();
    look('after the last release');
    const run = lock.runExclusive(() => look('inside runExclusive()'));
    look('after runExclusive()');
    await run;
    look('when it has settled');
  },
  'a releaser that is called twice does nothing the second time': async (lock, journal) => {
    const release = releaserOf(await lock.acquire());
    release();
    const second = journal.watch('second', lock.acquire());
    await second;
    journal.call('again', release);
    journal.note('locked', lock.isLocked());
    void journal.watch('third', lock.acquire());
    await journal.turn();
    journal.note('the third still waits');
  },
  'release() by somebody else hands the lock on': async (lock, journal) => {
    await lock.acquire();
    void journal.watch('second', lock.acquire());
    void journal.watch('third', lock.acquire());
    await journal.turn();
    journal.call('release', () => lock.release());
    await journal.turn();
    journal.note('locked', lock.isLocked());
  },
  'release() in runExclusive lets the next one in': async (lock, journal) => {
    const end = deferred();
    const first = lock.runExclusive(() => {
      lock.release();
      return end.promise;
    });
    await journal.turn();
    journal.note('locked', lock.isLocked());
    const second = lock.runExclusive(() => journal.note('second'));
    await second;
    end.resolve();
    await first;
  },
  'runExclusive() gives what the callback gives': async (lock, journal) => {
    const thenable = { then: (done: (value: string) => void) => done('from a thenable') };
    await journal.watch(
      'a value',
      lock.runExclusive(() => 'value'),
    );
    await journal.watch(
      'nothing',
      lock.runExclusive(() => undefined),
    );
    await journal.watch(
      'a promise',
      lock.runExclusive(() => turn().then(() => 'later')),
    );
    await journal.watch(
      'a thenable',
      lock.runExclusive(() => thenable as unknown as string),
    );
    await journal.watch(
      'an array',
      lock.runExclusive(() => [1, [2]]),
    );
  },
  'runExclusive() rejects with what the callback throws, and lets go': async (lock, journal) => {
    const ways: Record<string, () => unknown> = {
      'an error': () => Promise.reject(new Error('no')),
      'an error at once': () => {
        throw new Error('at once');
      },
      undefined: () => Promise.reject(undefined as unknown as Error),
      'a string': () => Promise.reject('text' as unknown as Error),
      'a thenable': () => ({ then: (_: unknown, fail: (error: string) => void) => fail('from a thenable') }),
    };
    for (const [what, fail] of Object.entries(ways)) {
      await journal.watch(what, lock.runExclusive(fail)).catch(() => {});
      journal.note('locked', lock.isLocked());
    }
  },
  'runExclusive() with something that is no function rejects, and lets go': async (lock, journal) => {
    for (const wrong of [undefined, 1, {}]) {
      const run = lock.runExclusive(wrong as unknown as () => void).then(
        () => journal.note('fulfilled'),
        (error: unknown) => journal.note('rejected', (error as Error).constructor.name),
      );
      await run;
      journal.note('locked', lock.isLocked());
    }
  },
  'the callback gets the same arguments, and no this': async (lock, journal) => {
    await lock.runExclusive(function (this: unknown, ...given: unknown[]) {
      journal.note('this', this ?? 'nobody');
      journal.note('arguments', given);
    });
  },
  'the lock is let go of before the promise settles': async (lock, journal) => {
    const run = lock.runExclusive(() => 'value').then(() => journal.note('locked', lock.isLocked()));
    await run;
  },
  'a lock that is free takes whoever asks, one after another': async (lock, journal) => {
    for (let round = 0; round < 3; round++) {
      journal.call('release', releaserOf(await journal.watch('acquire', lock.acquire())));
    }
  },
  'cancel() rejects all who wait, not the holder': async (lock, journal) => {
    const release = releaserOf(await lock.acquire());
    const waits = [lock.acquire(), lock.runExclusive(() => journal.note('never'))].map((wait, index) =>
      journal.watch(`wait ${index}`, wait as Promise<unknown>).catch(() => {}),
    );
    journal.call('cancel', () => lock.cancel());
    await Promise.all(waits);
    journal.note('locked', lock.isLocked());
    void journal.watch('later', lock.acquire());
    await journal.turn();
    release();
    await journal.turn();
    journal.note('locked', lock.isLocked());
  },
  'waitForUnlock() of a free lock fulfils, and takes nothing': async (lock, journal) => {
    await journal.watch('free', lock.waitForUnlock());
    journal.note('locked', lock.isLocked());
  },
  'waitForUnlock() fulfils when nobody has the lock and nobody waits for it': async (lock, journal) => {
    const first = releaserOf(await lock.acquire());
    const second = lock.acquire();
    void journal.watch('unlocked', lock.waitForUnlock());
    await journal.turn();
    journal.call('first release', first);
    await journal.turn();
    journal.call('second release', releaserOf(await second));
    await journal.turn();
    journal.note('locked', lock.isLocked());
  },
  'waitForUnlock() is not settled by cancel()': async (lock, journal) => {
    const release = releaserOf(await lock.acquire());
    void journal.watch('unlocked', lock.waitForUnlock());
    lock.cancel();
    await journal.turn();
    journal.note('after cancel()');
    release();
    await journal.turn();
  },
};

const ofMutexes: Record<string, Behaviour<MutexInterface>> = {
  'a higher priority comes first, equal ones in order': async (mutex, journal) => {
    const release = await mutex.acquire();
    const waits = [0, 1, -1, 1, 2, 0].map((priority, index) =>
      index % 2
        ? mutex.runExclusive(() => journal.note(`${index} with priority ${priority}`), priority)
        : mutex.acquire(priority).then((next) => {
            journal.note(`${index} with priority ${priority}`);
            next();
          }),
    );
    void journal.watch('unlocked, priority 3', mutex.waitForUnlock(3));
    void journal.watch('unlocked, priority -2', mutex.waitForUnlock(-2));
    await journal.turn();
    release();
    await Promise.all(waits);
    await journal.turn();
  },
  'waitForUnlock() with a priority comes before those who wait for the lock with a lower one': async (
    mutex,
    journal,
  ) => {
    const release = await mutex.acquire();
    const next = mutex.acquire(1);
    void journal.watch('priority 2', mutex.waitForUnlock(2));
    void journal.watch('priority 0', mutex.waitForUnlock());
    release();
    await journal.turn();
    (await next)();
  },
  'release() of a free mutex does nothing': async (mutex, journal) => {
    journal.call('release', () => mutex.release());
    await mutex.acquire();
    void journal.watch('second', mutex.acquire());
    await journal.turn();
    journal.note('locked', mutex.isLocked());
  },
};

const ofSemaphores: Record<string, Behaviour<SemaphoreInterface>> = {
  'a higher priority comes first': async (semaphore, journal) => {
    const [, release] = await semaphore.acquire();
    const waits = [0, 1, -1, 1, 2].map((priority) =>
      semaphore.runExclusive((value) => journal.note(`priority ${priority}`, value), 1, priority),
    );
    release();
    await Promise.all(waits);
  },
  'waitForUnlock() with a priority comes before those who wait for a place with a lower one': async (
    semaphore,
    journal,
  ) => {
    const [, release] = await semaphore.acquire();
    const next = semaphore.acquire(1, 1);
    void journal.watch('priority 2', semaphore.waitForUnlock(1, 2));
    void journal.watch('priority 0', semaphore.waitForUnlock(1));
    release();
    await journal.turn();
    (await next)[1]();
  },
  'acquire() waits for as many places as it asks for': async (semaphore, journal) => {
    journal.watch('two places', semaphore.acquire(2)).catch(() => {});
    await journal.turn();
    journal.note('value', semaphore.getValue());
  },
  'it tells its value': async (semaphore, journal) => {
    const look = (when: string): void => journal.note(when, semaphore.getValue());
    look('free');
    const [value, release] = await semaphore.acquire();
    journal.note('acquired at', value);
    look('held');
    release();
    look('released');
    await semaphore.runExclusive((value) => journal.note('run at', value));
  },
  'setValue(0) closes it and setValue(1) opens it': async (semaphore, journal) => {
    semaphore.setValue(0);
    journal.note('locked', semaphore.isLocked());
    void journal.watch('acquire', semaphore.acquire());
    await journal.turn();
    semaphore.setValue(1);
    await journal.turn();
    journal.note('value', semaphore.getValue());
  },
  'a weight of 0 or less is refused by whatever takes one': async (semaphore, journal) => {
    const settle = (what: string, call: () => unknown): Promise<void> =>
      Promise.resolve()
        .then(call)
        .then(
          () => journal.note(`${what} is accepted`),
          (error: unknown) => journal.note(what, error),
        );
    await settle('acquire', () => semaphore.acquire(0));
    await settle('runExclusive', () => semaphore.runExclusive(() => 1, -1));
    await settle('waitForUnlock', () => semaphore.waitForUnlock(0));
    await settle('release', () => semaphore.release(0));
    journal.note('value', semaphore.getValue());
  },
};

/** Where the behaviour is shown: outside of everything, or on behalf of the holder of another mutex. */
const places: Record<string, (run: () => Promise<void>) => Promise<void>> = {
  outside: (run) => run(),
  'inside runExclusive of another mutex': (run) => traced('around').runExclusive(run),
  'while another mutex is held somewhere else': async (run) => {
    const end = deferred();
    const elsewhere = traced('elsewhere').runExclusive(() => end.promise);
    await run();
    end.resolve();
    await elsewhere;
  },
};

type Make<M> = () => { readonly plain: M; readonly traced: M };

const mutexes: Record<string, Make<MutexInterface>> = {
  'a mutex': () => ({ plain: new Mutex(), traced: traceMutex(new Mutex(), 'm') }),
  'a mutex with an error of its own': () => {
    const error = new Error('mine');
    known.set(error, 'its own error');
    return { plain: new Mutex(error), traced: traceMutex(new Mutex(error), 'm') };
  },
  'withTimeout() of a traced mutex': () => ({
    plain: withTimeout(new Mutex(), 60_000),
    traced: withTimeout(traceMutex(new Mutex(), 'm'), 60_000),
  }),
  'a traced withTimeout() of a mutex': () => ({
    plain: withTimeout(new Mutex(), 60_000),
    traced: traceMutex(withTimeout(new Mutex(), 60_000), 'm'),
  }),
};

const semaphores: Record<string, Make<SemaphoreInterface>> = {
  'a semaphore': () => ({ plain: new Semaphore(1), traced: traceSemaphore(new Semaphore(1), 's') }),
  'withTimeout() of a traced semaphore': () => ({
    plain: withTimeout(new Semaphore(1), 60_000),
    traced: withTimeout(traceSemaphore(new Semaphore(1), 's'), 60_000),
  }),
  'a traced withTimeout() of a semaphore': () => ({
    plain: withTimeout(new Semaphore(1), 60_000),
    traced: traceSemaphore(withTimeout(new Semaphore(1), 60_000), 's'),
  }),
};

function compare<M extends Pick<Lock, 'isLocked' | 'cancel' | 'release'>>(
  make: Make<M>,
  behaviours: Record<string, Behaviour<M>>,
): void {
  describe.each(Object.entries(places))('%s', (_place, within) => {
    test.each(Object.entries(behaviours))('%s', async (_title, behaviour) => {
      const seenOf = async (lock: M): Promise<string[]> => {
        const journal = new Journal();
        await within(() => behaviour(lock, journal).then(() => journal.turn()));
        const { lines } = journal;
        lock.cancel(); // who still waits, and a timer with it
        if (lock.isLocked()) lock.release();
        return [...lines];
      };
      const { plain, traced } = make();
      const expected = await seenOf(plain);
      expect(expected).not.toEqual([]);
      expect(await seenOf(traced)).toEqual(expected);
    });
  });
}

describe.each(Object.entries(mutexes))('D3: %s behaves like a plain one', (_what, make) =>
  compare(make, { ...common, ...ofMutexes } as Record<string, Behaviour<MutexInterface>>),
);
describe.each(Object.entries(semaphores))('D3: %s behaves like a plain one', (_what, make) =>
  compare(make, { ...common, ...ofSemaphores } as Record<string, Behaviour<SemaphoreInterface>>),
);

test.each<[string, (mutex: Mutex) => MutexInterface, (mutex: Mutex) => MutexInterface]>([
  ['around', (mutex) => tryAcquire(mutex), (mutex) => tryAcquire(traceMutex(mutex, 'm'))],
  ['inside', (mutex) => tryAcquire(mutex), (mutex) => traceMutex(tryAcquire(mutex), 'm')],
])('D3: tryAcquire() %s of a traced mutex behaves the same', async (_where, plain, traced) => {
  for (const make of [plain, traced]) {
    const mutex = new Mutex();
    const trying = make(mutex);
    const release = await trying.acquire();
    await expect(trying.acquire()).rejects.toBe(E_ALREADY_LOCKED);
    await expect(trying.runExclusive(() => 1)).rejects.toBe(E_ALREADY_LOCKED);
    release();
    expect(await trying.runExclusive(() => 1)).toBe(1);
    expect(trying.isLocked()).toBe(false);
  }
});

test.each<[string, (mutex: Mutex) => MutexInterface]>([
  ['around', (mutex) => withTimeout(traceMutex(mutex, 'm'), 1)],
  ['inside', (mutex) => traceMutex(withTimeout(mutex, 1), 'm')],
])('D3: withTimeout() %s of a traced mutex rejects with its own error, and the lock goes on', async (_where, make) => {
  const mutex = new Mutex();
  const timed = make(mutex);
  const release = await timed.acquire();
  await expect(timed.acquire()).rejects.toBe(E_TIMEOUT);
  await expect(timed.waitForUnlock()).rejects.toBe(E_TIMEOUT);
  await expect(timed.runExclusive(() => 1)).rejects.toBe(E_TIMEOUT);
  release();
  await turn();
  expect(await timed.runExclusive(() => 'free')).toBe('free');
});

test('D3: the promise of a traced mutex is no unhandled rejection of its own', async () => {
  const seen: unknown[] = [];
  const onUnhandled = (error: unknown): void => void seen.push(error);
  process.on('unhandledRejection', onUnhandled);
  const mutex = traced('m');
  await mutex.runExclusive(() => Promise.reject(new Error('no'))).catch(() => {});
  await turn();
  await turn();
  process.off('unhandledRejection', onUnhandled);
  expect(seen).toEqual([]);
});

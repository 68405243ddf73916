import { Mutex, Semaphore, withTimeout } from 'async-mutex';
import { createGate } from 'bootstrap-gate';
import { isDeadlockError, traceMutex, traceSemaphore } from '@bootstrap-gate/deadlock';
import { deferred, rejection, traced, turn } from '../support.js';
import { expectNoRefusal, expectNoVerdict } from './support.js';

afterEach(() => jest.restoreAllMocks());

const many = <T>(make: (number: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: 100 }, (_, number) => make(number)));

/** Takes them one inside the other, with a turn of the event loop in between. */
const nest = ([first, ...rest]: readonly Mutex[]): Promise<string> =>
  first
    ? first.runExclusive(async () => {
        await turn();
        return nest(rest);
      })
    : Promise.resolve('done');

test('D2: mutexes in one order from many sides', async () => {
  const [a, b, c] = [traced('a'), traced('b'), traced('c')];
  const ways = [[a, b, c], [a, c], [b, c], [a, b], [c]];
  await expectNoVerdict(() => many((number) => nest(ways[number % ways.length] ?? [])));
});

test('D2: mutexes in both orders, with a guard around both', async () => {
  const [guard, a, b] = [traced('guard'), traced('a'), traced('b')];
  await expectNoVerdict(() => many((number) => nest(number % 2 ? [guard, a, b] : [guard, b, a])));
});

test('D2: three mutexes in a ring of which two parts exclude each other', async () => {
  const [guard, a, b, c] = [traced('guard'), traced('a'), traced('b'), traced('c')];
  const ways = [
    [guard, a, b],
    [guard, b, c],
    [c, a],
  ];
  await expectNoVerdict(() => many((number) => nest(ways[number % 3] ?? [])));
});

test('D2: one mutex that a thousand wait for, handed on from each to the next', async () => {
  const mutex = traced('log');
  let running = 0;
  await expectNoVerdict(() =>
    Promise.all(
      Array.from({ length: 1_000 }, () =>
        mutex.runExclusive(async () => {
          expect(++running).toBe(1);
          await Promise.resolve();
          running--;
        }),
      ),
    ),
  );
});

test('D2: the children of one holder wait for one another’s locks, and end', async () => {
  const [around, log, cache] = [traced('around'), traced('log'), traced('cache')];
  await expectNoVerdict(() =>
    around.runExclusive(() => many((number) => nest(number % 2 ? [log] : number % 3 ? [cache] : [log, cache]))),
  );
});

test('D2: a lock that is taken again after it was let go of, with another one in between', async () => {
  const [a, b] = [traced('a'), traced('b')];
  const byTurns = async (): Promise<void> => {
    await a.runExclusive(turn);
    await b.runExclusive(turn);
    const free = await a.acquire();
    free();
    await a.runExclusive(turn);
  };
  await expectNoVerdict(() => many(byTurns));
});

test('D2: waiters with priorities', async () => {
  const [a, b] = [traced('a'), traced('b')];
  const order: number[] = [];
  await expectNoVerdict(async () => {
    const first = a.runExclusive(turn);
    const rest = [0, 2, 1].map((priority) =>
      a.runExclusive(() => b.runExclusive(() => void order.push(priority), 2 - priority), priority),
    );
    await Promise.all([first, ...rest]);
  });
  expect(order).toEqual([2, 1, 0]);
});

test('D2: a wait that was cancelled holds up nobody', async () => {
  const [a, b] = [traced('a'), traced('b')];
  const canceled = deferred();
  await expectNoRefusal(async () => {
    const holder = a.runExclusive(async () => {
      await canceled.promise;
      return b.runExclusive(() => 'done'); // b is held by one who waited for a, and no longer does
    });
    const waiter = b.runExclusive(async () => {
      const wait = rejection(a.runExclusive(() => 'never'));
      a.cancel();
      expect(isDeadlockError(await wait)).toBe(false);
      canceled.resolve();
      await turn();
    });
    expect(await Promise.all([holder, waiter])).toEqual(['done', undefined]);
  });
});

test('D2: a wait that timed out inside the mutex holds up nobody', async () => {
  const a = traceMutex(withTimeout(new Mutex(), 1, new Error('too late')), 'a');
  const b = traced('b');
  const timedOut = deferred();
  await expectNoRefusal(async () => {
    const holder = a.runExclusive(async () => {
      await timedOut.promise;
      return b.runExclusive(() => 'done');
    });
    const waiter = b.runExclusive(async () => {
      expect(await rejection(a.runExclusive(() => 'never'))).toMatchObject({ message: 'too late' });
      timedOut.resolve();
      await turn();
    });
    expect(await Promise.all([holder, waiter])).toEqual(['done', undefined]);
  });
});

test('D2: waitForUnlock of what others hold, in one direction', async () => {
  const [a, b] = [traced('a'), traced('b')];
  await expectNoVerdict(() =>
    many((number) => (number % 2 ? b.runExclusive(turn) : a.runExclusive(() => b.waitForUnlock()))),
  );
});

test('D2: a wait for unlocking is over when it is free, though others take it at once', async () => {
  const [a, b] = [traced('a'), traced('b')];
  await expectNoRefusal(async () => {
    const freeB = await b.acquire();
    const holder = a.runExclusive(async () => {
      await b.waitForUnlock();
      await turn();
      return 'done';
    });
    await turn();
    freeB();
    const other = b.runExclusive(async () => {
      await turn();
      return a.runExclusive(() => 'other');
    });
    expect(await Promise.all([holder, other])).toEqual(['done', 'other']);
  });
});

test('D2: a semaphore of one place, taken by many', async () => {
  const one = traceSemaphore(new Semaphore(1), 'connection');
  const log = traced('log');
  await expectNoVerdict(() => many(() => one.runExclusive(() => log.runExclusive(turn))));
});

test('D2: what one takes with acquire() and another lets go of', async () => {
  const [a, b] = [traced('a'), traced('b')];
  await expectNoRefusal(async () => {
    await b.runExclusive(async () => void (await a.acquire()));
    a.release();
    await a.runExclusive(() => b.runExclusive(turn));
  });
});

test('D2: what a holder took with acquire() and left to nobody is held by nobody known', async () => {
  const [a, b, c] = [traced('a'), traced('b'), traced('c')];
  await expectNoVerdict(async () => {
    const free = await b.runExclusive(() => a.acquire());
    const waiter = c.runExclusive(() => a.runExclusive(() => 'done'));
    await turn();
    await b.runExclusive(turn);
    free();
    expect(await waiter).toBe('done');
  });
});

test('D2: a holder that awaits a gate which does not need its mutex', async () => {
  const [log, cache] = [traced('log'), traced('cache')];
  const boot = deferred<string>();
  const gate = createGate({ bootstrap: (steps) => cache.runExclusive(() => steps.step('load', () => boot.promise)) });
  await expectNoVerdict(async () => {
    const holders = [log.runExclusive(() => gate.ensureReady()), log.runExclusive(() => cache.runExclusive(() => 'c'))];
    await turn();
    boot.resolve('up');
    expect(await Promise.all(holders)).toEqual(['up', 'c']);
  });
});

test('D2: steps that hand a mutex on to one another', async () => {
  const mutex = traced('migrations');
  const gate = createGate({
    bootstrap: (boot) => many((number) => boot.step(`step ${number}`, () => mutex.runExclusive(() => turn()))),
  });
  await expectNoVerdict(() => gate.ensureReady());
});

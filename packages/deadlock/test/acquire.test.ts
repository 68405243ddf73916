/** Locks that are taken with acquire() alone: held by the owner around, as long as nobody lets go of them. */
import { createGate, type Gate } from 'bootstrap-gate';
import { isDeadlockError } from '@bootstrap-gate/deadlock';
import { collectWarnings, cycleOf, deferred, refusal, rejection, traced, turn, watch } from './support.js';

beforeEach(() => void collectWarnings());
afterEach(() => jest.restoreAllMocks());

test('D1: two steps that take two mutexes crosswise with acquire() are told apart, and the closing one is refused', async () => {
  const [a, b] = [traced('a'), traced('b')];
  const both = deferred();
  const errors: unknown[] = [];
  const gate = createGate({
    name: 'shop',
    bootstrap: (boot) =>
      Promise.all([
        boot.step('first', async () => {
          const freeA = await a.acquire();
          await both.promise;
          const freeB = await b.acquire();
          freeB();
          freeA();
        }),
        boot.step('second', async () => {
          const freeB = await b.acquire();
          both.resolve();
          await turn();
          errors.push(await rejection(a.acquire()));
          freeB();
        }),
      ]),
  });
  await gate.ensureReady();
  expect(errors.map((error) => isDeadlockError(error) && cycleOf(error.verdict))).toEqual([
    ['step "first" of gate "shop" -> mutex "b"', 'step "second" of gate "shop" -> mutex "a"'],
  ]);
});

test('D1: a step that takes a mutex with acquire() and then waits for a gate whose bootstrap needs it', async () => {
  const mutex = traced('log');
  const stock: Gate<string> = createGate({ name: 'stock', bootstrap: () => mutex.runExclusive(() => 'stock') });
  const shop = createGate({
    name: 'shop',
    bootstrap: (boot) =>
      boot.step('load', async () => {
        const free = await mutex.acquire();
        try {
          return await stock.ensureReady();
        } finally {
          free();
        }
      }),
  });
  const error = await rejection(shop.ensureReady());
  expect(error).toMatchObject({ cause: { cause: { code: 'ERR_GATE_DEADLOCK' } } });
  expect(stock.report().verdicts.map(cycleOf)).toEqual([
    ['step "load" of gate "shop" -> gate "stock"', 'bootstrap of gate "stock" -> mutex "log"'],
  ]);
  expect(mutex.isLocked()).toBe(false);
});

test('D1: it is held by the innermost callback around, and told with the place of acquire()', async () => {
  const [outer, inner, a] = [traced('outer'), traced('inner'), traced('a')];
  const has = deferred();
  const holder = outer.runExclusive(() =>
    inner.runExclusive(async () => {
      const free = await a.acquire();
      has.resolve();
      await turn();
      await b.runExclusive(() => 1);
      free();
    }),
  );
  const b = traced('b');
  const error = await b.runExclusive(async () => {
    await has.promise;
    await turn();
    await turn();
    return refusal(a.acquire());
  });
  await holder;
  expect(cycleOf(error.verdict)).toEqual(['holder of mutex "inner" -> mutex "b"', 'holder of mutex "b" -> mutex "a"']);
  expect(error.verdict.cycle[0]?.heldAt).toMatch(/^acquire .*acquire\.test\.ts|^.*acquire\.test\.ts/);
});

test('D1: a mutex that is held by name, and asked for with acquire()', async () => {
  const mutex = traced('log');
  const error = await mutex.runExclusive(() => refusal(mutex.acquire()));
  expect(cycleOf(error.verdict)).toEqual(['holder of mutex "log" -> mutex "log"']);
});

test('D2: a self-wait through acquire() alone is not refused, since another branch may let go of it', async () => {
  const mutex = traced('log');
  const seen = await traced('around').runExclusive(async () => {
    const free = await mutex.acquire();
    const second = mutex.acquire();
    const third = mutex.runExclusive(() => 'third');
    const fourth = mutex.waitForUnlock();
    await turn();
    free();
    (await second)();
    await fourth;
    return third;
  });
  expect(seen).toBe('third');
});

test('D2: branches of one owner that each take the mutex with acquire(), at different times', async () => {
  const mutex = traced('log');
  const branch = async (turns: number): Promise<void> => {
    for (let n = 0; n < turns; n++) await turn();
    const free = await mutex.acquire();
    await turn();
    await turn();
    await turn();
    free();
  };
  const gate = createGate({
    bootstrap: (boot) => boot.step('load', () => Promise.all([0, 0, 1, 1, 2, 2, 3, 4, 5].map(branch))),
  });
  await gate.ensureReady();
  expect(gate.report().verdicts).toEqual([]);
});

test('D2: a wait of another branch that began before acquire() does not count', async () => {
  const [a, b] = [traced('a'), traced('b')];
  const waits = deferred();
  const end = deferred();
  const other = b.runExclusive(async () => {
    await waits.promise;
    await turn();
    await turn();
    const wait = a.runExclusive(() => 'other'); // held by a branch of who waits for b, and that lets go of it
    end.resolve();
    return wait;
  });
  const around = traced('around').runExclusive(() =>
    Promise.all([
      (async () => {
        waits.resolve();
        return b.runExclusive(() => 'first branch');
      })(),
      (async () => {
        await waits.promise;
        const free = await a.acquire();
        await end.promise;
        free();
      })(),
    ]),
  );
  expect(await other).toBe('other');
  expect(await around).toEqual(['first branch', undefined]);
});

test('D1: one who has one lock by name and another by acquire() is found by both', async () => {
  const [byName, byAcquire, asked, closing] = [
    traced('byName'),
    traced('byAcquire'),
    traced('asked'),
    traced('closing'),
  ];
  const [waits, end] = [deferred(), deferred()];
  const refused = closing.runExclusive(async () => {
    await waits.promise;
    await turn();
    const error = await refusal(asked.runExclusive(() => 1));
    end.resolve();
    return error;
  });
  const holder = byName.runExclusive(() =>
    Promise.all([
      closing.runExclusive(() => 1), // began before acquire(): holds up who wants byName, and not who wants byAcquire
      (async () => {
        await turn();
        const free = await byAcquire.acquire();
        waits.resolve();
        await end.promise;
        free();
      })(),
    ]),
  );
  const asking = asked.runExclusive(async () => {
    await waits.promise;
    return Promise.all([byAcquire.runExclusive(() => 1), byName.runExclusive(() => 1)]);
  });
  expect(cycleOf((await refused).verdict)).toEqual([
    'holder of mutex "asked" -> mutex "byName"',
    'holder of mutex "byName" -> mutex "closing"',
    'holder of mutex "closing" -> mutex "asked"',
  ]);
  await Promise.all([holder, asking]);
});

test('D1: what is left of a callback in a step takes a mutex on behalf of the step', async () => {
  const [a, b] = [traced('a'), traced('b')];
  const has = deferred();
  const gate = createGate({
    name: 'shop',
    bootstrap: (boot) =>
      boot.step('load', async () => {
        const left = await traced('around').runExclusive(() => [turn().then(() => a.acquire())]);
        const free = await Promise.all(left);
        has.resolve();
        await turn();
        await b.runExclusive(() => 1);
        free[0]?.();
      }),
  });
  const ready = gate.ensureReady();
  await has.promise;
  const error = await b.runExclusive(async () => {
    await turn();
    await turn();
    return refusal(a.acquire());
  });
  await ready;
  expect(cycleOf(error.verdict)).toEqual([
    'step "load" of gate "shop" -> mutex "b"',
    'holder of mutex "b" -> mutex "a"',
  ]);
});

test('D2: what is left of a holder that has ended is nobody’s, and neither is what it left locked', async () => {
  const [a, b] = [traced('a'), traced('b')];
  const wanted = deferred();
  const left = await traced('around').runExclusive(async () => {
    await a.acquire();
    return [wanted.promise.then(() => b.runExclusive(() => 'left'))];
  });
  const holder = b.runExclusive(async () => {
    wanted.resolve();
    await turn();
    const wait = a.runExclusive(() => 'holder');
    a.release(); // by somebody who knows
    return wait;
  });
  expect(await Promise.all([...left, holder])).toEqual(['left', 'holder']);
});

test('D2: outside of every owner it is not known who holds it, so nobody is accused', async () => {
  const [a, b] = [traced('a'), traced('b')];
  const first = await a.acquire();
  const second = await b.acquire();
  const waits = [a.acquire(), b.acquire()].map((wait) => [wait, watch(wait)] as const);
  await turn();
  expect(waits.map(([, { state }]) => state)).toEqual(['pending', 'pending']);
  first();
  second();
  for (const [wait] of waits) (await wait)();
});

test('D1: a releaser that is called again does not hide who holds the mutex now', async () => {
  const [a, b] = [traced('a'), traced('b')];
  const stale = await a.acquire();
  stale();
  const wanted = deferred();
  const first = a.runExclusive(() => wanted.promise.then(() => b.runExclusive(() => 'first')));
  const error = await b.runExclusive(async () => {
    await turn();
    stale();
    wanted.resolve();
    await turn();
    return refusal(a.runExclusive(() => 'second'));
  });
  expect(error.verdict.cycle).toHaveLength(2);
  expect(await first).toBe('first');
});

test('D1: nor does one of an owner who let go of it and took it again', async () => {
  const [a, b] = [traced('a'), traced('b')];
  const wanted = deferred();
  const first = traced('around').runExclusive(async () => {
    const stale = await a.acquire();
    stale();
    const free = await a.acquire();
    stale();
    await wanted.promise;
    const value = await b.runExclusive(() => 'first');
    free();
    return value;
  });
  const error = await b.runExclusive(async () => {
    await turn();
    wanted.resolve();
    await turn();
    return refusal(a.acquire());
  });
  expect(cycleOf(error.verdict)).toEqual(['holder of mutex "around" -> mutex "b"', 'holder of mutex "b" -> mutex "a"']);
  expect(await first).toBe('first');
});

test('D2: a mutex that somebody else let go of is not held any more', async () => {
  const [a, b] = [traced('a'), traced('b')];
  const end = deferred();
  const first = b.runExclusive(async () => {
    await a.acquire();
    await end.promise;
    return a.runExclusive(() => 'first');
  });
  await turn();
  a.release();
  const second = a.runExclusive(async () => {
    end.resolve();
    await turn();
    return 'second';
  });
  expect(await Promise.all([first, second])).toEqual(['first', 'second']);
});

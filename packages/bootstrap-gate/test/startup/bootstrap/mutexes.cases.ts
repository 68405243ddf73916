import '../../small-heap/runner.js';
/** Gates and traced mutexes together: what is refused, what the report says of it, and what a stall warning does. */
import { Mutex, Semaphore, type SemaphoreInterface } from 'async-mutex';
import { createGate, type Gate, isGateError } from '../../../src/index.js';
import { isDeadlockError, traceMutex, traceSemaphore, type Verdict } from '@bootstrap-gate/deadlock';
import { createGateWith } from '../../../src/create-gate.js';
import { clockForAll, settled } from '../../manual-clock.js';
import { collectMessages, collectWarnings, deferred, refusal, rejection, until } from '../../support.js';

afterEach(() => jest.restoreAllMocks());

const traced = (name: string): Mutex => traceMutex(new Mutex(), name) as Mutex;

const cycleOf = ({ cycle }: Verdict): string[] => cycle.map(({ owner, waitsFor }) => `${owner} -> ${waitsFor}`);

const step = 'step "load" of gate "shop"';
const fromStep = [
  `${step} -> mutex "log"`,
  'holder of mutex "log" -> gate "shop"',
  `bootstrap of gate "shop" -> ${step}`,
].sort();

test('D1: who holds a mutex that a step waits for may not await its gate', async () => {
  const mutex = traced('log');
  const held = deferred();
  const gate = createGate({
    name: 'shop',
    bootstrap: (boot) => boot.step('load', () => held.promise.then(() => mutex.runExclusive(() => 'up'))),
  });
  const ready = gate.ensureReady();
  const error = await mutex.runExclusive(async () => {
    held.resolve();
    await settled();
    return refusal(gate.ensureReady());
  });
  expect(error.code).toBe('ERR_GATE_DEADLOCK');
  expect(error.verdict && cycleOf(error.verdict).sort()).toEqual(fromStep);
  expect(error.verdict?.advice).toBe(
    'Do not await gate "shop" while mutex "log" is held, which its bootstrap needs: take the lock after the wait.',
  );
  expect(await ready).toBe('up');
  expect(gate.report().verdicts).toEqual([error.verdict]);
});

test('D1: a step may not wait for a mutex whose holder awaits its gate', async () => {
  const mutex = traced('log');
  const held = deferred();
  const gate: Gate<unknown> = createGate({
    name: 'shop',
    bootstrap: (boot) => boot.step('load', () => held.promise.then(() => rejection(mutex.runExclusive(() => 1)))),
  });
  const ready = gate.ensureReady();
  const holder = mutex.runExclusive(() => {
    held.resolve();
    return gate.ensureReady();
  });
  const error = await ready;
  if (!isDeadlockError(error)) throw new Error('refused with something else', { cause: error });
  expect(cycleOf(error.verdict).sort()).toEqual(fromStep);
  expect(error.message).toMatch(/^A wait for mutex "log" can never end:/);
  expect(await holder).toBe(error);
  expect(gate.report().verdicts).toEqual([error.verdict]);
});

test('D1: a flight that fails by such a refusal carries the verdict', async () => {
  const mutex = traced('log');
  const gate: Gate<unknown> = createGate({
    name: 'shop',
    bootstrap: (boot) => boot.step('load', () => mutex.runExclusive(() => mutex.runExclusive(() => 1))),
  });
  const error = await refusal(gate.ensureReady());
  expect(error.code).toBe('ERR_GATE_BOOTSTRAP_FAILED');
  expect(error.verdict && cycleOf(error.verdict)).toEqual(['holder of mutex "log" -> mutex "log"']);
  expect(isDeadlockError(error.cause)).toBe(true);
  expect(mutex.isLocked()).toBe(false);
});

test('D1: a bootstrap that waits for itself through mutexes alone has the verdict too, without a step', async () => {
  const mutex = traced('log');
  const gate = createGate({ bootstrap: () => mutex.runExclusive(() => mutex.runExclusive(() => 1)) });
  const error = await refusal(gate.ensureReady());
  expect(gate.report().verdicts).toEqual([error.verdict]);
});

interface Crossed {
  readonly shop: Gate<unknown>;
  readonly stock: Gate<unknown>;
  readonly errors: unknown[];
}

/**
 * The steps of two gates take two mutexes crosswise; no gate awaits the other.
 *
 * @param isEnough when a mutex is released by force, where nothing is refused
 */
async function crossed(deadlock?: 'warn' | 'off', isEnough = (): boolean => false): Promise<Crossed> {
  const [a, b] = [traced('a'), traced('b')];
  const both = [deferred(), deferred()] as const;
  const errors: unknown[] = [];
  const shop = createGate({
    name: 'shop',
    bootstrap: (boot) =>
      boot.step('load', () =>
        a.runExclusive(async () => {
          both[0].resolve();
          await both[1].promise;
          return b.runExclusive(() => 'shop');
        }),
      ),
  });
  const stock = createGate({
    name: 'stock',
    deadlock,
    bootstrap: (boot) =>
      b.runExclusive(async () => {
        both[1].resolve();
        await both[0].promise;
        await settled();
        return boot.step('count', () => a.runExclusive(() => 'stock')).catch((error: unknown) => errors.push(error));
      }),
  });
  const ready = Promise.all([shop.ensureReady(), stock.ensureReady()]);
  await until(() => shop.ready || isEnough());
  if (!shop.ready) a.release();
  await ready;
  return { shop, stock, errors };
}

const throughBoth = [
  'holder of mutex "a" -> mutex "b"',
  'holder of mutex "b" -> step "count" of gate "stock"',
  'step "count" of gate "stock" -> mutex "a"',
];

test('D1: of two gates whose steps take two mutexes crosswise both have the verdict, and each tells it once', async () => {
  collectWarnings(); // of their order
  let after!: Crossed;
  const messages = await collectMessages('verdict', async () => {
    after = await crossed();
  });
  const { shop, stock, errors } = after;
  expect(errors.map((error) => isDeadlockError(error) && cycleOf(error.verdict))).toEqual([throughBoth]);
  expect(shop.report().verdicts.map(cycleOf)).toEqual([throughBoth]);
  expect(stock.report().verdicts.map(cycleOf)).toEqual([throughBoth]);
  expect(messages.filter(({ type }) => type === 'certain').map(({ gate }) => gate)).toEqual(['shop', 'stock']);
});

test('D1: such a cycle is treated as the most lenient of the gates says', async () => {
  const warnings = collectWarnings();
  const warned = await crossed('warn', () => warnings.some(({ code }) => code === 'GATE_DEADLOCK'));
  expect(warned.errors).toEqual([]);
  expect(warnings.map(({ code }) => code).sort()).toEqual(['GATE_DEADLOCK', 'GATE_LOCK_ORDER']);
  expect(warned.shop.report().verdicts.map(cycleOf)).toEqual([throughBoth]);
  const looked = performance.now() + 400; // the first looks are 20 and 250 ms after the suspicion
  const off = await crossed('off', () => performance.now() > looked);
  expect(off.errors).toEqual([]);
  expect(off.shop.report().verdicts).toEqual([]);
});

test('P1: a step that waits for mutexes says so in the report, and the time counts as waiting, once', async () => {
  const clock = clockForAll();
  const [log, cache] = [traced('log'), traced('cache')];
  const free = await Promise.all([log.acquire(), cache.acquire()]);
  const gate = createGateWith(
    {
      bootstrap: (boot) =>
        boot.step('load', async () => {
          await clock.advance(3);
          const first = log.runExclusive(() => 1);
          await clock.advance(2);
          await Promise.all([first, cache.runExclusive(() => 1)]);
          await clock.advance(100);
          await log.runExclusive(() => 1);
        }),
    },
    clock,
  );
  const load = (): unknown => gate.report().attempts[0]?.steps[0];
  const ready = gate.ensureReady();
  for (let turns = 0; turns < 5; turns++) await settled();
  await clock.advance(5);
  const at: unknown = expect.stringMatching(/mutexes\.cases\.cjs:\d+:\d+/);
  expect(load()).toMatchObject({ name: 'load', state: 'running', durationMs: 10, waitingMs: 7, workingMs: 3 });
  expect(load()).toMatchObject({
    waitsFor: [
      { kind: 'mutex', name: 'log', since: clock.start + 3, at },
      { kind: 'mutex', name: 'cache', since: clock.start + 5, at },
    ],
  });

  free[0]();
  const again = await log.acquire();
  expect(load()).toMatchObject({ waitsFor: [{ name: 'cache' }] });
  await clock.advance(7);
  free[1]();
  for (let turns = 0; turns < 5; turns++) await settled();
  expect(load()).toMatchObject({
    durationMs: 117,
    waitingMs: 14,
    waitsFor: [{ name: 'log', since: clock.start + 117 }],
  });
  await clock.advance(20);
  again();
  await ready;
  expect(load()).toMatchObject({ state: 'done', durationMs: 137, waitingMs: 34, workingMs: 103, waitsFor: [] });
});

test.each<[string, Mutex | SemaphoreInterface]>([
  ['a mutex', traced('log')],
  ['a semaphore', traceSemaphore(new Semaphore(1), 'log')],
])('P1: a step that has %s does not wait for it any more', async (_what, lock) => {
  const clock = clockForAll();
  await lock.acquire();
  const end = deferred();
  const gate = createGateWith(
    { bootstrap: (boot) => boot.step('load', () => lock.runExclusive(() => end.promise)) },
    clock,
  );
  const load = (): unknown => gate.report().attempts[0]?.steps[0];
  const ready = gate.ensureReady();
  await settled();
  await clock.advance(5);
  expect(load()).toMatchObject({ waitingMs: 5, waitsFor: [{ kind: 'mutex', name: 'log' }] });
  lock.release();
  await settled();
  await clock.advance(10);
  expect(load()).toMatchObject({ waitingMs: 5, workingMs: 10, waitsFor: [] });
  end.resolve();
  await ready;
});

test('P1: a wait inside the callback of a mutex counts for the step around it', async () => {
  const clock = clockForAll();
  const [outer, inner] = [traced('outer'), traced('inner')];
  const free = await inner.acquire();
  const gate = createGateWith(
    { bootstrap: (boot) => boot.step('load', () => outer.runExclusive(() => inner.runExclusive(() => 1))) },
    clock,
  );
  const ready = gate.ensureReady();
  await settled();
  await clock.advance(4);
  expect(gate.report().attempts[0]?.steps[0]).toMatchObject({
    waitingMs: 4,
    waitsFor: [{ kind: 'mutex', name: 'inner' }],
  });
  free();
  await ready;
});

test.each<[string, (mutex: Mutex, end: Promise<void>) => unknown, RegExp]>([
  [
    'by a step',
    (mutex, end) => {
      const holder = createGate({
        name: 'stock',
        stallAfterMs: Infinity,
        bootstrap: (boot) => boot.step('count', async () => (await mutex.acquire(), await end, mutex.release())),
      });
      return holder.ensureReady();
    },
    /\(at .*mutexes\.cases\.cjs:\d+:\d+\)?; held by step "count" of gate "stock", taken at .*mutexes\.cases\.cjs:\d+:\d+\)?\)/,
  ],
  [
    'by the callback of runExclusive',
    (mutex, end) => mutex.runExclusive(() => end),
    /\(at .*mutexes\.cases\.cjs:\d+:\d+\)?; taken at .*mutexes\.cases\.cjs:\d+:\d+\)?\)/,
  ],
  [
    'by acquire() outside of everything',
    async (mutex, end) => {
      const free = await mutex.acquire();
      await end;
      free();
    },
    /\(at .*mutexes\.cases\.cjs:\d+:\d+\)?; taken at .*mutexes\.cases\.cjs:\d+:\d+\)?\)/,
  ],
])('D6: a stall warning names the mutex that is held %s, and where it was taken', async (_how, hold, where) => {
  const clock = clockForAll();
  const warnings = collectWarnings();
  const mutex = traced('log');
  const end = deferred();
  void hold(mutex, end.promise);
  await settled();
  const gate = createGateWith(
    {
      name: 'shop',
      stallAfterMs: 1_000,
      bootstrap: async (boot) => {
        await clock.advance(200);
        await boot.step('load', () => mutex.runExclusive(() => 1));
      },
    },
    clock,
  );
  const ready = gate.ensureReady();
  await settled();
  await settled();
  await clock.advance(800);
  expect(warnings.map(({ code }) => code)).toEqual(['GATE_STALLED']);
  const [stalled] = warnings;
  expect(stalled?.message).toMatch(/^The step "load" of gate "shop" has been pending for 0\.8 s \(started at /);
  expect(stalled?.message).toContain('; it waits for mutex "log" since 0.8 s (at ');
  expect(stalled?.message).toMatch(where);
  end.resolve();
  await ready;
});

test('D6: a step that waits for a mutex and a gate names both', async () => {
  const clock = clockForAll();
  const warnings = collectWarnings();
  const mutex = traced('log');
  const free = await mutex.acquire();
  const boot = deferred<string>();
  const stock = createGateWith({ name: 'stock', stallAfterMs: Infinity, bootstrap: () => boot.promise }, clock);
  const shop = createGateWith(
    {
      name: 'shop',
      stallAfterMs: 1_000,
      bootstrap: (steps) => steps.step('load', () => Promise.all([mutex.runExclusive(() => 1), stock.ensureReady()])),
    },
    clock,
  );
  const ready = shop.ensureReady();
  await settled();
  await clock.advance(1_000);
  expect(warnings[0]?.message).toMatch(
    /it waits for mutex "log" since 1\.0 s \(at .*\), and for gate "stock" since 1\.0 s \(at .*\)\.$/,
  );
  free();
  boot.resolve('up');
  expect(await ready).toEqual([1, 'up']);
});

test('D2: what comes after a refusal is not held against it: the next flight takes the same mutexes', async () => {
  const [a, b] = [traced('a'), traced('b')];
  collectWarnings();
  let flights = 0;
  const gate = createGate({
    cooldownMs: 0,
    bootstrap: () =>
      a.runExclusive(() => (++flights === 1 ? b.runExclusive(() => a.runExclusive(() => 1)) : b.runExclusive(() => 2))),
  });
  const error = await rejection(gate.ensureReady());
  expect(isGateError(error) && error.verdict?.certainty).toBe('certain');
  await settled();
  expect(await gate.ensureReady()).toBe(2);
});

test.each(['reset', 'close'] as const)(
  'D1: a stop may not wait for a mutex whose holder awaits %s() of its gate, and the rollback goes on',
  async (method) => {
    const warnings = collectWarnings();
    const mutex = traced('config');
    const first = jest.fn();
    const gate = createGate({
      name: 'shop',
      bootstrap: async (boot) => {
        await boot.step('first', () => 1, { stop: first });
        await boot.step('second', () => 2, { stop: () => mutex.runExclusive(() => {}) });
      },
    });
    await gate.ensureReady();
    await mutex.runExclusive(() => gate[method]());
    expect(first).toHaveBeenCalledTimes(1);
    expect(warnings).toMatchObject([{ code: 'GATE_STOP_FAILED', cause: { code: 'ERR_GATE_DEADLOCK' } }]);
    expect(gate.report().verdicts.map((verdict) => cycleOf(verdict).sort())).toEqual([
      [`holder of mutex "config" -> gate "shop"`, `stop of step "second" of gate "shop" -> mutex "config"`],
    ]);
  },
);

test('D1: a stop that takes two mutexes crosswise with somebody else is refused, and its gate has the verdict', async () => {
  collectWarnings();
  const [a, b] = [traced('a'), traced('b')];
  const [aTaken, bTaken] = [deferred(), deferred()];
  const gate = createGate({
    name: 'shop',
    bootstrap: {
      run: () => 1,
      stop: async () => {
        const free = await b.acquire();
        bTaken.resolve();
        await aTaken.promise;
        await settled();
        await a.runExclusive(() => {}).finally(free);
      },
    },
  });
  await gate.ensureReady();
  const closing = gate.close();
  await bTaken.promise;
  await a.runExclusive(() => {
    aTaken.resolve();
    return b.runExclusive(() => {});
  });
  await closing;
  expect(gate.report().verdicts.map((verdict) => cycleOf(verdict).sort())).toEqual([
    ['holder of mutex "a" -> mutex "b"', 'stop of the bootstrap of gate "shop" -> mutex "a"'],
  ]);
});

test('D2: a stop may wait for a mutex whose holder began a reset and does not await it', async () => {
  const warnings = collectWarnings();
  const mutex = traced('config');
  const stop = jest.fn();
  const gate = createGate({ name: 'shop', bootstrap: { run: () => 1, stop: () => mutex.runExclusive(stop) } });
  await gate.ensureReady();
  await mutex.runExclusive(async () => {
    void gate.reset();
    await settled();
  });
  await gate.reset();
  expect(stop).toHaveBeenCalledTimes(1);
  expect(warnings).toEqual([]);
  expect(gate.report().verdicts).toEqual([]);
});

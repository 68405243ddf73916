import { type Boot, createGate, type Gate } from 'bootstrap-gate';
import { deferred, rejection, traced, turn } from '../support.js';
import { expectNoVerdict } from './support.js';

afterEach(() => jest.restoreAllMocks());

test('D2: fifty gates in a row, each of which awaits the next one', async () => {
  const boot = deferred<string>();
  const gates: Gate<string>[] = [];
  for (let number = 0; number < 50; number++) {
    const next = gates[number - 1];
    const bootstrap = (steps: Boot): Promise<string> =>
      steps.step('next', () => (next ? next.ensureReady() : boot.promise));
    gates.push(createGate({ name: `g${number}`, bootstrap }));
  }
  await expectNoVerdict(async () => {
    const callers = [...gates, ...[...gates].reverse()].map((gate) => gate.ensureReady());
    await turn();
    boot.resolve('up');
    expect(new Set(await Promise.all(callers))).toEqual(new Set(['up']));
  });
});

test('D2: gates that stand in a diamond', async () => {
  const boot = deferred<string>();
  const config = createGate({ name: 'config', bootstrap: () => boot.promise });
  const db = createGate({ name: 'db', bootstrap: (steps) => steps.step('config', () => config.ensureReady()) });
  const cache = createGate({ name: 'cache', bootstrap: () => config.ensureReady() });
  const api = createGate({
    name: 'api',
    bootstrap: (steps) => Promise.all([db.ensureReady(), steps.step('cache', () => cache.ensureReady())]),
  });
  await expectNoVerdict(async () => {
    const callers = [api, cache, config, db, api].map((gate): Promise<unknown> => gate.ensureReady());
    await turn();
    boot.resolve('up');
    expect(await Promise.all(callers)).toEqual([['up', 'up'], 'up', 'up', 'up', ['up', 'up']]);
  });
});

test('D2: two gates that await each other one after the other', async () => {
  let isSecondRound = false;
  const a: Gate<string> = createGate({ name: 'a', bootstrap: () => (isSecondRound ? b.ensureReady() : 'a') });
  const b: Gate<string> = createGate({ name: 'b', bootstrap: () => (isSecondRound ? 'b' : a.ensureReady()) });
  await expectNoVerdict(async () => {
    expect(await b.ensureReady()).toBe('a');
    isSecondRound = true;
    await Promise.all([a.reset(), b.reset()]);
    expect(await a.ensureReady()).toBe('b');
  });
});

test.each<[string, (gate: Gate<unknown>) => Promise<unknown>]>([
  ['was given up by its signal', (gate) => gate.ensureReady({ signal: AbortSignal.timeout(1) })],
  ['was given up by its time limit', (gate) => gate.ensureReady({ timeoutMs: 1 })],
  [
    'was denied by a reset that nobody waits for',
    (gate) => {
      const denied = gate.ensureReady();
      void gate.reset();
      return denied;
    },
  ],
])('D2: a wait the other way round, after the first one %s', async (_how, wait) => {
  const end = deferred<string>();
  const slow: Gate<unknown> = createGate({
    name: 'slow',
    bootstrap: () => end.promise.then(() => quick.ensureReady()),
  });
  const quick: Gate<string> = createGate({
    name: 'quick',
    bootstrap: async () => {
      await rejection(wait(slow));
      end.resolve('');
      await turn();
      return 'up';
    },
  });
  await expectNoVerdict(async () => {
    const first = slow.ensureReady().catch(() => 'was reset');
    expect(await quick.ensureReady()).toBe('up');
    expect(['up', 'was reset']).toContain(await first);
  });
});

test('D2: what is left of a failed flight waits for a gate that then awaits the next flight', async () => {
  const boot = deferred();
  let flights = 0;
  const shop: Gate<string> = createGate({
    name: 'shop',
    cooldownMs: 0,
    bootstrap: () => {
      if (++flights > 1) return 'up';
      void stock.ensureReady(); // whose end nobody of this flight waits for any more
      throw new Error('no');
    },
  });
  const stock: Gate<string> = createGate({
    name: 'stock',
    bootstrap: () => boot.promise.then(() => shop.ensureReady()),
  });
  await expectNoVerdict(async () => {
    await rejection(shop.ensureReady());
    await turn();
    boot.resolve();
    expect([await stock.ensureReady(), flights]).toEqual(['up', 2]);
  });
});

describe('D2: what is left of a flight joins the next one', () => {
  type End = (boot: Boot, gate: Gate<string>) => unknown;
  const ends: [string, End, { readonly bootTimeoutMs?: number }][] = [
    ['that failed', () => Promise.reject(new Error('no')), {}],
    ['of which a step failed', (boot) => boot.step('load', () => Promise.reject(new Error('no'))), {}],
    ['of which a step timed out', (boot) => boot.step('load', ({ signal }) => onAbort(signal), { timeoutMs: 1 }), {}],
    ['that timed out', ({ signal }) => onAbort(signal), { bootTimeoutMs: 1 }],
    [
      'that was reset',
      (boot, gate) => {
        boot.detach(() => gate.reset());
        return onAbort(boot.signal);
      },
      {},
    ],
  ];

  test.each(ends)('%s', async (_how, end, options) => {
    const mutex = traced('log');
    const nextFlight = deferred();
    let left: Promise<unknown> = Promise.resolve();
    let flights = 0;
    const gate: Gate<string> = createGate({
      ...options,
      cooldownMs: 0,
      bootstrap: async (boot) => {
        if (++flights > 1) {
          return mutex.runExclusive(async () => {
            nextFlight.resolve();
            for (let tick = 0; tick < 20; tick++) await null; // no timer fires in between, not even one of 1 ms
            return 'up';
          });
        }
        const join = (): Promise<unknown> => Promise.all([gate.ensureReady(), mutex.runExclusive(() => 'its turn')]);
        left = nextFlight.promise.then(join);
        await end(boot, gate);
        return 'never';
      },
    });
    await expectNoVerdict(async () => {
      await rejection(gate.ensureReady());
      await turn();
      const ready = gate.ensureReady();
      expect([await ready, await left, flights]).toEqual(['up', ['up', 'its turn'], 2]);
    });
  });

  const onAbort = (signal: AbortSignal): Promise<never> =>
    new Promise((_resolve, reject) => {
      const fail = (): void => reject(signal.reason as Error);
      if (signal.aborted) fail();
      else signal.addEventListener('abort', fail);
    });
});

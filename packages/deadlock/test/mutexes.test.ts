import { Mutex } from 'async-mutex';
import { DeadlockError, traceMutex } from '@bootstrap-gate/deadlock';
import {
  collectVerdicts,
  collectWarnings,
  crosswise,
  cycleOf,
  deferred,
  refusal,
  traced,
  turn,
  watch,
} from './support.js';

beforeEach(() => void collectWarnings());
afterEach(() => jest.restoreAllMocks());

test('D1: of two mutexes that are taken crosswise only the closing wait is refused, with the whole cycle', async () => {
  const { error, first } = await crosswise(traced('imports'), traced('apps'));
  expect(first).toBe('first');
  expect(error.verdict.certainty).toBe('certain');
  expect(cycleOf(error.verdict)).toEqual([
    'holder of mutex "imports" -> mutex "apps"',
    'holder of mutex "apps" -> mutex "imports"',
  ]);
});

test('D1: the verdict is a picture of who waits for what, held by whom, where each wait began, and what to do', async () => {
  jest.spyOn(performance, 'now').mockReturnValue(Date.UTC(2026, 0, 1, 12, 30, 5, 678) - performance.timeOrigin);
  const imports = traced('imports');
  const apps = traced('apps');
  const both = deferred();
  const first = imports.runExclusive(async function loadModels() {
    await both.promise;
    return apps.runExclusive(() => 'models');
  });
  const error = await apps.runExclusive(async function registerApps() {
    both.resolve();
    await turn();
    return refusal(imports.runExclusive(() => 'apps'));
  });
  await first;
  const [inModels, inApps] = error.verdict.cycle;
  expect(error.message).toBe(
    [
      'A wait for mutex "imports" can never end:',
      `┌→ holder of mutex "imports" (taken at ${inModels?.heldAt})`,
      `│    waits for mutex "apps" since 12:30:05.678Z (${inModels?.at})`,
      `├→ holder of mutex "apps" (taken at ${inApps?.heldAt})`,
      `│    waits for mutex "imports" since 12:30:05.678Z (${inApps?.at})`,
      '└─ which depends on the first',
      'Take mutex "apps" and mutex "imports" in the same order everywhere, or let go of one before taking the next.',
    ].join('\n'),
  );
  for (const place of [inModels?.at, inModels?.heldAt, inApps?.at, inApps?.heldAt]) {
    expect(place).toMatch(/mutexes\.test\.ts:\d+:\d+\)?$/);
  }
  expect(inModels?.at).toMatch(/^loadModels |^runExclusive /);
  expect(new Set([inModels?.at, inModels?.heldAt, inApps?.at, inApps?.heldAt]).size).toBe(4);
});

test('D1: a holder that takes its mutex again is refused at once, at any depth', async () => {
  const mutex = traced('log');
  const other = traced('other');
  const error = await mutex.runExclusive(() => other.runExclusive(async () => refusal(mutex.runExclusive(() => 1))));
  expect(cycleOf(error.verdict)).toEqual(['holder of mutex "log" -> mutex "log"']);
  expect(error.verdict.advice).toBe(
    'Whoever holds mutex "log" cannot take it again. Take it once, outside, and call inside what expects it to be held; ' +
      'start work that nobody awaits with detach().',
  );
  expect(mutex.isLocked()).toBe(false);
});

test.each<[string, (mutex: Mutex) => Promise<unknown>]>([
  ['runExclusive', (mutex) => mutex.runExclusive(() => 1)],
  ['acquire', (mutex) => mutex.acquire()],
  ['waitForUnlock', (mutex) => mutex.waitForUnlock()],
])('D1: %s() closes a cycle like the others, and its place is the caller’s', async (method, wait) => {
  const mutex = traced('log');
  const error = await mutex.runExclusive(() => refusal(wait(mutex)));
  expect(error).toBeInstanceOf(DeadlockError);
  expect(error.verdict.cycle[0]?.at).toMatch(new RegExp(`(wait|${method}).*mutexes\\.test\\.ts`));
});

test('D1: a cycle of three', async () => {
  const [a, b, c] = [traced('a'), traced('b'), traced('c')];
  const held = [deferred(), deferred(), deferred()] as const;
  const all = Promise.all(held.map(({ promise }) => promise));
  const first = a.runExclusive(async () => {
    held[0].resolve();
    await all;
    return b.runExclusive(() => 'a');
  });
  const second = b.runExclusive(async () => {
    held[1].resolve();
    await all;
    await turn();
    return c.runExclusive(() => 'b');
  });
  const error = await c.runExclusive(async () => {
    held[2].resolve();
    await all;
    await turn();
    await turn();
    return refusal(a.runExclusive(() => 'c'));
  });
  expect(cycleOf(error.verdict)).toEqual([
    'holder of mutex "a" -> mutex "b"',
    'holder of mutex "b" -> mutex "c"',
    'holder of mutex "c" -> mutex "a"',
  ]);
  expect(await Promise.all([first, second])).toEqual(['a', 'b']);
});

test.each([
  ['first', (long: () => unknown, short: () => unknown) => [short(), long()]],
  ['last', (long: () => unknown, short: () => unknown) => [long(), short()]],
])('D1: of several cycles that a wait would close the shortest is told, also when it began %s', async (_when, ask) => {
  const [first, long, longer, short, last] = ['first', 'long', 'longer', 'short', 'last'].map(traced) as Five;
  const closing = deferred();
  const others = [
    longer.runExclusive(() => turns(1).then(() => last.runExclusive(() => 1))),
    short.runExclusive(() => turns(1).then(() => last.runExclusive(() => 1))),
    long.runExclusive(() => turns(1).then(() => longer.runExclusive(() => 1))),
    first.runExclusive(async () => {
      await turns(2);
      const both = ask(
        () => long.runExclusive(() => 1),
        () => short.runExclusive(() => 1),
      );
      closing.resolve();
      return Promise.all(both);
    }),
  ];
  const error = await last.runExclusive(async () => {
    await closing.promise;
    return refusal(first.runExclusive(() => 1));
  });
  expect(cycleOf(error.verdict)).toEqual([
    'holder of mutex "first" -> mutex "short"',
    'holder of mutex "short" -> mutex "last"',
    'holder of mutex "last" -> mutex "first"',
  ]);
  expect(await Promise.all(others)).toEqual([1, 1, 1, [1, 1]]);
});

type Five = [Mutex, Mutex, Mutex, Mutex, Mutex];

async function turns(count: number): Promise<void> {
  for (let n = 0; n < count; n++) await turn();
}

test('D1: a child of Promise.all waits on behalf of the holder around it', async () => {
  const [a, b] = [traced('a'), traced('b')];
  const wanted = deferred();
  const first = a.runExclusive(() =>
    Promise.all([
      turn(),
      (async () => {
        wanted.resolve();
        await turn();
        return b.runExclusive(() => 'child');
      })(),
    ]),
  );
  const error = await b.runExclusive(async () => {
    await wanted.promise;
    await turn();
    await turn();
    return refusal(a.runExclusive(() => 1));
  });
  expect(cycleOf(error.verdict)).toEqual(['holder of mutex "a" -> mutex "b"', 'holder of mutex "b" -> mutex "a"']);
  expect(await first).toEqual([undefined, 'child']);
});

test('D1: who was refused has let go of everything when its callback ends, and the same may be asked again', async () => {
  const [a, b] = [traced('a'), traced('b')];
  for (let round = 0; round < 3; round++) {
    await expect(crosswise(a, b)).resolves.toMatchObject({ first: 'first' });
    expect([a.isLocked(), b.isLocked()]).toEqual([false, false]);
  }
});

test('D1: a wait is refused in the tick of its call, before it stands in line', async () => {
  const plain = new Mutex();
  const mutex = traceMutex(plain, 'log');
  const acquire = jest.spyOn(plain, 'runExclusive');
  await mutex.runExclusive(() => {
    acquire.mockClear();
    const refused = watch(mutex.runExclusive(() => 1));
    expect(acquire).not.toHaveBeenCalled();
    return turn().then(() => expect(refused.state).toBe('rejected'));
  });
});

test('finding out where a wait began leaves the length of stack traces alone', async () => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 17;
  await crosswise(traced('a'), traced('b'));
  expect(Error.stackTraceLimit).toBe(17);
  Error.stackTraceLimit = stackTraceLimit;
});

test('P2: a verdict that concerns no gate is published with none', async () => {
  const messages = await collectVerdicts(() => crosswise(traced('a'), traced('b')));
  expect(messages).toMatchObject([{ gate: null, type: 'certain', verdict: { certainty: 'certain' } }]);
});

test('D1: a callback that returns something lazy holds the mutex while that works', async () => {
  const [a, b] = [traced('a'), traced('b')];
  const hasB = deferred();
  const work = (): Promise<string> => hasB.promise.then(() => b.runExclusive(() => 'lazy'));
  const lazy: PromiseLike<string> = { then: (...reactions) => work().then(...reactions) };
  const first = a.runExclusive(() => lazy as Promise<string>);
  const second = b.runExclusive(async () => {
    hasB.resolve();
    await turn();
    return refusal(a.runExclusive(() => {}));
  });
  expect(cycleOf((await second).verdict)).toHaveLength(2);
  expect(await first).toBe('lazy');
});

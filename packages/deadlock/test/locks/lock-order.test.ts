import { channel } from 'node:diagnostics_channel';
import { Mutex, type MutexInterface, Semaphore } from 'async-mutex';
import { createGate } from 'bootstrap-gate';
import { detach, type DeadlockMode, traceMutex, traceSemaphore } from '@bootstrap-gate/deadlock';
import { collectVerdicts, collectWarnings, cycleOf, deferred, type SeenWarning, traced, turn } from '../support.js';

let warnings: SeenWarning[];
beforeEach(() => (warnings = collectWarnings()));
afterEach(() => jest.restoreAllMocks());

const mutexesOf = (names: string): Mutex[] => names.split(' ').map(traced);

/** Takes them one inside the other. */
async function nest(...[first, ...rest]: readonly MutexInterface[]): Promise<void> {
  await first?.runExclusive(() => nest(...rest));
}

/** The rings that were warned of, by what is held at first. */
const rings = (): string[] =>
  warnings.map(({ message }) =>
    [...message.matchAll(/holder of (?:mutex|semaphore) "(\w+)"/g)].map(([, m]) => m).join(' '),
  );

test('D4: A then B here, B then A there is a warning, with the places, although it never happened', async () => {
  const [a, b] = mutexesOf('a b') as [Mutex, Mutex];
  const messages = await collectVerdicts(async () => {
    await a.runExclusive(() => b.runExclusive(() => 1));
    expect(warnings).toEqual([]);
    await b.runExclusive(() => a.runExclusive(() => 1));
  });
  expect(warnings).toMatchObject([{ name: 'BootstrapGateWarning', code: 'GATE_LOCK_ORDER' }]);
  expect(messages).toMatchObject([{ gate: null, type: 'potential', verdict: { certainty: 'potential' } }]);
  const { verdict } = messages[0] as (typeof messages)[number];
  expect(cycleOf(verdict)).toEqual(['holder of mutex "b" -> mutex "a"', 'holder of mutex "a" -> mutex "b"']);
  const places = verdict.cycle.flatMap(({ at, heldAt }) => [at, heldAt]);
  for (const place of places) expect(place).toMatch(/lock-order\.test\.ts:\d+:\d+\)?$/);
  expect(new Set(places).size).toBe(4);
  for (const place of places) expect(warnings[0]?.message).toContain(place);
  expect(warnings[0]?.message).toMatch(/^Locks are taken in an order that can deadlock:\n┌→ holder of mutex "b"/);
  expect(verdict.advice).toBe(
    'Take mutex "b" and mutex "a" in the same order everywhere, or let go of one before taking the next.',
  );
});

test('D4: it is told once, however often and from wherever it is seen again', async () => {
  const [a, b, c] = mutexesOf('a b c') as [Mutex, Mutex, Mutex];
  for (let round = 0; round < 3; round++) {
    await nest(a, b);
    await nest(b, a);
    await b.runExclusive(async () => (await a.acquire())());
    await nest(c, b, a);
  }
  expect(rings()).toEqual(['b a']);
});

test.each([
  ['three', 'a b c'],
  ['five', 'a b c d e'],
])('D4: a ring of %s', async (_count, names) => {
  const locks = mutexesOf(names);
  for (const [index, lock] of locks.entries()) {
    expect(warnings).toEqual([]);
    await nest(lock, locks[(index + 1) % locks.length] as Mutex);
  }
  expect(warnings).toHaveLength(1);
  expect(rings()[0]?.split(' ').sort()).toEqual(names.split(' '));
});

test('D4: of several rings the shortest is told first, and another one when it is completed', async () => {
  const [a, b, c, d] = mutexesOf('a b c d') as [Mutex, Mutex, Mutex, Mutex];
  await nest(a, b);
  await nest(b, c);
  await nest(c, d);
  await nest(a, d);
  await nest(d, a);
  expect(rings()).toEqual(['d a']);
  await nest(c, a);
  expect(rings()).toEqual(['d a', 'c a b']);
});

test('D4: what is harmless is not told', async () => {
  const [a, b, c] = mutexesOf('a b c') as [Mutex, Mutex, Mutex];
  await nest(a, b, c);
  await nest(a, c);
  await nest(b, c);
  await nest(a, b);
  await nest(c);
  await nest(b);
  await nest(a);
  expect(warnings).toEqual([]);
});

test('D4: two mutexes of one name are two', async () => {
  const [first, second] = mutexesOf('log log') as [Mutex, Mutex];
  await nest(first, second);
  await nest(first, second);
  expect(warnings).toEqual([]);
  await nest(second, first);
  expect(rings()).toEqual(['log log']);
});

test('D4: a lock that is held around both orders makes them harmless', async () => {
  const [g, h, a, b, c, d] = mutexesOf('g h a b c d') as [Mutex, Mutex, Mutex, Mutex, Mutex, Mutex];
  await nest(g, a, b);
  await nest(g, b, a);
  await nest(g, h, c, d);
  await nest(h, d, c);
  expect(warnings).toEqual([]);
});

test('D4: a guard that one of them lacks is none, also when that shows later', async () => {
  const [g, a, b] = mutexesOf('g a b') as [Mutex, Mutex, Mutex];
  await nest(g, a, b);
  await nest(g, b, a);
  await nest(g, a, b);
  expect(warnings).toEqual([]);
  await nest(a, b);
  expect(rings()).toEqual(['a b']);
});

test('D4: a ring that was told is not told again when its orders lose their guards', async () => {
  const [g, h, a, b] = mutexesOf('g h a b') as [Mutex, Mutex, Mutex, Mutex];
  await nest(g, a, b);
  await nest(h, b, a);
  expect(rings()).toEqual(['b a']);
  await nest(a, b);
  await nest(b, a);
  expect(rings()).toEqual(['b a']);
});

test('D4: nor when another ring was told meanwhile', async () => {
  const [g, h, a, b, c, d] = mutexesOf('g h a b c d') as [Mutex, Mutex, Mutex, Mutex, Mutex, Mutex];
  await nest(g, a, b);
  await nest(h, b, a);
  await nest(c, d);
  await nest(d, c);
  await nest(a, b);
  await nest(b, a);
  expect(rings()).toEqual(['b a', 'd c']);
});

test('D4: of two that are held by acquire(), the one that is let go of is in no order from then on', async () => {
  const [a, b, c] = mutexesOf('a b c') as [Mutex, Mutex, Mutex];
  await traced('around').runExclusive(async () => {
    const freeA = await a.acquire();
    const freeB = await b.acquire();
    freeA();
    await c.runExclusive(() => 1);
    freeB();
  });
  await nest(c, a);
  expect(rings()).toEqual([]);
  await nest(c, b);
  expect(rings()).toEqual(['c b']);
});

test('D4: where a mutex was taken is told for the first 1,000 times', async () => {
  const [a, b] = mutexesOf('a b') as [Mutex, Mutex];
  for (let n = 0; n < 1_000; n++) await a.runExclusive(() => 1);
  await nest(a, b);
  const messages = await collectVerdicts(() => nest(b, a));
  const [inB, inA] = messages[0]?.verdict.cycle ?? [];
  expect(inB?.heldAt).toMatch(/lock-order\.test\.ts/);
  expect(Object.keys(inA ?? {})).toEqual(['owner', 'waitsFor', 'since', 'at']);
});

test('D4: two guards of which each order has one at a time are none', async () => {
  const [g, h, a, b] = mutexesOf('g h a b') as [Mutex, Mutex, Mutex, Mutex];
  await nest(g, h, a, b);
  await nest(h, b, a);
  expect(warnings).toEqual([]);
  await nest(g, b, a);
  expect(rings()).toEqual(['b a']);
});

test('D4: a ring of which two parts exclude each other is harmless, until one of them loses its guard', async () => {
  const [g, a, b, c] = mutexesOf('g a b c') as [Mutex, Mutex, Mutex, Mutex];
  await nest(g, a, b);
  await nest(g, b, c);
  await nest(c, a);
  expect(warnings).toEqual([]);
  await nest(a, b);
  expect(rings()).toHaveLength(1);
});

test('D4: locks that are held by a holder around a step, and by acquire(), count', async () => {
  const [a, b, c] = mutexesOf('a b c') as [Mutex, Mutex, Mutex];
  const gate = createGate({
    bootstrap: async (boot) => {
      await a.runExclusive(() => boot.step('load', () => b.runExclusive(() => 1)));
      await boot.step('more', async () => {
        const free = await b.acquire();
        await a.runExclusive(() => 1);
        free();
        await c.runExclusive(() => b.runExclusive(() => 1)); // b is free again
      });
    },
  });
  await gate.ensureReady();
  expect(rings()).toEqual(['b a']);
});

test('D4: a semaphore of one place has its place in the order', async () => {
  const pool = traceSemaphore(new Semaphore(1), 'pool');
  const log = traced('log');
  await pool.runExclusive(() => log.runExclusive(() => 1));
  await log.runExclusive(() => pool.runExclusive(() => 1));
  expect(rings()).toEqual(['log pool']);
});

test('D4: the order of an acquire() that has to wait counts like the others', async () => {
  const [a, b] = mutexesOf('a b') as [Mutex, Mutex];
  await nest(a, b);
  const free = await a.acquire();
  const waiting = b.runExclusive(async () => (await a.acquire())());
  await turn();
  expect(rings()).toEqual(['b a']);
  free();
  await waiting;
});

test('D2: what a holder that has ended left locked is not in the order of what is left of it', async () => {
  const [a, b] = mutexesOf('a b') as [Mutex, Mutex];
  await nest(b, a);
  const end = deferred();
  const elsewhere = traced('elsewhere').runExclusive(() => end.promise); // keeps the async context tracked
  const left = await traced('around').runExclusive(async () => {
    await a.acquire();
    return [turn().then(() => b.runExclusive(() => 1))];
  });
  await Promise.all(left);
  end.resolve();
  await elsewhere;
  expect(warnings).toEqual([]);
});

test('D2: what is not held together is not in an order', async () => {
  const [a, b, c] = mutexesOf('a b c') as [Mutex, Mutex, Mutex];
  await nest(a, b);
  await b.runExclusive(() => 1);
  await a.runExclusive(() => 1); // one after the other
  await b.runExclusive(() => detach(() => a.runExclusive(() => 1))); // on behalf of nobody
  await b.runExclusive(() => a.waitForUnlock()); // takes nothing
  await Promise.all([b.runExclusive(turn), a.runExclusive(turn)]);
  await c.runExclusive(() => Promise.all([b.runExclusive(turn), a.runExclusive(turn)])); // side by side
  expect(warnings).toEqual([]);
});

test.each<[DeadlockMode, DeadlockMode, number]>([
  ['throw', 'throw', 1],
  ['warn', 'throw', 1],
  ['warn', 'warn', 1],
  ['off', 'throw', 0],
  ['throw', 'off', 0],
  ['off', 'off', 0],
])('D4: with %p and %p there are %p warnings', async (ofA, ofB, count) => {
  const a = traceMutex(new Mutex(), 'a', { deadlock: ofA });
  const b = traceMutex(new Mutex(), 'b', { deadlock: ofB });
  await nest(a, b);
  await nest(b, a);
  await nest(a, b);
  expect(warnings).toHaveLength(count);
});

test('D4: nothing is refused for an order that could deadlock', async () => {
  const [a, b] = mutexesOf('a b') as [Mutex, Mutex];
  await nest(a, b);
  expect(await b.runExclusive(() => a.runExclusive(() => 'done'))).toBe('done');
  expect(channel('bootstrap-gate.verdict').hasSubscribers).toBe(false);
  expect(warnings).toHaveLength(1);
});

import { Mutex } from 'async-mutex';
import { traceMutex } from '@bootstrap-gate/deadlock';
import { collectGarbage } from '@bootstrap-gate/deadlock/adapter';
import { collectWarnings, type SeenWarning, traced, turn } from '../support.js';

let warnings: SeenWarning[];
beforeEach(() => (warnings = collectWarnings()));
afterEach(() => jest.restoreAllMocks());

interface Shared {
  readonly users: number;
  readonly order: {
    readonly byAge: ReadonlySet<unknown>;
    readonly pairs: ReadonlyMap<number, ReadonlyMap<number, unknown>>;
    readonly told: ReadonlySet<string>;
  };
}

/** What all copies of the package share. */
const shared = (Reflect.get(globalThis, Symbol.for('bootstrap-gate.deadlock.2')) as () => Shared)();

/** How many pairs are remembered, by both ways to them. */
function pairs(): number {
  const { byAge, pairs } = shared.order;
  const byLock = [...pairs.values()].reduce((sum, { size }) => sum + size, 0);
  expect(byLock).toBe(byAge.size);
  expect([...pairs.values()].filter(({ size }) => size === 0)).toEqual([]);
  return byAge.size;
}

const inside = (first: Mutex, second: Mutex): Promise<unknown> =>
  first.runExclusive(() => second.runExclusive(() => 1));

test('D4: mutexes that are never held together leave nothing behind', async () => {
  const before = pairs();
  for (let n = 0; n < 1_000; n++) await traced(`m${n}`).runExclusive(turn);
  for (let n = 0; n < 1_000; n++) traced(`n${n}`);
  expect(pairs()).toBe(before);
});

test('D4: what is set to "off" is not remembered', async () => {
  const [a, b] = [traceMutex(new Mutex(), 'a', { deadlock: 'off' }), traceMutex(new Mutex(), 'b', { deadlock: 'off' })];
  const before = pairs();
  await a.runExclusive(() => b.runExclusive(() => 1));
  await b.runExclusive(() => a.runExclusive(() => 1));
  expect(pairs()).toBe(before);
});

test('D4: 10,000 pairs are remembered, of 100,000 as well; the oldest is forgotten first', async () => {
  const hub = traced('hub');
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(traced) as [Mutex, Mutex, Mutex, Mutex];
  const another = async (count: number): Promise<void> => {
    await hub.runExclusive(async () => {
      for (let n = 0; n < count; n++) await traced(`one of many`).runExclusive(() => 1);
    });
  };
  const before = pairs();
  await inside(a, b); // the oldest, after what the tests above have left
  await another(10);
  await inside(c, d);
  await another(10_000 - before - 12);
  expect(pairs()).toBe(10_000);

  await another(before + 1); // up to and with a before b
  expect(pairs()).toBe(10_000);
  await inside(b, a);
  expect(warnings).toEqual([]);
  await inside(d, c);
  expect(warnings).toHaveLength(1);

  await another(90_000);
  expect(pairs()).toBe(10_000);
  await inside(hub, a);
  await inside(a, hub);
  expect(warnings).toHaveLength(2); // the newest are known, also of a lock that is held around very many
}, 60_000);

test('a mutex that nobody has any more is collected, traced and taken or not', async () => {
  const refs: WeakRef<object>[] = [];
  const make = async (): Promise<void> => {
    const [plain, other] = [new Mutex(), new Mutex()];
    const [mutex, nested] = [traceMutex(plain, 'mortal'), traceMutex(other, 'mortal as well')];
    await mutex.runExclusive(() => nested.runExclusive(() => 1));
    (await mutex.acquire())();
    refs.push(...[plain, other, mutex, nested].map((object) => new WeakRef(object)));
  };
  for (let n = 0; n < 100; n++) await make();
  await turn();
  collectGarbage();
  expect(refs.filter((ref) => ref.deref()).length).toBeLessThan(10); // the last ones may still be on the stack
});

test('nobody needs the async context any more when all is done', async () => {
  await Promise.all([traced('a').runExclusive(turn), traced('b').runExclusive(() => inside(traced('c'), traced('d')))]);
  await traced('e')
    .runExclusive(() => Promise.reject(new Error('no')))
    .catch(() => {});
  expect(shared.users).toBe(0);
});

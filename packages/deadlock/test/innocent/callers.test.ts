import { createGate, type Gate } from 'bootstrap-gate';
import { detach } from '@bootstrap-gate/deadlock';
import { deferred, traced, turn } from '../support.js';
import { expectNoVerdict } from './support.js';

afterEach(() => jest.restoreAllMocks());

const thousand = <T>(make: (number: number) => T): T[] => Array.from({ length: 1_000 }, (_, number) => make(number));

test('D2: a thousand concurrent callers of one gate join', async () => {
  const boot = deferred<string>();
  const gate = createGate({ bootstrap: (steps) => steps.step('load', () => boot.promise) });
  const wrapped = gate.wrap((number: number) => number);
  await expectNoVerdict(async () => {
    const callers = thousand((number) => [gate.ensureReady(), wrapped(number)]).flat();
    await turn();
    boot.resolve('up');
    expect((await Promise.all(callers)).filter((value) => value === 'up')).toHaveLength(1_000);
  });
});

test('D2: a thousand gates that await one', async () => {
  const boot = deferred<string>();
  const config = createGate({ name: 'config', bootstrap: () => boot.promise });
  const gates = thousand((number) =>
    createGate({ name: `g${number}`, bootstrap: (steps) => steps.step('config', () => config.ensureReady()) }),
  );
  await expectNoVerdict(async () => {
    const callers = gates.map((gate) => gate.ensureReady());
    await turn();
    boot.resolve('up');
    expect(new Set(await Promise.all(callers))).toEqual(new Set(['up']));
  });
});

test('D2: a thousand children of one Promise.all that await another gate and take one mutex', async () => {
  const config = createGate({ name: 'config', bootstrap: () => turn().then(() => 1) });
  const log = traced('log');
  const load = async (): Promise<number> => {
    const value = await config.ensureReady();
    return log.runExclusive(() => value);
  };
  const gate = createGate({
    bootstrap: (boot) =>
      Promise.all([...thousand((number) => boot.step(`part ${number}`, load)), ...thousand(() => load())]),
  });
  await expectNoVerdict(async () => expect(await gate.ensureReady()).toHaveLength(2_000));
});

test('D2: steps that await other steps of the same bootstrap', async () => {
  const gate = createGate({
    bootstrap: async (boot) => {
      const config = boot.step('config', () => turn().then(() => 'config'));
      const db = boot.step('db', async () => `db with ${await config}`);
      const cache = boot.step('cache', async () => `cache with ${await config}`);
      return boot.step('api', async () => Promise.all([db, cache, boot.step('inner', () => db)]));
    },
  });
  await expectNoVerdict(async () =>
    expect(await gate.ensureReady()).toEqual(['db with config', 'cache with config', 'db with config']),
  );
});

test('D2: detached work of a bootstrap may wait for its gate', async () => {
  const seen: string[] = [];
  const work = async (gate: Gate<string>): Promise<void> => void seen.push(await gate.ensureReady());
  const gate: Gate<string> = createGate({
    bootstrap: async (boot) => {
      boot.detach(() => work(gate));
      await boot.step('load', () => {
        boot.detach(() => work(gate));
        void detach(() => work(gate));
      });
      return 'up';
    },
  });
  await expectNoVerdict(async () => {
    await gate.ensureReady();
    await turn();
  });
  expect(seen).toEqual(['up', 'up', 'up']);
});

test('D2: detached work may wait for the mutex that its starter holds, and take it with others', async () => {
  const [a, b] = [traced('a'), traced('b')];
  await expectNoVerdict(async () => {
    const work = await a.runExclusive(() =>
      b.runExclusive(() => [detach(() => a.runExclusive(() => b.runExclusive(() => 'done')))]),
    );
    expect(await Promise.all(work)).toEqual(['done']);
  });
});

test('D2: a timer that nobody’s bootstrap has set may wait for a gate again and again', async () => {
  const boot = deferred<string>();
  const gate: Gate<string> = createGate({ bootstrap: () => boot.promise });
  const waits: Promise<string>[] = [];
  const timer = setInterval(() => waits.push(gate.ensureReady()), 1);
  await expectNoVerdict(async () => {
    const ready = gate.ensureReady();
    while (waits.length < 3) await turn();
    boot.resolve('up');
    await ready;
    clearInterval(timer);
    expect(new Set(await Promise.all(waits))).toEqual(new Set(['up']));
  });
});

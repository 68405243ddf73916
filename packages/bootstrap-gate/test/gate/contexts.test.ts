import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { type Boot, createGate } from '../../src/index.js';
import { OwnContext } from '../../src/kit/context.js';
import { createGateWith } from '../../src/create-gate.js';
import { ManualClock, settled } from '../manual-clock.js';
import { collectWarnings, deferred } from '../support.js';

const requests = new AsyncLocalStorage<string>();
const seen: Record<string, string | undefined> = {};
const look = (where: string): void => void (seen[where] = requests.getStore());

beforeEach(() => {
  for (const where of Object.keys(seen)) delete seen[where];
});
afterEach(() => jest.restoreAllMocks());

/** A bootstrap that looks around in every place that user code can be in. */
const lookingAround = {
  async run(boot: Boot): Promise<void> {
    look('bootstrap');
    await boot.step(
      'load',
      async () => {
        look('step');
        await settled();
        look('step after a wait');
      },
      { stop: () => look('stop of the step') },
    );
    boot.detach(() => look('detached work'));
    look('bootstrap after a step');
  },
  stop: () => look('stop'),
};
const everywhere = {
  bootstrap: undefined,
  step: undefined,
  'step after a wait': undefined,
  'detached work': undefined,
  'bootstrap after a step': undefined,
  'stop of the step': undefined,
  stop: undefined,
};

test('A6: the bootstrap, its steps, detached work and the rollback do not see the store of the request that started it', async () => {
  const gate = createGate({ bootstrap: lookingAround });
  await requests.run('request', () => gate.ensureReady());
  await requests.run('request that resets', () => gate.reset());
  expect(seen).toEqual(everywhere);
});

test('A6: an eager bootstrap does not see the store of the code that created the gate', async () => {
  const gate = requests.run('creator', () => createGate({ bootstrap: lookingAround, eager: true }));
  await gate.ensureReady();
  await gate.close();
  expect(seen).toEqual(everywhere);
});

test('A6: a bootstrap that starts because a reset let the next one begin sees no store either', async () => {
  const gate = createGate({ bootstrap: lookingAround });
  await requests.run('first', () => gate.ensureReady());
  const resetting = requests.run('resetting', () => gate.reset());
  await requests.run('waiting', () => gate.ensureReady());
  await resetting;
  expect(seen).toEqual(everywhere);
});

test('A6: a repeated attempt sees no store', async () => {
  const clock = new ManualClock();
  const bootstrap = ({ attempt }: Boot): void => {
    look(`attempt ${attempt}`);
    if (attempt === 1) throw new Error('again');
  };
  const gate = createGateWith({ bootstrap, retry: { attempts: 2 } }, clock);
  const caller = requests.run('request', () => gate.ensureReady());
  await settled();
  await requests.run('timer', () => clock.advance(60_000));
  await caller;
  expect(seen).toEqual({ 'attempt 1': undefined, 'attempt 2': undefined });
});

test('A6: every waiter goes on in its own context, whoever opened the gate', async () => {
  const boot = deferred();
  const gate = createGate({ bootstrap: () => boot.promise });
  const wrapped = gate.wrap(() => requests.getStore());
  const calls = ['a', 'b', 'c'].map((name) =>
    requests.run(name, async () => {
      await gate.ensureReady();
      return [name, requests.getStore(), await wrapped()];
    }),
  );
  const direct = requests.run('d', () => wrapped());
  requests.run('opener', () => boot.resolve());
  expect(await Promise.all(calls)).toEqual(['a', 'b', 'c'].map((name) => [name, name, name]));
  expect(await direct).toBe('d');
});

test('A6: a denied waiter, too, goes on in its own context', async () => {
  const boot = deferred();
  const gate = createGate({ bootstrap: () => boot.promise });
  const caller = requests.run('mine', () => gate.ensureReady().catch(() => requests.getStore()));
  requests.run('theirs', () => boot.reject(new Error('no')));
  expect(await caller).toBe('mine');
});

test('A6: pilots and the next in line run in their own contexts', async () => {
  const gate = createGate({ firstRequests: 2 });
  const first = deferred();
  const wrapped = gate.wrap(async (wait: Promise<void>) => {
    await wait;
    return requests.getStore();
  });
  const calls = ['a', 'b', 'c'].map((name) => requests.run(name, () => wrapped(first.promise)));
  first.resolve();
  expect(await Promise.all(calls)).toEqual(['a', 'b', 'c']);
});

test('A6: the store of one flight is not seen by the next one', async () => {
  collectWarnings();
  const own = new AsyncLocalStorage<number>();
  const stores: (number | undefined)[] = [];
  const gate = createGate({
    bootstrap: () => {
      stores.push(own.getStore());
      own.enterWith(stores.length); // what tracing libraries do
    },
  });
  await gate.ensureReady();
  await gate.reset();
  await gate.ensureReady();
  expect(stores).toEqual([undefined, undefined]);
  expect(own.getStore()).toBeUndefined();
});

test('A6: who looks at async resources finds those of the gate by name', async () => {
  const types = new Set<string>();
  const hook = createHook({ init: (_id, type) => void types.add(type) }).enable();
  const gate = createGate({ bootstrap: () => 1 });
  await gate.ensureReady();
  void new OwnContext();
  hook.disable();
  expect([...types].filter((type) => type.startsWith('Bootstrap')).sort()).toEqual([
    'BootstrapGateFlight',
    'BootstrapGateWaiter',
  ]);
});

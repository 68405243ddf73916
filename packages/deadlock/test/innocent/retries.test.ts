import { createGate, type Gate } from 'bootstrap-gate';
import { traced, turn } from '../support.js';
import { expectNoVerdict } from './support.js';

afterEach(() => jest.restoreAllMocks());

const retry = { attempts: 3, delayMs: 0 };

test('D2: a step that is tried again, each time with the same gate and mutex', async () => {
  const config = createGate({ name: 'config', bootstrap: () => turn().then(() => 'up') });
  const log = traced('log');
  const tries: number[] = [];
  const load = ({ attempt }: { readonly attempt: number }): Promise<string> =>
    log.runExclusive(async () => {
      tries.push(attempt);
      const value = await config.ensureReady();
      if (attempt < 3) throw new Error('not yet');
      return value;
    });
  const gate = createGate({ bootstrap: (boot) => boot.step('load', load, { retry }) });
  await expectNoVerdict(async () => expect(await gate.ensureReady()).toBe('up'));
  expect(tries).toEqual([1, 2, 3]);
});

test('D2: a bootstrap that is tried again, each time with the same gate, mutex and steps', async () => {
  const config = createGate({ name: 'config', bootstrap: () => turn().then(() => 'up') });
  const log = traced('log');
  const gate = createGate({
    retry,
    bootstrap: async (boot) => {
      const value = await boot.step('config', () => log.runExclusive(() => config.ensureReady()), { stop: () => {} });
      await log.runExclusive(() => boot.step('check', () => turn()));
      if (boot.attempt < 3) throw new Error('not yet');
      return value;
    },
  });
  await expectNoVerdict(async () => expect(await gate.ensureReady()).toBe('up'));
  expect(gate.report().attempts).toHaveLength(3);
});

test('D2: a gate that failed because of another one, and is tried again with it', async () => {
  let tries = 0;
  const config = createGate({
    name: 'config',
    cooldownMs: 0,
    bootstrap: () => (++tries < 3 ? Promise.reject(new Error('not yet')) : 'up'),
  });
  const gate: Gate<string> = createGate({
    name: 'api',
    retry,
    bootstrap: (boot) => boot.step('config', () => config.ensureReady()),
  });
  await expectNoVerdict(async () => expect(await gate.ensureReady()).toBe('up'));
});

test('D2: a rollback that waits for the gate that its step waited for, and takes the same mutex', async () => {
  const log = traced('log');
  const config = createGate({ name: 'config', bootstrap: () => 'up' });
  const stopped: string[] = [];
  const gate = createGate({
    bootstrap: (boot) =>
      boot.step('load', () => log.runExclusive(() => config.ensureReady()), {
        stop: (value) => log.runExclusive(async () => stopped.push(value, await config.ensureReady())),
      }),
  });
  await expectNoVerdict(async () => {
    await gate.ensureReady();
    await config.reset();
    await gate.reset();
  });
  expect(stopped).toEqual(['up', 'up']);
});

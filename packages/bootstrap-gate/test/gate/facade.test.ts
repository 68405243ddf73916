/** The gate that applications hold: frozen, with nothing of its inside. */
import { inspect } from 'node:util';
import { createGate } from '../../src/index.js';
import { deferred } from '../support.js';

const opened = async () => {
  const gate = createGate({ name: 'api', bootstrap: () => ({ password: 'secret' }) });
  await gate.ensureReady();
  return gate;
};

test('a gate prints its name, its state and how many wait, and nothing of its inside', async () => {
  const gate = await opened();
  expect(inspect(gate)).toBe("Gate { name: 'api', state: 'ready', waiting: 0 }");
  expect(inspect(gate, { showHidden: true, depth: Infinity, getters: true })).not.toContain('secret');
  expect(JSON.stringify(gate)).not.toContain('secret');
  expect(inspect({ gate }, { depth: 0 })).toContain('Gate');
});

test('no property of a gate can be set, not even by way of its prototype', async () => {
  const boot = deferred();
  const gate = createGate({ bootstrap: () => boot.promise });
  const writable = gate as { ready: boolean; close: unknown };
  expect(() => (writable.ready = true)).toThrow(TypeError);
  expect(() => (writable.close = () => {})).toThrow(TypeError);
  expect(() => Object.defineProperty(Object.getPrototypeOf(gate) as object, 'ready', { value: true })).toThrow(
    TypeError,
  );
  expect(gate.ready).toBe(false);
  boot.resolve();
  await gate.ensureReady();
  expect(gate.ready).toBe(true);
});

test('methods can be taken off a gate', async () => {
  const { ensureReady, wrap, report, onChange, drain, reset, close } = createGate({ bootstrap: () => 'value' });
  const states: string[] = [];
  onChange((state) => states.push(state));
  expect(await ensureReady()).toBe('value');
  expect(await wrap((n: number) => n + 1)(1)).toBe(2);
  drain();
  await reset();
  await close();
  expect(report().state).toBe('closed');
  expect(states).toEqual(['booting', 'ready', 'draining', 'failed', 'idle', 'closed']);
});

test('a method may be a listener: what the event brings along is not taken for options', async () => {
  const gate = await opened();
  process.once('SIGUSR2', gate.close as () => void);
  process.emit('SIGUSR2', 'SIGUSR2');
  await gate.close();
  expect(gate.state).toBe('closed');
});

test('`await using` closes a gate', async () => {
  const gate = await opened();
  await gate[Symbol.asyncDispose]();
  expect(gate.state).toBe('closed');
});

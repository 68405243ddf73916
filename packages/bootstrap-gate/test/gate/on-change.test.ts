import { createGate, type GateState } from '../../src/index.js';
import { collectWarnings } from '../support.js';

afterEach(() => jest.restoreAllMocks());

test('onChange is called synchronously, with the state and the previous one', async () => {
  const gate = createGate({ bootstrap: () => 1 });
  const changes: [GateState, GateState][] = [];
  gate.onChange((...change) => changes.push(change));
  const caller = gate.ensureReady();
  expect(changes).toEqual([['booting', 'idle']]);
  await caller;
  gate.drain();
  expect(changes).toEqual([
    ['booting', 'idle'],
    ['ready', 'booting'],
    ['draining', 'ready'],
  ]);
});

test('onChange tells changes in order to every listener, also those that a listener brings about', async () => {
  const gate = createGate({ bootstrap: () => 1 });
  const heard: string[] = [];
  gate.onChange((state) => {
    heard.push(`first ${state}`);
    if (state === 'ready') gate.drain();
    if (state === 'draining') void gate.close();
  });
  gate.onChange((state, previous) => heard.push(`second ${state} after ${previous}`));
  await gate.ensureReady().catch(() => {});
  expect(heard).toEqual([
    'first booting',
    'second booting after idle',
    'first ready',
    'second ready after booting',
    'first draining',
    'second draining after ready',
    'first closed',
    'second closed after draining',
  ]);
});

test('onChange: a listener that throws is a warning, and keeps neither the others nor the gate from going on', async () => {
  const warnings = collectWarnings();
  const gate = createGate({ name: 'api', bootstrap: () => 1 });
  const bug = new Error('bug');
  const heard: string[] = [];
  gate.onChange(() => {
    throw bug;
  });
  gate.onChange((state) => heard.push(state));
  expect(await gate.ensureReady()).toBe(1);
  expect(heard).toEqual(['booting', 'ready']);
  expect(warnings.map(({ code, cause }) => [code, cause])).toEqual([
    ['GATE_CALLBACK_FAILED', bug],
    ['GATE_CALLBACK_FAILED', bug],
  ]);
  expect(warnings[0]?.message).toBe('An onChange listener of gate "api" threw: bug');
});

test('onChange: what an async listener throws is a warning too, and no unhandled rejection', async () => {
  const warnings = collectWarnings();
  const gate = createGate({ bootstrap: () => 1 });
  const bug = new Error('bug');
  const listener = async (state: GateState): Promise<void> => {
    await gate.ensureReady();
    if (state === 'ready') throw bug;
  };
  gate.onChange(listener as (state: GateState) => void);
  await gate.ensureReady();
  await new Promise(setImmediate);
  expect(warnings.map(({ code, cause }) => [code, cause])).toEqual([['GATE_CALLBACK_FAILED', bug]]);
});

test('onChange returns the unsubscription, which may be called twice', async () => {
  const gate = createGate({ bootstrap: () => 1 });
  const listener = jest.fn();
  const other = jest.fn();
  const unsubscribe = gate.onChange(listener);
  gate.onChange(other);
  unsubscribe();
  unsubscribe();
  await gate.ensureReady();
  expect(listener).not.toHaveBeenCalled();
  expect(other).toHaveBeenCalledTimes(2);
});

test('onChange: a function that subscribed twice is told twice, and each unsubscription ends one', async () => {
  const gate = createGate({ bootstrap: () => 1 });
  const listener = jest.fn();
  const unsubscribe = gate.onChange(listener);
  gate.onChange(listener);
  unsubscribe();
  unsubscribe();
  await gate.ensureReady();
  expect(listener).toHaveBeenCalledTimes(2); // booting, ready
});

test('onChange: a listener that unsubscribes itself does not keep the next one from hearing', async () => {
  const gate = createGate({ bootstrap: () => 1 });
  const once = jest.fn(() => unsubscribe());
  const unsubscribe = gate.onChange(once);
  const other = jest.fn();
  gate.onChange(other);
  await gate.ensureReady();
  expect(once).toHaveBeenCalledTimes(1);
  expect(other).toHaveBeenCalledTimes(2);
});

test('onChange: a gate that does not change its state tells nothing', async () => {
  const gate = createGate({ bootstrap: () => 1 });
  await gate.ensureReady();
  const listener = jest.fn();
  gate.onChange(listener);
  await gate.ensureReady();
  await gate.wrap(() => 1)();
  gate.report();
  expect(listener).not.toHaveBeenCalled();
});

test('onChange: what is not a function is a TypeError', () => {
  const gate = createGate();
  for (const wrong of [undefined, null, {}, 'ready']) {
    expect(() => gate.onChange(wrong as never)).toThrow(new TypeError('onChange: the listener must be a function'));
  }
});

import { type Boot, createGate, type Gate } from '@bootstrap-gate/core';
import { createGateWith } from '../src/gate.js';
import { ManualClock, settled } from './manual-clock.js';
import { collectMessages, collectWarnings, refusal, rejection } from './support.js';

afterEach(() => jest.restoreAllMocks());

test('P2: bootstrap-gate.state tells every change of state in order', async () => {
  const messages = await collectMessages('state', async () => {
    const gate = createGate({ name: 'api', bootstrap: () => 1 });
    await gate.ensureReady();
    gate.drain();
    await gate.reset();
    await gate.close();
  });
  expect(messages.map(({ gate, type, previous }) => [gate, previous, type])).toEqual([
    ['api', 'idle', 'booting'],
    ['api', 'booting', 'ready'],
    ['api', 'ready', 'draining'],
    ['api', 'draining', 'failed'],
    ['api', 'failed', 'idle'],
    ['api', 'idle', 'closed'],
  ]);
});

test('P2: bootstrap-gate.state tells the changes that a listener brings about in the same order as onChange', async () => {
  const heard: string[] = [];
  const messages = await collectMessages('state', async () => {
    const gate = createGate({ bootstrap: () => 1 });
    gate.onChange((state) => {
      if (state === 'ready') gate.drain();
    });
    gate.onChange((state) => heard.push(state));
    await gate.ensureReady();
    await gate.close();
  });
  expect(messages.map(({ type }) => type)).toEqual(['booting', 'ready', 'draining', 'closed']);
  expect(heard).toEqual(['booting', 'ready', 'draining', 'closed']);
});

test('P2: bootstrap-gate.flight tells the start and the end of a flight with its outcome', async () => {
  const clock = new ManualClock();
  const bootstrap = jest.fn().mockRejectedValueOnce(new Error('once')).mockResolvedValue('up');
  const messages = await collectMessages('flight', async () => {
    const gate = createGateWith({ name: 'api', bootstrap, cooldownMs: 0 }, clock);
    await refusal(gate.ensureReady());
    await settled();
    await gate.ensureReady();
  });
  expect(messages).toMatchObject([
    { gate: 'api', type: 'start', outcome: 'running', error: null },
    { gate: 'api', type: 'end', outcome: 'failed', error: 'once' },
    { gate: 'api', type: 'start', outcome: 'running', error: null },
    { gate: 'api', type: 'end', outcome: 'done', error: null },
  ]);
  expect(messages[0]?.flight).toBe(messages[1]?.flight);
  expect(messages[1]?.flight).not.toBe(messages[2]?.flight);
});

test('P2: bootstrap-gate.step tells the start, the progress and the end of a step', async () => {
  const messages = await collectMessages('step', async () => {
    const bootstrap = (boot: Boot) => boot.step('load', ({ progress }) => progress(0.5, 'half'));
    await createGate({ name: 'api', bootstrap }).ensureReady();
  });
  expect(messages).toMatchObject([
    { gate: 'api', type: 'start', step: 'load', outcome: 'running' },
    { gate: 'api', type: 'progress', step: 'load', progress: { fraction: 0.5, text: 'half' } },
    { gate: 'api', type: 'end', step: 'load', outcome: 'done', error: null },
  ]);
});

test('P2: bootstrap-gate.verdict tells a verdict', async () => {
  const messages = await collectMessages('verdict', async () => {
    const gate: Gate<unknown> = createGate({ name: 'api', bootstrap: () => gate.ensureReady() });
    await rejection(gate.ensureReady());
  });
  expect(messages).toMatchObject([{ gate: 'api', type: 'certain', verdict: { certainty: 'certain' } }]);
});

test.each(['state', 'flight', 'step', 'verdict'])(
  'P2: every message on bootstrap-gate.%s is an object with gate and type, safe to serialise',
  async (name) => {
    collectWarnings();
    const messages = await collectMessages(name, async () => {
      const gate: Gate<unknown> = createGate({
        name: 'api',
        bootstrap: (boot: Boot) => boot.step('load', () => gate.ensureReady()),
      });
      await rejection(gate.ensureReady());
    });
    expect(messages.length).toBeGreaterThan(0);
    for (const message of messages) {
      expect(message).toMatchObject({ gate: 'api', type: expect.any(String) });
      expect(JSON.parse(JSON.stringify(message))).toEqual(message);
    }
  },
);

test('P2: a message is published when what it tells is true, and the report agrees', async () => {
  const gate = createGate({ bootstrap: (boot: Boot) => boot.step('a', () => 1) });
  const states: [string, boolean][] = [];
  gate.onChange((state) => states.push([state, gate.state === state]));
  await gate.ensureReady();
  expect(states).toEqual([
    ['booting', true],
    ['ready', true],
  ]);
});

import { channel } from 'node:diagnostics_channel';
import { type Boot, createGate, type Gate } from '../../src/index.js';
import { Door } from '../../src/gate/door.js';
import { coreOf } from '../../src/gate/registry.js';
import { createGateWith } from '../../src/create-gate.js';
import { ManualClock, settled } from '../manual-clock.js';
import { aborted, collectMessages, collectWarnings, refusal, rejection } from '../support.js';
import { limits, TestRequest } from '../gate/test-request.js';

const nothing = undefined as unknown as unknown[];

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

test('P2: a flight has a number of its own in the process, also beside gates of the same name', async () => {
  const messages = await collectMessages('flight', async () => {
    await Promise.all([1, 2].map((value) => createGate({ name: 'twin', bootstrap: () => value }).ensureReady()));
  });
  const numbers = messages.filter(({ type }) => type === 'start').map(({ flight }) => flight);
  expect(new Set(numbers).size).toBe(2);
});

test('P2: bootstrap-gate.flight tells when it began, how long it took, and each attempt that is repeated', async () => {
  const clock = new ManualClock();
  const bootstrap = jest.fn().mockRejectedValueOnce(new RangeError('once')).mockResolvedValue('up');
  const messages = await collectMessages('flight', async () => {
    const gate = createGateWith({ name: 'api', bootstrap, retry: { attempts: 2, delayMs: 100 } }, clock);
    const ready = gate.ensureReady();
    await settled();
    await clock.advance(100);
    await ready;
  });
  const common = { gate: 'api', flight: messages[0]?.flight, startedAt: 1_000_000 };
  const none = { error: null, errorType: null };
  expect(messages).toEqual([
    { ...common, type: 'start', attempts: 0, outcome: 'running', durationMs: 0, ...none },
    {
      ...common,
      type: 'retry',
      attempts: 1,
      outcome: 'running',
      durationMs: 0,
      error: 'once',
      errorType: 'RangeError',
    },
    { ...common, type: 'end', attempts: 2, outcome: 'done', durationMs: 75, ...none },
  ]);
});

test.each([
  ['a reset between two attempts', (gate: Gate<unknown>) => gate.reset(), 'ERR_GATE_NOT_READY'],
  ['close', (gate: Gate<unknown>) => gate.close(), 'ERR_GATE_CLOSED'],
])('P2: a flight that %s ends is told as aborted, with the code', async (_name, end, code) => {
  const bootstrap = () => Promise.reject(new Error('no'));
  const messages = await collectMessages('flight', async () => {
    const gate: Gate<unknown> = createGateWith({ bootstrap, retry: { attempts: 2 } }, new ManualClock());
    const caller = rejection(gate.ensureReady());
    await settled();
    await end(gate);
    await caller;
  });
  expect(messages.at(-1)).toMatchObject({ type: 'end', outcome: 'aborted', errorType: code });
});

test('P2: a flight that takes too long is told as failed, with the code', async () => {
  const clock = new ManualClock();
  const messages = await collectMessages('flight', async () => {
    const bootstrap = (boot: Boot) => aborted(boot.signal);
    const caller = rejection(createGateWith({ bootstrap, bootTimeoutMs: 50 }, clock).ensureReady());
    await clock.advance(50);
    await caller;
  });
  const end = { type: 'end', outcome: 'failed', durationMs: 50, errorType: 'ERR_GATE_BOOTSTRAP_TIMEOUT' };
  expect(messages.at(-1)).toMatchObject(end);
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

test('P2: bootstrap-gate.step tells the flight, its attempt, and the step that started the step', async () => {
  const messages = await collectMessages('step', async () => {
    const bootstrap = async (boot: Boot): Promise<void> => {
      await boot.step('outer', () => boot.step('inner', () => boot.attempt));
      if (boot.attempt === 1) throw new Error('again');
    };
    const clock = new ManualClock();
    const ready = createGateWith({ bootstrap, retry: { attempts: 2, delayMs: 100 } }, clock).ensureReady();
    await settled();
    await clock.advance(100);
    await ready;
  });
  const starts = messages.filter(({ type }) => type === 'start');
  expect(starts.map(({ step, parent, attempt }) => [step, parent, attempt])).toEqual([
    ['outer', null, 1],
    ['inner', 'outer', 1],
    ['outer', null, 2],
    ['inner', 'outer', 2],
  ]);
  expect(starts.map(({ startedAt }) => startedAt)).toEqual([1_000_000, 1_000_000, 1_000_075, 1_000_075]);
  expect(new Set(starts.map(({ flight }) => flight)).size).toBe(1);
  expect(messages.every(({ flightStartedAt }) => flightStartedAt === 1_000_000)).toBe(true);
});

test('P2: bootstrap-gate.step tells each failed call of its function that is repeated', async () => {
  const clock = new ManualClock();
  const connect = jest.fn().mockRejectedValueOnce(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
  const messages = await collectMessages('step', async () => {
    const bootstrap = (boot: Boot) => boot.step('connect', connect, { retry: { attempts: 2 } });
    const ready = createGateWith({ bootstrap }, clock).ensureReady();
    await settled();
    await clock.advance(1_000);
    await ready;
  });
  expect(messages.map(({ type, error, errorType }) => [type, error, errorType])).toEqual([
    ['start', null, null],
    ['retry', 'refused', 'ECONNREFUSED'],
    ['end', null, null],
  ]);
});

test.each([
  ['the code of an error', Object.assign(new Error('no'), { code: 'ENOENT' }), 'ENOENT'],
  ['else its name', new RangeError('no'), 'RangeError'],
  ['its name where the code is empty', Object.assign(new RangeError('no'), { code: '' }), 'RangeError'],
  ['its name where the code is a number', new DOMException('no', 'AbortError'), 'AbortError'],
  ['the type of what is not an error', 'no', 'string'],
  ['the type of nothing', undefined, 'undefined'],
  ['"unknown" where it cannot be looked at', new Proxy({}, { get: () => void nothing.at(0) }), 'unknown'],
])('P2: errorType: %s', async (_name, thrown, errorType) => {
  collectWarnings();
  const messages = await collectMessages('step', async () => {
    const bootstrap = (boot: Boot) => boot.step('fails', () => Promise.reject(thrown as Error), { optional: true });
    await createGate({ bootstrap }).ensureReady();
  });
  expect(messages.at(-1)).toMatchObject({ type: 'end', outcome: 'failed', errorType });
});

test('P2: bootstrap-gate.verdict tells a verdict, and the flight that it is about', async () => {
  const starts: Record<string, unknown>[] = [];
  const messages = await collectMessages('verdict', async () => {
    const flights = await collectMessages('flight', async () => {
      const gate: Gate<unknown> = createGate({ name: 'api', bootstrap: () => gate.ensureReady() });
      await rejection(gate.ensureReady());
    });
    starts.push(...flights);
  });
  const flight = starts[0]?.flight;
  expect(messages).toMatchObject([{ gate: 'api', type: 'certain', flight, verdict: { certainty: 'certain' } }]);
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

test('P2: nothing is published while nobody listens', async () => {
  collectWarnings();
  const names = ['state', 'flight', 'step', 'request', 'verdict'];
  const published = names.map((name) => {
    const subject = channel(`bootstrap-gate.${name}`);
    Object.defineProperty(subject, 'hasSubscribers', { value: false, configurable: true });
    return jest.spyOn(subject, 'publish');
  });
  const gate: Gate<unknown> = createGate({
    name: 'unheard',
    bootstrap: (boot: Boot) => boot.step('load', () => Promise.reject(new Error('no database'))),
  });
  const core = coreOf('the test', gate);
  const guest = new TestRequest(new Door(core, limits()), false);
  guest.door.enter(guest);
  core.verdicts.note({ certainty: 'certain', cycle: [], advice: '' });
  expect((await refusal(gate.ensureReady())).code).toBe('ERR_GATE_BOOTSTRAP_FAILED');
  for (const name of names) Reflect.deleteProperty(channel(`bootstrap-gate.${name}`), 'hasSubscribers');
  const messages = published.flatMap(({ mock }) => mock.calls.map(([message]) => message as { gate: string }));
  expect(messages.filter(({ gate }) => gate === 'unheard')).toEqual([]);
  expect(guest.outcome).toBe('ERR_GATE_BOOTSTRAP_FAILED');
});

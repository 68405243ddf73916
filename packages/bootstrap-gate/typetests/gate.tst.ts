import {
  type Bootstrap,
  type BootstrapObject,
  createGate,
  type Gate,
  type GateOptions,
  type GateReport,
  type GateState,
  isGateError,
  type GateError,
  type GateErrorCode,
  type Verdict,
} from '../src/index.js';
import { expect, test } from 'tstyche';

test('a gate carries what its bootstrap produced', () => {
  const gate = createGate({ bootstrap: async () => ({ db: 1 }) });
  expect(gate).type.toBe<Gate<{ db: number }>>();
  expect(gate.value).type.toBe<{ db: number }>();
  expect(gate.ensureReady()).type.toBe<Promise<{ db: number }>>();
});

test('a synchronous bootstrap, and one that takes boot, carry their value too', () => {
  expect(createGate({ bootstrap: () => 1 })).type.toBe<Gate<number>>();
  expect(createGate({ bootstrap: ({ attempt }) => `attempt ${attempt}` })).type.toBe<Gate<string>>();
  expect(createGate({ bootstrap: () => {} })).type.toBe<Gate<void>>();
});

test('a bootstrap object carries its value, and its stop gets it', () => {
  const gate = createGate({
    bootstrap: {
      run: async () => ({ db: 1 }),
      stop: (value) => {
        expect(value).type.toBe<{ db: number }>();
      },
    },
  });
  expect(gate).type.toBe<Gate<{ db: number }>>();
  const object: BootstrapObject<string> = { run: () => 'x', check: () => {} };
  expect(createGate({ bootstrap: object })).type.toBe<Gate<string>>();
  expect<Bootstrap<string>>().type.toBeAssignableFrom(object);
  expect<BootstrapObject<string>>().type.not.toBeAssignableFrom({ stop: () => {} });
});

test('a gate in first-request mode has no value', () => {
  expect(createGate()).type.toBe<Gate<undefined>>();
  expect(createGate({ name: 'api', firstRequests: 2, pilotTimeoutMs: 5 })).type.toBe<Gate<undefined>>();
});

test('every gate is a gate of something unknown', () => {
  expect<Gate>().type.toBeAssignableFrom<Gate<{ db: number }>>();
  expect<Gate<string>>().type.not.toBeAssignableFrom<Gate<number>>();
  expect<Gate>().type.toBeAssignableTo<AsyncDisposable>();
});

test('an unknown option does not compile', () => {
  expect(createGate).type.not.toBeCallableWith({ bootTimeout: 1 });
  expect(createGate).type.not.toBeCallableWith({ bootstrap: () => 1, bootTimeout: 1 });
  expect(createGate).type.not.toBeCallableWith({ bootstrap: () => 1, retry: { times: 2 } });
  expect(createGate).type.not.toBeCallableWith({ waitTimeoutMs: 1 });
});

test('an option of the wrong type does not compile', () => {
  const bootstrap = (): number => 1;
  expect<GateOptions<unknown>>().type.not.toBeAssignableFrom({ eager: 'yes' });
  expect(createGate).type.not.toBeCallableWith({ eager: true });
  expect(createGate).type.toBeCallableWith({ firstRequests: 2 });
  expect(createGate).type.not.toBeCallableWith({ bootstrap, name: 1 });
  expect(createGate).type.not.toBeCallableWith({ bootstrap, bootTimeoutMs: '1s' });
  expect(createGate).type.not.toBeCallableWith({ bootstrap, retry: 3 });
  expect(createGate).type.not.toBeCallableWith({ bootstrap, cooldownMs: null });
  expect(createGate).type.not.toBeCallableWith({ bootstrap, deadlock: 'error' });
  expect(createGate).type.not.toBeCallableWith({ bootstrap: Promise.resolve(1) });
  expect(createGate).type.not.toBeCallableWith({ bootstrap: 1 });
  expect(createGate).type.not.toBeCallableWith(bootstrap);
  expect(createGate).type.toBeCallableWith({ bootstrap, deadlock: 'warn', retry: { attempts: 2 }, eager: true });
});

test('options may be undefined, as those who pass them on need it', () => {
  const eager: boolean | undefined = undefined;
  expect(createGate).type.toBeCallableWith({ bootstrap: () => 1, eager, name: undefined, retry: undefined });
});

test('ensureReady takes a signal and a time limit', () => {
  const gate = createGate();
  expect(gate.ensureReady).type.toBeCallableWith({ signal: new AbortController().signal, timeoutMs: 5 });
  expect(gate.ensureReady).type.not.toBeCallableWith({ timeout: 5 });
  expect(gate.ensureReady).type.not.toBeCallableWith({ signal: new AbortController() });
  expect(gate.ensureReady).type.not.toBeCallableWith(5);
});

test('onChange gets two states and gives the unsubscription', () => {
  const gate = createGate();
  const unsubscribe = gate.onChange((state, previous) => {
    expect(state).type.toBe<GateState>();
    expect(previous).type.toBe<GateState>();
  });
  expect(unsubscribe).type.toBe<() => void>();
  expect<GateState>().type.toBe<'idle' | 'booting' | 'ready' | 'failed' | 'draining' | 'closed'>();
  expect(gate.onChange).type.not.toBeCallableWith('ready');
});

test('the methods of a gate give what they say', () => {
  const gate = createGate();
  expect(gate.name).type.toBe<string>();
  expect(gate.ready).type.toBe<boolean>();
  expect(gate.waiting).type.toBe<number>();
  expect(gate.report()).type.toBe<GateReport>();
  expect(gate.reset()).type.toBe<Promise<void>>();
  expect(gate.drain()).type.toBe<void>();
  expect(gate.close()).type.toBe<Promise<void>>();
});

test('isGateError narrows what was caught to an error with a code', () => {
  const error: unknown = undefined;
  if (isGateError(error)) {
    expect(error).type.toBe<GateError>();
    expect(error.code).type.toBe<GateErrorCode>();
    expect(error.status).type.toBe<number>();
    expect(error.verdict).type.toBe<Verdict | undefined>();
  }
});

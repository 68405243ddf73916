import { createGate, type GateOptions } from '../../src/index.js';
import { createGateWith } from '../../src/create-gate.js';
import { ManualClock, settled } from '../manual-clock.js';
import { collectWarnings, never, refusal, watch } from '../support.js';

afterEach(() => jest.restoreAllMocks());

const withoutToString = Object.create(null) as object;
const weirdMessage = Object.assign(new Error('x'), { message: withoutToString });
const symbolMessage = Object.assign(new Error('x'), { message: Symbol('s') });
const throwingMessage = Object.defineProperty(new Error('x'), 'message', {
  get: () => {
    throw new Error('no message for you');
  },
});
const throwingCause = Object.defineProperty(new Error('x'), 'cause', {
  get: () => {
    throw new Error('no cause for you');
  },
});
const revoked = (() => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
})();

const thrown: [string, unknown][] = [
  ['undefined', undefined],
  ['null', null],
  ['a string', 'no database'],
  ['an empty string', ''],
  ['a number', 0],
  ['a symbol', Symbol('no')],
  ['an object', { code: 'ENOENT' }],
  ['an object without toString', withoutToString],
  ['an object whose toString throws', { toString: () => ({}) }],
  ['a function', () => {}],
  ['an error whose message is an object', weirdMessage],
  ['an error whose message is a symbol', symbolMessage],
  ['an error whose message throws', throwingMessage],
  ['an error whose cause throws', throwingCause],
  ['a revoked proxy', revoked],
];

test.each(thrown)('A3: %s that the bootstrap rejects with is the cause of a proper error', async (_what, cause) => {
  const gate = createGate({ name: 'api', bootstrap: () => Promise.reject(cause) });
  const error = await refusal(gate.ensureReady());
  expect(error.code).toBe('ERR_GATE_BOOTSTRAP_FAILED');
  expect(Object.hasOwn(error, 'cause')).toBe(true);
  expect(Object.is(error.cause, cause)).toBe(true);
  expect(error.message).toContain('api');
  expect(typeof gate.report().attempts[0]?.error).toBe('string');
  await settled();
  expect(Object.is((await refusal(gate.ensureReady())).cause, cause)).toBe(true); // during the cooldown
});

test.each(thrown)('A8: %s that an eager bootstrap throws is a warning that carries it', async (_what, cause) => {
  const warnings = collectWarnings();
  const bootstrap = (): never => {
    throw cause;
  };
  const gate = createGate({ bootstrap, eager: true });
  await settled();
  expect(gate.state).toBe('failed');
  expect(warnings.map(({ code }) => code)).toEqual(['GATE_FLIGHT_FAILED']);
  expect(Object.is(warnings[0]?.cause, cause)).toBe(true);
});

test('A11: a bootstrap that throws synchronously denies its first caller by a rejection, not by an exception', async () => {
  const cause = new Error('at once');
  const bootstrap = (): never => {
    throw cause;
  };
  const lazy = createGate({ bootstrap });
  const caller = lazy.ensureReady();
  expect((await refusal(caller)).cause).toBe(cause);
  expect((await refusal(createGate({ bootstrap }).wrap(() => 1)())).cause).toBe(cause);
  const eager = createGate({ bootstrap, eager: true });
  expect((await refusal(eager.ensureReady())).cause).toBe(cause);
});

test('A11: a bootstrap may return a thenable that is not a promise', async () => {
  const thenable = { then: (onValue: (value: string) => void) => onValue('from a thenable') };
  expect(await createGate({ bootstrap: () => thenable as PromiseLike<string> }).ensureReady()).toBe('from a thenable');
});

test.each<[string, PromiseLike<unknown>, unknown]>([
  ['rejects', { then: (_v: unknown, onError: (e: unknown) => void) => onError('no') } as never, 'no'],
  [
    'throws in then',
    {
      then: () => {
        throw new Error('thrown in then');
      },
    },
    expect.objectContaining({ message: 'thrown in then' }),
  ],
  [
    'throws when then is read',
    Object.defineProperty({}, 'then', {
      get: () => {
        throw new Error('no then');
      },
    }) as never,
    expect.objectContaining({ message: 'no then' }),
  ],
])('A11: a thenable of the bootstrap that %s fails the flight', async (_what, thenable, cause) => {
  const gate = createGate({ bootstrap: () => thenable });
  expect((await refusal(gate.ensureReady())).cause).toEqual(cause);
});

test('A11: a thenable that settles twice settles its flight once', async () => {
  const stop = jest.fn();
  const run = (): PromiseLike<string> => ({
    then: ((onValue: (value: string) => void, onError: (error: unknown) => void) => {
      onValue('first');
      onValue('second');
      onError(new Error('third'));
    }) as never,
  });
  const gate = createGate({ bootstrap: { run, stop } });
  expect(await gate.ensureReady()).toBe('first');
  await gate.close();
  expect(stop.mock.calls).toEqual([['first']]);
});

test.each<[string, Partial<GateOptions<never>>, string]>([
  ['a time limit of its own', { bootTimeoutMs: 100 }, 'ERR_GATE_BOOTSTRAP_TIMEOUT'],
  ['the time limit of the caller', {}, 'ERR_GATE_WAIT_TIMEOUT'],
])('A11: a bootstrap that never settles is ended by %s', async (_what, options, code) => {
  const clock = new ManualClock();
  const gate = createGateWith({ ...options, bootstrap: never }, clock);
  const caller = refusal(gate.ensureReady({ timeoutMs: 200 }));
  await clock.advance(200);
  expect((await caller).code).toBe(code);
});

test('A12: with a bootstrap that never settles reset and close deny at once and stay pending', async () => {
  const gate = createGate({ bootstrap: never });
  const caller = refusal(gate.ensureReady());
  const reset = watch(gate.reset());
  expect((await caller).code).toBe('ERR_GATE_NOT_READY');
  const next = refusal(gate.ensureReady());
  const close = watch(gate.close());
  expect((await next).code).toBe('ERR_GATE_CLOSED');
  await settled();
  expect([reset.state, close.state]).toEqual(['pending', 'pending']);
  expect((await refusal(gate.ensureReady())).code).toBe('ERR_GATE_CLOSED');
});

test('A11: a bootstrap that gives undefined, or a function, is as good as any', async () => {
  expect(await createGate({ bootstrap: () => {} }).ensureReady()).toBeUndefined();
  const handler = (): number => 1;
  const gate = createGate({ bootstrap: () => handler });
  expect(await gate.ensureReady()).toBe(handler);
  expect(gate.value).toBe(handler);
});

test.each(['stop', 'the stop of a step'])('A9: %s that throws what is not an Error is a warning', async (which) => {
  const warnings = collectWarnings();
  const stop = (): never => {
    throw withoutToString;
  };
  const gate = createGate({
    bootstrap: {
      run: (boot) => boot.step('a', () => 1, which === 'stop' ? {} : { stop }),
      ...(which === 'stop' ? { stop } : {}),
    },
  });
  await gate.ensureReady();
  await gate.close();
  expect(warnings.map(({ code, cause }) => [code, cause === withoutToString])).toEqual([['GATE_STOP_FAILED', true]]);
});

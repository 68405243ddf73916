import type * as Core from '../../src/index.js';
import { type Boot, createGate, GateError, type GateErrorCode, isGateError } from '../../src/index.js';
import { DeadlockError, type Verdict } from '@bootstrap-gate/deadlock';
import { messageOf, verdictOf } from '../../src/kit/errors.js';
import { createGateWith } from '../../src/create-gate.js';
import { ManualClock, settled } from '../manual-clock.js';
import { aborted, deferred, refusal } from '../support.js';

const codes: [GateErrorCode, number][] = [
  ['ERR_GATE_BOOTSTRAP_FAILED', 503],
  ['ERR_GATE_BOOTSTRAP_TIMEOUT', 503],
  ['ERR_GATE_STEP_TIMEOUT', 503],
  ['ERR_GATE_WAIT_TIMEOUT', 503],
  ['ERR_GATE_QUEUE_FULL', 503],
  ['ERR_GATE_CLOSED', 503],
  ['ERR_GATE_NOT_READY', 503],
  ['ERR_GATE_DEADLOCK', 503],
  ['ERR_GATE_LOOPBACK', 503],
  ['ERR_GATE_INVALID_PLAN', 500],
];

test.each(codes)('Errors: %s is a GateError with status %i', (code, status) => {
  const cause = new Error('why');
  const error = new GateError(code, 'text', { cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: 'GateError', code, status, message: 'text', cause });
  expect(isGateError(error)).toBe(true);
});

test('Errors: an error without a cause or a verdict has neither property', () => {
  const error = new GateError('ERR_GATE_CLOSED', 'text');
  expect('cause' in error).toBe(false);
  expect('verdict' in error).toBe(false);
});

test('Errors: isGateError recognises an error of another copy of the package, and nothing else', () => {
  let copy: typeof Core | undefined;
  jest.isolateModules(() => {
    copy = jest.requireActual('../../src/index.js');
  });
  const foreign = new copy!.GateError('ERR_GATE_CLOSED', 'text');
  expect(foreign instanceof GateError).toBe(false); // it really is another copy
  expect(isGateError(foreign)).toBe(true);
  expect(copy!.isGateError(new GateError('ERR_GATE_CLOSED', 'text'))).toBe(true);
});

test.each([
  undefined,
  null,
  'ERR_GATE_CLOSED',
  503,
  {},
  new Error('text'),
  Object.assign(new Error('text'), { name: 'GateError', code: 'ERR_GATE_CLOSED', status: 503 }),
  () => {},
])('Errors: isGateError(%p) is false', (value) => {
  expect(isGateError(value)).toBe(false);
});

test('Errors: each denial is a fresh object, whose stack and properties are its own', async () => {
  const gate = createGate({ bootstrap: () => 1 });
  await gate.close();
  const [a, b] = await Promise.all([refusal(gate.ensureReady()), refusal(gate.ensureReady())]);
  expect(a).not.toBe(b);
  Object.assign(a!, { spoilt: true });
  expect(b).not.toHaveProperty('spoilt');
});

test('Errors: the cause of a bootstrap that timed out is the error of the time limit, for waiters and in the cooldown', async () => {
  const clock = new ManualClock();
  const gate = createGateWith(
    { name: 'api', bootTimeoutMs: 100, bootstrap: ({ signal }: Boot) => new Promise((_, no) => (signal.onabort = no)) },
    clock,
  );
  const waiter = refusal(gate.ensureReady());
  await clock.advance(100);
  const error = await waiter;
  const later = await refusal(gate.ensureReady());
  expect(error.code).toBe('ERR_GATE_BOOTSTRAP_TIMEOUT');
  expect(error.cause).toMatchObject({ code: 'ERR_GATE_BOOTSTRAP_TIMEOUT' });
  expect(later.cause).toBe(error.cause);
});

test('Errors: an error of the gate is not enumerable noise: JSON shows code, help and status, not the brand', () => {
  const error = new GateError('ERR_GATE_CLOSED', 'text');
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    name: 'GateError',
    code: 'ERR_GATE_CLOSED',
    help: 'https://bootstrap-gate.github.io/bootstrap-gate/errors/ERR_GATE_CLOSED',
    status: 503,
  });
});

test('Errors: the value of a gate that has none is refused with its state', async () => {
  const stopping = deferred();
  const gate = createGate({ name: 'api', bootstrap: { run: () => 1, stop: () => stopping.promise } });
  const refused = (): [string, string] => {
    try {
      return ['value', String(gate.value)];
    } catch (error) {
      const { code, message } = error as GateError;
      return [code, message];
    }
  };
  expect(refused()).toEqual(['ERR_GATE_NOT_READY', 'Gate "api" is idle; it has no value.']);
  const ready = gate.ensureReady();
  expect(refused()).toEqual(['ERR_GATE_NOT_READY', 'Gate "api" is booting; it has no value.']);
  await ready;
  expect(refused()).toEqual(['value', '1']);
  const reset = gate.reset();
  expect(refused()).toEqual(['ERR_GATE_NOT_READY', 'Gate "api" is failed; it has no value.']);
  stopping.resolve();
  await reset;
  await gate.close();
  expect(refused()).toEqual(['ERR_GATE_CLOSED', 'Gate "api" is closed; its value is gone.']);
});

test('Errors: who is left behind is told by what', async () => {
  const gate = createGate({ name: 'api', bootstrap: ({ signal }: Boot) => aborted(signal) });
  const behindReset = refusal(gate.ensureReady());
  await gate.reset();
  const behindClose = refusal(gate.ensureReady());
  await gate.close();
  const messages = await Promise.all([behindReset, behindClose, refusal(gate.ensureReady())]);
  expect(messages.map(({ message }) => message)).toEqual([
    'Gate "api" was reset.',
    'Gate "api" is closed.',
    'Gate "api" is closed.',
  ]);
});

test('Errors: a failure is told with its cause, and whether the bootstrap still runs', async () => {
  const clock = new ManualClock();
  const failed = createGateWith({ name: 'api', bootstrap: () => Promise.reject(new Error('no database')) }, clock);
  expect((await refusal(failed.ensureReady())).message).toBe('The bootstrap of gate "api" failed: no database');

  const work = deferred();
  const late = createGateWith({ name: 'api', bootTimeoutMs: 100, bootstrap: () => work.promise }, clock);
  const caller = refusal(late.ensureReady());
  await clock.advance(100);
  const stillRuns = ' It is still running; no other flight starts before it has ended.';
  const inTime = 'The bootstrap of gate "api" did not finish within 100 ms.';
  expect((await caller).message).toBe(inTime + stillRuns);
  work.resolve();
  await settled();
  expect((await refusal(late.ensureReady())).message).toBe(inTime);
});

test('Errors: a time limit is told with the steps that were pending then', async () => {
  const clock = new ManualClock();
  const bootstrap = async (boot: Boot): Promise<void> => {
    await boot.step('config', () => 1);
    await Promise.all(['a', 'b'].map((name) => boot.step(name, ({ signal }) => aborted(signal))));
  };
  const gate = createGateWith({ name: 'api', bootTimeoutMs: 100, bootstrap }, clock);
  const caller = refusal(gate.ensureReady());
  await settled();
  await clock.advance(100);
  const { cause } = await caller;
  const message = 'The bootstrap of gate "api" did not finish within 100 ms; pending steps: "a", "b"';
  expect(cause).toMatchObject({ code: 'ERR_GATE_BOOTSTRAP_TIMEOUT', message });
});

test('Errors: a failure says in which step it happened, and after how many attempts', async () => {
  const cause = new Error('no database');
  const fail = (): never => {
    throw cause;
  };
  const bootstrap = (boot: Boot): Promise<unknown> =>
    boot.step('data', () => boot.step('database', fail, { retry: { attempts: 2, delayMs: 0 } }));
  const once = createGate({ name: 'shop', bootstrap });
  expect((await refusal(once.ensureReady())).message).toBe(
    'The bootstrap failed: step "database" of gate "shop" failed after 2 attempts: no database',
  );
  const thrice = createGate({ name: 'shop', bootstrap, retry: { attempts: 3, delayMs: 0 } });
  expect((await refusal(thrice.ensureReady())).message).toBe(
    'The bootstrap failed after 3 attempts: step "database" of gate "shop" failed after 2 attempts: no database',
  );
  const outside = createGate({ name: 'shop', bootstrap: fail, retry: { attempts: 2, delayMs: 0 } });
  expect((await refusal(outside.ensureReady())).message).toBe(
    'The bootstrap of gate "shop" failed after 2 attempts: no database',
  );
});

test('Errors: a step that failed and was caught is not the place of a later failure', async () => {
  const bootstrap = async (boot: Boot): Promise<void> => {
    await boot.step('cache', () => Promise.reject(new Error('no cache'))).catch(() => {});
    throw new Error('no luck');
  };
  const gate = createGate({ name: 'shop', bootstrap });
  expect((await refusal(gate.ensureReady())).message).toBe('The bootstrap of gate "shop" failed: no luck');
});

const refusedTwice = new AggregateError([new Error('connect ECONNREFUSED ::1:5432'), new Error('127.0.0.1:5432')]);
const selfContaining = new AggregateError([]);
selfContaining.errors.push(selfContaining);

test.each<[string, unknown, string]>([
  [
    'that of its parts, of an AggregateError without one',
    refusedTwice,
    'connect ECONNREFUSED ::1:5432; 127.0.0.1:5432',
  ],
  ['its own and that of its parts', new AggregateError([new Error('a'), 'b', new Error('a')], 'both'), 'both (a; b)'],
  ['that of its first five parts', new AggregateError([1, 2, 3, 4, 5, 6]), '1; 2; 3; 4; 5; …'],
  ['its name where it has no parts', new AggregateError([]), 'AggregateError'],
  ['its name where it contains itself', selfContaining, 'AggregateError'],
  ['the message of an error', new RangeError('too many'), 'too many'],
  ['its name where it has none', new RangeError(''), 'RangeError'],
  ['the text of anything else', { toString: () => 'an object' }, 'an object'],
  ['a fixed text where there is none', Object.create(null), 'a value that cannot be shown'],
])('Errors: the message of what was thrown is %s', (_what, thrown, message) => {
  expect(messageOf(thrown)).toBe(message);
});

const verdict: Verdict = { certainty: 'certain', cycle: [], advice: 'advice' };
const found = new GateError('ERR_GATE_DEADLOCK', 'text', { verdict });

test.each<[string, unknown, Verdict | undefined]>([
  ['an error that has one', found, verdict],
  ['an error of a mutex that has one', new DeadlockError('text', verdict), verdict],
  ['a cause of a cause', new Error('a', { cause: new Error('b', { cause: found }) }), verdict],
  ['a cause of a gate error that has none', new GateError('ERR_GATE_CLOSED', 'text', { cause: found }), verdict],
  ['something else with one', Object.assign(new Error('text'), { verdict }), undefined],
  ['nothing', undefined, undefined],
  ['a circle of causes', circular(), undefined],
  ['a cause that cannot be looked at', Object.defineProperty(new Error('a'), 'cause', { get: throwing }), undefined],
])('D1: the verdict of %s', (_what, thrown, expected) => {
  expect(verdictOf(thrown)).toBe(expected);
});

function circular(): Error {
  const [a, b] = [new Error('a'), new Error('b')];
  a.cause = b;
  b.cause = a;
  return a;
}

function throwing(): never {
  throw new Error('no cause for you');
}

import type * as Core from '@bootstrap-gate/core';
import { type Boot, createGate, GateError, type GateErrorCode, isGateError } from '@bootstrap-gate/core';
import { createGateWith } from '../src/gate.js';
import { ManualClock } from './manual-clock.js';
import { refusal } from './support.js';

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
    copy = jest.requireActual('@bootstrap-gate/core');
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

test('Errors: an error of the gate is not enumerable noise: JSON shows code and status, not the brand', () => {
  const error = new GateError('ERR_GATE_CLOSED', 'text');
  expect(JSON.parse(JSON.stringify(error))).toEqual({ name: 'GateError', code: 'ERR_GATE_CLOSED', status: 503 });
});

import { type Boot, createGate } from '../../src/index.js';
import { createGateWith } from '../../src/create-gate.js';
import { ManualClock, settled } from '../manual-clock.js';
import { aborted, collectWarnings, refusal, rejection } from '../support.js';

// The test runner fails a test during which a rejection is not handled; each of these gives it the time to see one.
afterEach(async () => {
  jest.restoreAllMocks();
  await settled();
});

const cause = new Error('no database');
const failing = (): Promise<never> => Promise.reject(cause);

test('A8: a failed eager flight that nobody awaits is one process warning that carries the error', async () => {
  const warnings = collectWarnings();
  const gate = createGate({ name: 'api', bootstrap: failing, eager: true });
  await settled();
  expect(gate.state).toBe('failed');
  expect(warnings).toEqual([
    { name: 'BootstrapGateWarning', code: 'GATE_FLIGHT_FAILED', message: expect.stringContaining('api'), cause },
  ]);
  expect(warnings[0]?.message).toContain('no database');
});

test('A8: a failed flight whose caller awaits it is no warning', async () => {
  const warnings = collectWarnings();
  await refusal(createGate({ bootstrap: failing }).ensureReady());
  await refusal(createGate({ bootstrap: failing }).wrap(() => 1)());
  await refusal(createGate({ bootstrap: failing, eager: true }).ensureReady());
  await settled();
  expect(warnings).toEqual([]);
});

test('A8: a failed flight whose only caller left before is a warning', async () => {
  const warnings = collectWarnings();
  const clock = new ManualClock();
  const gate = createGateWith({ bootstrap: ({ signal }) => aborted(signal), bootTimeoutMs: 200 }, clock);
  const caller = refusal(gate.ensureReady({ timeoutMs: 100 }));
  await clock.advance(200);
  expect((await caller).code).toBe('ERR_GATE_WAIT_TIMEOUT');
  expect(warnings.map(({ code }) => code)).toEqual(['GATE_FLIGHT_FAILED']);
  expect(warnings[0]?.cause).toMatchObject({ code: 'ERR_GATE_BOOTSTRAP_TIMEOUT' });
});

test('A8: each failed flight that nobody awaits is a warning of its own', async () => {
  const warnings = collectWarnings();
  const gate = createGate({ bootstrap: failing, eager: true, cooldownMs: 0 });
  await settled();
  const abort = new AbortController();
  const caller = rejection(gate.ensureReady({ signal: abort.signal }));
  abort.abort();
  await caller;
  await settled();
  expect(warnings.map(({ code }) => code)).toEqual(['GATE_FLIGHT_FAILED', 'GATE_FLIGHT_FAILED']);
});

test('A8: a flight that reset or close ended is no failure and no warning', async () => {
  const warnings = collectWarnings();
  const gate = createGate({ bootstrap: ({ signal }) => aborted(signal), eager: true });
  await gate.reset();
  void rejection(gate.ensureReady());
  await gate.close();
  await settled();
  expect(warnings).toEqual([]);
});

test.each<[string, (boot: Boot) => unknown]>([
  ['one step that nobody awaits fails', (boot) => void boot.step('a', failing)],
  ['several steps that nobody awaits fail', (boot) => ['a', 'b', 'c'].forEach((name) => void boot.step(name, failing))],
  [
    'the bootstrap throws while its steps fail',
    (boot) => {
      void boot.step('a', failing);
      throw cause;
    },
  ],
  ['both sides of a race fail', (boot) => Promise.all([boot.step('a', failing), boot.step('b', failing)])],
  ['a step is wrong', (boot) => void boot.step('', failing)],
])('A8: nothing is unhandled when %s', async (_what, bootstrap) => {
  const warnings = collectWarnings();
  const gate = createGate({ bootstrap, eager: true });
  await settled();
  expect(gate.state).toBe('failed');
  expect(warnings.map(({ code }) => code)).toEqual(['GATE_FLIGHT_FAILED']);
});

test('A8: a step that is called after the end, and that nobody awaits, is not unhandled', async () => {
  let boot: Boot | undefined;
  const gate = createGate({ bootstrap: (given) => void (boot = given) });
  await gate.ensureReady();
  void boot?.step('late', failing);
  await settled();
  expect(gate.state).toBe('ready');
});

test('A8: reset and close that nobody awaits are not unhandled, whatever their stop does', async () => {
  const warnings = collectWarnings();
  const gate = createGate({ bootstrap: { run: () => 1, stop: failing } });
  await gate.ensureReady();
  void gate.reset();
  await settled();
  void gate.close();
  await settled();
  expect(warnings.map(({ code }) => code)).toEqual(['GATE_STOP_FAILED']);
});

test('A8: a reset that the bootstrap calls without awaiting it is not unhandled', async () => {
  const gate = createGate({
    bootstrap: async () => {
      void gate.reset();
    },
  });
  expect((await refusal(gate.ensureReady())).code).toBe('ERR_GATE_NOT_READY');
  await settled();
  expect(gate.state).toBe('idle');
});

/** `close({ timeoutMs })`: a close that does not wait for what hangs. */
import { createGateWith } from '../../src/create-gate.js';
import { createGate } from '../../src/index.js';
import { ManualClock, settled } from '../manual-clock.js';
import { collectWarnings, deferred, watch } from '../support.js';

afterEach(() => jest.restoreAllMocks());

test('a close with a limit resolves after it, and a warning names the step that still runs', async () => {
  const warnings = collectWarnings();
  const clock = new ManualClock();
  const work = deferred();
  const gate = createGateWith({ name: 'shop', bootstrap: (boot) => boot.step('prices', () => work.promise) }, clock);
  gate.ensureReady().catch(() => {});
  await settled();
  const bounded = watch(gate.close({ timeoutMs: 100 }));
  const unbounded = watch(gate.close());
  await clock.advance(99);
  expect(bounded.state).toBe('pending');
  await clock.advance(1);
  expect([bounded.state, unbounded.state]).toEqual(['fulfilled', 'pending']);
  expect(warnings).toEqual([
    expect.objectContaining({
      code: 'GATE_UNFINISHED',
      message: expect.stringMatching(
        /^Gate "shop" has not finished closing within 100 ms\. The step "prices" /,
      ) as string,
    }),
  ]);
  work.resolve();
  await settled();
  expect(unbounded.state).toBe('fulfilled');
});

test('a close with a limit names the stop that hangs', async () => {
  const warnings = collectWarnings();
  const clock = new ManualClock();
  const bootstrap = { run: () => 1, stop: () => new Promise(() => {}) };
  const gate = createGateWith({ name: 'shop', bootstrap, deadlock: 'off' }, clock);
  await gate.ensureReady();
  const closing = gate.close({ timeoutMs: 5 });
  await settled();
  await clock.advance(5);
  await closing;
  await settled();
  expect(warnings.map(({ message }) => message)).toEqual([
    expect.stringContaining('The stop of the bootstrap of gate "shop" has been pending'),
  ]);
});

test('a close that ends within its limit warns of nothing and leaves no timer', async () => {
  const warnings = collectWarnings();
  const clock = new ManualClock();
  const gate = createGateWith({ bootstrap: () => 1 }, clock);
  await gate.ensureReady();
  await gate.close({ timeoutMs: 1_000 });
  await clock.advance(2_000);
  expect(warnings).toEqual([]);
});

test('a wrong option of close is a rejection that names it, and the gate stays open', async () => {
  const gate = createGate({ bootstrap: () => 1 });
  await gate.ensureReady();
  await expect(gate.close({ timeoutMs: -1 })).rejects.toThrow(/^close: option "timeoutMs" must be .*, not -1$/);
  expect(gate.state).toBe('ready');
});

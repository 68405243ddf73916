import { describe } from '@bootstrap-gate/deadlock/adapter';
import { type Boot, createGate, type Gate } from '../../src/index.js';
import { systemClock } from '../../src/kit/clock.js';
import { messageOf } from '../../src/kit/errors.js';
import { createGateWith } from '../../src/create-gate.js';
import { coreOf } from '../../src/gate/registry.js';
import { collectUntil, hopeless } from './hopeless.js';
import { ManualClock, settled } from '../manual-clock.js';
import { collectMessages, collectWarnings, never, refusal, watch } from '../support.js';

afterEach(() => jest.restoreAllMocks());

const inStep = (boot: Boot): Promise<never> => boot.step('subscribe', hopeless);

const advice =
  'Look for a callback that is never called, an event whose emitter is gone, or a resolve function that was dropped: ' +
  'what could have settled the promise has been garbage-collected.';

test.each([
  ['step "subscribe" of gate "mail"', inStep, /unreachable\.test\.ts:\d+:\d+/],
  ['bootstrap of gate "mail"', hopeless, /^the bootstrap$/],
])('D7: a %s that nothing can settle any more fails, and the verdict says so', async (label, bootstrap, at) => {
  const gate = createGate({ name: 'mail', stallAfterMs: Infinity, bootstrap });
  const waiting = gate.ensureReady();
  const seen = watch(waiting);
  const failed = refusal(waiting);
  await collectUntil(() => seen.state === 'rejected');
  const error = await failed;
  const waitsFor = 'a promise that nothing can settle any more';
  const cycle = [{ owner: label, waitsFor, since: expect.any(Number), at: expect.stringMatching(at) }];
  expect(error).toMatchObject({ code: 'ERR_GATE_BOOTSTRAP_FAILED', cause: { code: 'ERR_GATE_DEADLOCK' } });
  expect(error.verdict).toEqual({ certainty: 'proven', cycle, advice });
  expect(messageOf(error.cause)).toBe(`The ${label} can never finish:\n${error.verdict && describe(error.verdict)}`);
  expect(gate.report().verdicts).toEqual([error.verdict]);
});

test('D7: with deadlock "warn" it is a warning and a verdict in the report, and hangs on', async () => {
  const warnings = collectWarnings();
  const gate = createGateWith(
    { name: 'mail', deadlock: 'warn', stallAfterMs: Infinity, bootstrap: inStep },
    systemClock,
  );
  const seen = watch(gate.ensureReady());
  const messages = await collectMessages('verdict', () => collectUntil(() => warnings.length > 0));
  await settled();
  expect(seen.state).toBe('pending');
  expect(warnings).toMatchObject([
    {
      code: 'GATE_DEADLOCK',
      message: expect.stringMatching(/^The step "subscribe" of gate "mail" can never finish:\n/),
    },
  ]);
  expect(gate.report()).toMatchObject({ state: 'booting', verdicts: [{ certainty: 'proven' }] });
  const [verdict] = gate.report().verdicts;
  expect(messages).toEqual([{ gate: 'mail', type: 'proven', flight: coreOf('the test', gate).flightNumber, verdict }]);
});

test('D7: with deadlock "off" nothing is proven', async () => {
  const warnings = collectWarnings();
  const gate = createGate({ name: 'mail', deadlock: 'off', stallAfterMs: Infinity, bootstrap: inStep });
  const seen = watch(gate.ensureReady());
  await collectUntil(() => false, 3);
  expect(seen.state).toBe('pending');
  expect(warnings).toEqual([]);
  expect(gate.report()).toMatchObject({ state: 'booting', verdicts: [] });
});

test('D7: a flight that stalls is looked at at once: its garbage is collected', async () => {
  const collect = jest.spyOn(globalThis as { gc(): void }, 'gc');
  const warnings = collectWarnings();
  const clock = new ManualClock();
  const stalled = (deadlock: 'throw' | 'off'): Gate<never> =>
    createGateWith({ deadlock, stallAfterMs: 100, eager: true, bootstrap: never }, clock);
  stalled('off');
  await clock.advance(100);
  expect(collect).toHaveBeenCalledTimes(0);
  stalled('throw');
  await clock.advance(100);
  const { length: collections } = collect.mock.calls;
  expect(collections).toBeGreaterThan(0);
  await clock.advance(1_000); // there is no news of either
  expect(collect).toHaveBeenCalledTimes(collections);
  expect(warnings.map(({ code }) => code)).toEqual(['GATE_STALLED', 'GATE_STALLED']);

  const rollback = createGateWith({ stallAfterMs: 100, bootstrap: { run: () => 1, stop: never } }, clock);
  await rollback.ensureReady();
  void rollback.close();
  await settled();
  await clock.advance(100);
  expect(warnings).toHaveLength(3);
  expect(collect).toHaveBeenCalledTimes(collections); // of a stop nothing is proven
});

/** A promise that nothing can settle any more: what becomes of the flight that waits for it. */
import { type Boot, createGate, type Gate, type GateError, isGateError } from '@bootstrap-gate/core';
import { describe as tell } from '@bootstrap-gate/deadlock/adapter';
import { createGateWith } from '../src/gate.js';
import { collectUntil, hopeless } from './hopeless.js';
import { ManualClock } from './manual-clock.js';
import { collectMessages, collectWarnings, never, refusal, watch } from './support.js';

afterEach(() => jest.restoreAllMocks());

const causeOf = ({ cause }: GateError): GateError => {
  if (!isGateError(cause)) throw new Error('the cause is something else', { cause });
  return cause;
};

const advice =
  'Look for a callback that is never called, an event whose emitter is gone, or a resolve function that was dropped: ' +
  'what could have settled the promise has been garbage-collected.';

test('D7: a step whose promise nothing can settle any more fails, and says which one, since when and why', async () => {
  const clock = new ManualClock();
  const gate = createGateWith(
    { name: 'shop', stallAfterMs: Infinity, bootstrap: (boot: Boot) => boot.step('load', hopeless) },
    clock,
  );
  const caller = refusal(gate.ensureReady());
  await clock.advance(5);
  await collectUntil(() => gate.state === 'failed');
  const error = await caller;
  const { code, message, verdict } = causeOf(error);
  expect(code).toBe('ERR_GATE_DEADLOCK');
  expect(verdict).toEqual({
    certainty: 'proven',
    cycle: [
      {
        owner: 'step "load" of gate "shop"',
        waitsFor: 'a promise that nothing can settle any more',
        since: 1_000_000,
        at: expect.stringMatching(/proof\.test\.ts:\d+:\d+/),
      },
    ],
    advice,
  });
  expect(message).toBe(`The step "load" of gate "shop" can never finish:\n${verdict && tell(verdict)}`);
  expect(error.verdict).toBe(verdict);
  expect(gate.report()).toMatchObject({ verdicts: [verdict], attempts: [{ steps: [{ state: 'failed' }] }] });
});

test('D7: a bootstrap whose own promise nothing can settle any more fails in the same way', async () => {
  const gate = createGate({ name: 'shop', stallAfterMs: Infinity, bootstrap: hopeless });
  const caller = refusal(gate.ensureReady());
  await collectUntil(() => gate.state === 'failed');
  const { message, verdict } = causeOf(await caller);
  expect(message).toMatch(/^The bootstrap of gate "shop" can never finish:\n/);
  expect(verdict?.cycle).toMatchObject([{ owner: 'bootstrap of gate "shop"', at: 'the bootstrap' }]);
});

test('D7: with deadlock "warn" it is a warning and a verdict, once, and the flight goes on', async () => {
  const warnings = collectWarnings();
  const gate = createGate({
    name: 'shop',
    deadlock: 'warn',
    stallAfterMs: Infinity,
    bootstrap: (boot: Boot) => boot.step('load', hopeless),
  });
  const messages = await collectMessages('verdict', async () => {
    void gate.ensureReady();
    await collectUntil(() => warnings.length > 0);
  });
  expect(gate.state).toBe('booting');
  expect(warnings.map(({ code }) => code)).toEqual(['GATE_DEADLOCK']);
  const [verdict] = gate.report().verdicts;
  expect(warnings[0]?.message).toBe(`The step "load" of gate "shop" can never finish:\n${verdict && tell(verdict)}`);
  expect(messages).toEqual([{ gate: 'shop', type: 'proven', flight: expect.any(Number), verdict }]);
});

test('D7: with deadlock "off" nothing is proven', async () => {
  const warnings = collectWarnings();
  const gate = createGate({
    deadlock: 'off',
    stallAfterMs: Infinity,
    bootstrap: (boot: Boot) => boot.step('load', hopeless),
  });
  const caller = watch(gate.ensureReady());
  await collectUntil(() => caller.state !== 'pending', 3);
  expect(caller.state).toBe('pending');
  expect(warnings).toEqual([]);
  expect(gate.report().verdicts).toEqual([]);
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
  expect(collect).toHaveBeenCalledTimes(1);
  await clock.advance(1_000); // there is no news of either
  expect(collect).toHaveBeenCalledTimes(1);
  expect(warnings.map(({ code }) => code)).toEqual(['GATE_STALLED', 'GATE_STALLED']);
});

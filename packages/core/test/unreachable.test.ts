import { collectGarbage } from '@bootstrap-gate/deadlock/adapter';
import { type Boot, createGate } from '@bootstrap-gate/core';
import { settled } from './manual-clock.js';
import { collectWarnings, refusal, watch } from './support.js';

afterEach(() => jest.restoreAllMocks());

/** Has the garbage collected until that has told something, or a few times if it does not. */
async function collectUntil(told: () => boolean, times = 20): Promise<void> {
  for (let turn = 0; turn < times && !told(); turn++) {
    collectGarbage();
    await settled();
  }
}

const dropped = (): Promise<never> => new Promise(() => {});
const inStep = (boot: Boot): Promise<never> => boot.step('subscribe', dropped);

test.each([
  ['step "subscribe" of gate "mail"', inStep, /unreachable\.test\.ts:\d+:\d+/],
  ['bootstrap of gate "mail"', dropped, /^the bootstrap$/],
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
  expect(error.verdict).toEqual({ certainty: 'proven', cycle, advice: expect.stringMatching(/garbage-collected/) });
  expect(gate.report().verdicts).toEqual([error.verdict]);
});

test('D7: with deadlock "warn" it is a warning and a verdict in the report, and hangs on', async () => {
  const warnings = collectWarnings();
  const gate = createGate({ name: 'mail', deadlock: 'warn', stallAfterMs: Infinity, bootstrap: inStep });
  const seen = watch(gate.ensureReady());
  await collectUntil(() => warnings.length > 0);
  await settled();
  expect(seen.state).toBe('pending');
  expect(warnings).toMatchObject([
    {
      code: 'GATE_DEADLOCK',
      message: expect.stringMatching(/^The step "subscribe" of gate "mail" can never finish:\n/),
    },
  ]);
  expect(gate.report()).toMatchObject({ state: 'booting', verdicts: [{ certainty: 'proven' }] });
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

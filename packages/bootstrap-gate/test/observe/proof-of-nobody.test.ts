/** The flight was proven hopeless, and nobody was there to be told: the process must not end as if all were well. */
import { createGate, type Gate } from '../../src/index.js';
import { collectUntil, hopeless } from './hopeless.js';
import { messageOf } from '../../src/kit/errors.js';
import { exitWarnings } from './exit-warnings.js';
import { settled } from '../manual-clock.js';
import { collectWarnings, refusal } from '../support.js';

afterEach(async () => {
  jest.restoreAllMocks();
  await settled();
});

/** How many listeners the core has on the process for what is unfinished. */
const listeners = (): number => process.listenerCount('exit');

test.each<[string, (gate: Gate<unknown>) => Promise<unknown>]>([
  ['reset', (gate) => gate.reset()],
  ['closed', (gate) => gate.close()],
  ['tried again', (gate) => gate.ensureReady()],
])('D8: a proof that nobody was told of has a last word, until the gate is %s', async (_how, goOn) => {
  const warnings = collectWarnings();
  const before = listeners();
  let flights = 0;
  const bootstrap = (): Promise<string> => (++flights === 1 ? hopeless() : Promise.resolve('up'));
  const gate: Gate<unknown> = createGate({
    name: 'mail',
    bootstrap,
    eager: true,
    cooldownMs: 0,
    stallAfterMs: Infinity,
  });
  await collectUntil(() => gate.state === 'failed');
  await settled();
  expect(warnings.map(({ code }) => code)).toEqual(['GATE_FLIGHT_FAILED']);
  expect(listeners()).toBe(before + 1);
  const said = 'BootstrapGateWarning GATE_UNFINISHED: The bootstrap of gate "mail" failed: ';
  expect(exitWarnings('mail', 'beforeExit', 'exit')).toEqual([`${said}${messageOf(warnings[0]?.cause)}`]);
  await goOn(gate);
  expect(listeners()).toBe(before);
});

test('D8: a proof that a caller was told of needs no last word, nor does another failure', async () => {
  const warnings = collectWarnings();
  const before = listeners();
  const told = createGate({ bootstrap: hopeless, stallAfterMs: Infinity });
  const caller = refusal(told.ensureReady());
  await collectUntil(() => told.state === 'failed');
  await caller;
  createGate({ bootstrap: () => Promise.reject(new Error('no')), eager: true });
  await settled();
  expect(warnings.map(({ code }) => code)).toEqual(['GATE_FLIGHT_FAILED']);
  expect(listeners()).toBe(before);
});

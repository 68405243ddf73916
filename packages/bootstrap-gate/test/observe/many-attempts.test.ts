import { createGate } from '../../src/index.js';
import { collectMessages, refusal } from '../support.js';

test('P1: a flight of 1,000 attempts is reported by its first and last ten, and the rest is counted', async () => {
  const bootstrap = (): never => {
    throw new Error('no');
  };
  const gate = createGate({ name: 'shop', bootstrap, retry: { attempts: 1_000, delayMs: 0, when: () => true } });
  let message = '';
  const flights = await collectMessages('flight', async () => void ({ message } = await refusal(gate.ensureReady())));
  const { attempts, attemptsOmitted } = gate.report();
  const numbers = attempts.map(({ attempt }) => attempt);
  expect([numbers.length, numbers[0], numbers[9], numbers[10], numbers[19]]).toEqual([20, 1, 10, 991, 1_000]);
  expect(attemptsOmitted).toBe(980);
  expect(message).toContain('failed after 1000 attempts: no');
  expect(flights.at(-1)).toMatchObject({ type: 'end', attempts: 1_000 });
}, 30_000);

test('P1: a report of few attempts omits none', async () => {
  const gate = createGate({ bootstrap: () => 1 });
  await gate.ensureReady();
  expect(gate.report()).not.toHaveProperty('attemptsOmitted');
});

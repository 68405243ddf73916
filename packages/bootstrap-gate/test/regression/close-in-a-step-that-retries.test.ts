/** Shrunk from the races: the abort of an attempt was not heard before its bootstrap had returned for the first time. */
import { createGateWith } from '../../src/create-gate.js';
import { ManualClock, settled } from '../manual-clock.js';
import { refusal } from '../support.js';

test('A4: a step that closes its gate in the tick of the first call, and fails, is not called again', async () => {
  const clock = new ManualClock();
  let calls = 0;
  const gate = createGateWith(
    {
      bootstrap: (boot) =>
        boot.step(
          'load',
          () => {
            calls++;
            void gate.close();
            throw new Error('no');
          },
          { retry: { attempts: 2, delayMs: 10 } },
        ),
    },
    clock,
  );
  expect((await refusal(gate.ensureReady())).code).toBe('ERR_GATE_CLOSED');
  await settled();
  expect([calls, clock.timers]).toEqual([1, 0]);
});

import { coreOf, Door } from '../../src/adapter.js';
import { createGateWith } from '../../src/create-gate.js';
import { ManualClock } from '../manual-clock.js';
import { TestGuest } from '../gate/test-guest.js';
import { never } from '../support.js';

// The door holds a guest, which finds in that moment that its client is gone.
test('A7: a guest that goes away while it begins to wait leaves no timer behind', async () => {
  const clock = new ManualClock();
  const gate = createGateWith({ bootstrap: never, stallAfterMs: Infinity }, clock);
  const guest: TestGuest = new TestGuest(
    new Door(coreOf('the test', gate), { waitTimeoutMs: 50, maxWaiting: 8 }),
    true,
    {
      held: () => guest.goAway(),
    },
  );
  guest.door.enter(guest);
  expect(guest.outcome).toBe('gone');
  expect(gate.report().held).toBe(0);
  expect(clock.timers).toBe(0);
});

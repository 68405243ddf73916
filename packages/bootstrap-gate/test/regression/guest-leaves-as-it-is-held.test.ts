import { Door } from '../../src/gate/door.js';
import { coreOf } from '../../src/gate/registry.js';
import { createGateWith } from '../../src/create-gate.js';
import { ManualClock } from '../manual-clock.js';
import { limits, TestRequest } from '../gate/test-request.js';
import { never } from '../support.js';

// The door holds a guest, which finds in that moment that its client is gone.
test('A7: a guest that goes away while it begins to wait leaves no timer behind', async () => {
  const clock = new ManualClock();
  const gate = createGateWith({ bootstrap: never, stallAfterMs: Infinity }, clock);
  const guest: TestRequest = new TestRequest(new Door(coreOf('the test', gate), limits()), true, {
    held: () => guest.goAway(),
  });
  guest.door.enter(guest);
  expect(guest.outcome).toBe('gone');
  expect(gate.report().held).toBe(0);
  expect(clock.timers).toBe(0);
});

import { Door } from '../../src/gate/door.js';
import { coreOf } from '../../src/gate/registry.js';
import { createGateWith } from '../../src/create-gate.js';
import { ManualClock } from '../manual-clock.js';
import { limits, TestRequest } from '../gate/test-request.js';
import { never } from '../support.js';

// The door denies the overdue, and one of them lets another one in while it is told.
const doorAtEndlessFlight = () => {
  const clock = new ManualClock();
  const gate = createGateWith({ bootstrap: never, stallAfterMs: Infinity }, clock);
  return { clock, gate, door: new Door(coreOf('the test', gate), limits()) };
};

test('A7, A11: a guest that enters while the only overdue one is denied is held for its own time', async () => {
  const { clock, gate, door } = doorAtEndlessFlight();
  const second = new TestRequest(door, true);
  const first = new TestRequest(door, true, { denied: () => door.enter(second) });
  door.enter(first);
  await clock.advance(50);
  expect([first.outcome, second.outcome]).toEqual(['ERR_GATE_WAIT_TIMEOUT', '']);
  await clock.advance(49);
  expect(gate.report().held).toBe(1);
  await clock.advance(1);
  expect(second.outcome).toBe('ERR_GATE_WAIT_TIMEOUT');
});

test('A7: a guest that enters while an overdue one is denied sets no timer beside the one of the door', async () => {
  const { clock, gate, door } = doorAtEndlessFlight();
  const others = [new TestRequest(door, true), new TestRequest(door, true)];
  const first = new TestRequest(door, true, { denied: () => door.enter(others[1]!) });
  door.enter(first);
  await clock.advance(20);
  door.enter(others[0]!);
  await clock.advance(30);
  expect(first.outcome).toBe('ERR_GATE_WAIT_TIMEOUT');
  expect(gate.report().held).toBe(2);
  expect(clock.timers).toBe(1);
  for (const guest of others) guest.goAway();
  expect(clock.timers).toBe(0);
});

import { createGate } from '../../src/index.js';
import { Door } from '../../src/gate/door.js';
import { coreOf } from '../../src/gate/registry.js';
import { limits, TestRequest } from '../gate/test-request.js';

// The pilot begins, the gate tells `booting`, a listener closes the gate, the pilot has not been let in yet.
const gateThatClosesAt = (nth: number) => {
  const gate = createGate();
  let times = 0;
  gate.onChange((state) => {
    if (state === 'booting' && ++times === nth) void gate.close();
  });
  return gate;
};

test('A11, A12: a listener of `booting` closes the gate while a wrapped call becomes the pilot: it is denied', async () => {
  const gate = gateThatClosesAt(1);
  const call = gate.wrap(async () => 'ran');
  const result = call().catch((error: unknown) => error);
  expect(gate.waiting).toBe(0);
  await expect(result).resolves.toMatchObject({ code: 'ERR_GATE_CLOSED' });
});

test('A11, A12: a listener of `booting` closes the gate while a request becomes the pilot: it is denied at once', () => {
  const gate = gateThatClosesAt(1);
  const guest = new TestRequest(new Door(coreOf('the test', gate), limits({ waitTimeoutMs: 1_000 })), true);
  guest.door.enter(guest);
  const { outcome } = guest;
  guest.goAway(); // gives its place back, where it was held
  expect(outcome).toBe('ERR_GATE_CLOSED');
});

test('A11, A12: a listener of `booting` closes the gate while the next in line becomes the pilot: it hears of the close', async () => {
  const gate = gateThatClosesAt(2);
  const call = gate.wrap(() => Promise.reject(new Error('the first one fails')));
  const first = call().catch((error: unknown) => error);
  const second = call().catch((error: unknown) => error);
  await expect(first).resolves.toMatchObject({ message: 'the first one fails' });
  await expect(second).resolves.toMatchObject({ code: 'ERR_GATE_CLOSED' });
});

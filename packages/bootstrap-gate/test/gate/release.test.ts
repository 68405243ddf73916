import { createGateWith } from '../../src/create-gate.js';
import { closeGate, resetGate } from '../../src/gate/end.js';
import type { GateCore } from '../../src/gate/gate-core.js';
import { coreOf } from '../../src/gate/registry.js';
import { ManualClock, settled } from '../manual-clock.js';
import { deferred, never } from '../support.js';

type Work = (clock: ManualClock, n: number, gate: GateCore) => void;

const waiter = { canPilot: false, hearsCause: false, leave: () => {}, deny: () => {} };

/** A gate that has just opened, with so many who waited; `work` is what each of them does in the moment it is let in. */
async function release(count: number, work: Work = () => {}) {
  const clock = new ManualClock();
  const boot = deferred();
  let flights = 0;
  const gate = coreOf(
    'the test',
    createGateWith({ bootstrap: () => (++flights === 1 ? boot.promise : never()) }, clock),
  );
  const done: number[] = [];
  for (let n = 0; n < count; n++) {
    gate.queue.join({ ...waiter, key: {}, admit: () => (done.push(n), work(clock, n, gate)) });
  }
  gate.start();
  boot.resolve();
  await settled();
  return { clock, gate, done };
}

test('H4: a slice of the release lets in 32, and the next one comes after a turn of the event loop', async () => {
  const { clock, gate, done } = await release(70);
  expect(done).toEqual(Array.from({ length: 32 }, (_, n) => n));
  expect(gate.queue.size).toBe(38);
  clock.turn();
  expect(done).toHaveLength(64);
  clock.turn();
  expect(done).toEqual(Array.from({ length: 70 }, (_, n) => n));
});

test('H4: a slice ends when it has taken 15 ms', async () => {
  const quick = await release(10, (clock) => void clock.advance(4));
  expect(quick.done).toHaveLength(4);
  quick.clock.turn();
  expect(quick.done).toHaveLength(8);
  const slow = await release(10, (clock) => void clock.advance(15));
  expect(slow.done).toHaveLength(1);
});

test('H4: a release that is under way is not begun a second time when the gate opens anew', async () => {
  const { clock, gate, done } = await release(70);
  gate.queue.release(() => true);
  expect(done).toHaveLength(32);
  clock.turn();
  expect(done).toHaveLength(64);
});

test('H4: when all have been let in, nothing is left to do in a later turn', async () => {
  const { clock, done } = await release(1);
  clock.turn();
  const putOff = jest.spyOn(clock, 'soon');
  clock.turn();
  expect(done).toHaveLength(1);
  expect(putOff).not.toHaveBeenCalled();
});

test('H4: a gate that one who is let in closes lets nobody in after it, and nothing is left to do', async () => {
  const { clock, done, gate } = await release(5, (_clock, n, gate) => void (n === 2 && closeGate(gate)));
  expect(done).toEqual([0, 1, 2]);
  expect(gate.queue.size).toBe(0);
  const putOff = jest.spyOn(clock, 'soon');
  clock.turn();
  expect(putOff).not.toHaveBeenCalled();
  expect(done).toHaveLength(3);
});

/** One who joins the line and must stay there. */
const newcomer = () => ({ ...waiter, key: {}, admit: jest.fn(), deny: jest.fn() });

test('A12: who joins as one of those who are let in resets the gate waits for the next flight', async () => {
  const late = newcomer();
  const { clock, done, gate } = await release(5, (_clock, n, gate) => {
    if (n !== 2) return;
    void resetGate(gate);
    gate.queue.join(late);
  });
  expect(done).toEqual([0, 1, 2]);
  clock.turn();
  expect(late.admit).not.toHaveBeenCalled();
  expect(gate.queue.find(late.key)).toBe(late);
});

test('A12: who joins between two slices, after a reset, is not let in by the next one', async () => {
  const { clock, done, gate } = await release(40);
  void resetGate(gate);
  const late = newcomer();
  gate.queue.join(late);
  clock.turn();
  expect(done).toHaveLength(32);
  expect(late.admit).not.toHaveBeenCalled();
});

test('A11: one who leaves as another one is denied is not denied as well', async () => {
  const { gate } = await release(0);
  const second = newcomer();
  const first = { ...newcomer(), deny: () => gate.queue.take(second) };
  gate.queue.join(first);
  gate.queue.join(second);
  void closeGate(gate);
  expect(second.deny).not.toHaveBeenCalled();
  expect(gate.queue.size).toBe(0);
});

test('H4: what one who is let in throws is an uncaught exception, and does not end the release', async () => {
  const thrown: unknown[] = [];
  const nextTick = jest.spyOn(process, 'nextTick').mockImplementation((call: unknown) => {
    try {
      (call as () => void)();
    } catch (error) {
      thrown.push(error);
    }
  });
  const bug = new Error('bug');
  const { done } = await release(3, (_clock, n) => {
    if (n === 1) throw bug;
  });
  nextTick.mockRestore();
  expect(done).toEqual([0, 1, 2]);
  expect(thrown).toEqual([bug]);
});

/** Ends nothing, until the clock has gone on so far; each slice is one turn. */
function turns(clock: ManualClock, isOver: () => boolean): number {
  let count = 0;
  for (; !isOver(); count++) clock.turn();
  return count;
}

test('H4: denials are sliced as the release is, each with an error of its own', async () => {
  const { clock, gate } = await release(0);
  const errors = new Set<unknown>();
  for (let n = 0; n < 70; n++)
    gate.queue.join({ ...waiter, key: {}, admit: () => {}, deny: (error) => errors.add(error) });
  void gate.gate.close();
  expect([errors.size, gate.queue.size]).toEqual([32, 38]);
  clock.turn();
  expect([errors.size, gate.queue.size]).toEqual([64, 6]);
  clock.turn();
  expect([errors.size, gate.queue.size]).toEqual([70, 0]);
});

test('A12: the promise of a close is kept when the last of those that waited is denied', async () => {
  const { clock, gate } = await release(0);
  for (let n = 0; n < 40; n++) gate.queue.join({ ...waiter, key: {}, admit: () => {} });
  let isClosed = false;
  void gate.gate.close().then(() => (isClosed = true));
  await settled();
  expect(isClosed).toBe(false);
  clock.turn();
  await settled();
  expect(isClosed).toBe(true);
});

test('A7, H4: one that leaves before its denial is told is not denied, and the next one who joins stays', async () => {
  const { clock, gate } = await release(0);
  const leaves = newcomer();
  const stays = newcomer();
  for (let n = 0; n < 32; n++) gate.queue.join({ ...waiter, key: {}, admit: () => {} });
  gate.queue.join(leaves);
  void gate.gate.reset();
  expect(gate.queue.find(leaves.key)).toBe(leaves);
  expect(gate.queue.take(leaves)).toBe(true);
  gate.queue.join(stays);
  turns(clock, () => gate.queue.size === 1);
  clock.turn();
  expect([leaves.deny, stays.deny].map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
});

test('H4: what is denied while a release is under way is denied before anything else is let in', async () => {
  const { clock, done, gate } = await release(64);
  const order: string[] = [];
  const overdue = { ...newcomer(), deny: () => order.push('denied'), admit: () => order.push('admitted') };
  gate.queue.join(overdue);
  void gate.queue.deny([overdue], () => gate.error('ERR_GATE_WAIT_TIMEOUT', 'is late'));
  turns(clock, () => gate.queue.size === 0);
  expect([order, done.length]).toEqual([['denied'], 64]);
});

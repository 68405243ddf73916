import type { BootstrapGate } from '../src/bootstrap-gate.js';
import { createGateWith } from '../src/gate.js';
import { ManualClock, settled } from './manual-clock.js';
import { deferred } from './support.js';

type Work = (clock: ManualClock, n: number, gate: Pick<BootstrapGate<unknown>, 'close'>) => void;

/** A gate that has just opened, with so many who waited; `work` is what each of them does in the moment it is let in. */
async function release(count: number, work: Work = () => {}) {
  const clock = new ManualClock();
  const boot = deferred();
  const gate = createGateWith({ bootstrap: () => boot.promise }, clock);
  const done: number[] = [];
  for (let n = 0; n < count; n++) {
    const waiter = { key: {}, canPilot: false, hearsCause: false, leave: () => {}, deny: () => {} };
    gate.line.join({ ...waiter, admit: () => (done.push(n), work(clock, n, gate)) });
  }
  gate.start();
  boot.resolve();
  await settled();
  return { clock, gate, done };
}

test('H4: a slice of the release lets in 32, and the next one comes after a turn of the event loop', async () => {
  const { clock, gate, done } = await release(70);
  expect(done).toEqual(Array.from({ length: 32 }, (_, n) => n));
  expect(gate.waiting).toBe(38);
  clock.turn();
  expect(done).toHaveLength(64);
  clock.turn();
  expect(done).toEqual(Array.from({ length: 70 }, (_, n) => n));
});

test('H4: a slice ends when it has taken 10 ms', async () => {
  const quick = await release(10, (clock) => void clock.advance(3));
  expect(quick.done).toHaveLength(4);
  quick.clock.turn();
  expect(quick.done).toHaveLength(8);
  const slow = await release(10, (clock) => void clock.advance(10));
  expect(slow.done).toHaveLength(1);
});

test('H4: a release that is under way is not begun a second time when the gate opens anew', async () => {
  const { clock, gate, done } = await release(70);
  gate.line.release(() => true);
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
  const { clock, done, gate } = await release(5, (_clock, n, gate) => void (n === 2 && gate.close()));
  expect(done).toEqual([0, 1, 2]);
  expect(gate.waiting).toBe(0);
  const putOff = jest.spyOn(clock, 'soon');
  clock.turn();
  expect(putOff).not.toHaveBeenCalled();
  expect(done).toHaveLength(3);
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

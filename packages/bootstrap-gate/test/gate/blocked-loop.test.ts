/** A timer that is late because something blocked the event loop. */
import { createGateWith } from '../../src/create-gate.js';
import type { Clock } from '../../src/kit/clock.js';
import { settled } from '../manual-clock.js';
import { deferred, refusal } from '../support.js';

/** A clock whose timers fire as late as a blocked event loop lets them. */
function blockedClock() {
  let now = 1_000;
  const timers: { due: number; fn: () => void }[] = [];
  const soon: (() => void)[] = [];
  const clock: Clock = {
    now: () => now,
    random: () => 0,
    soon: (fn) => void soon.push(fn),
    after: (ms, fn) => (timers.push({ due: now + ms, fn }), () => {}),
  };
  return {
    clock,
    /** Fires what is due after the loop stood still for so long. */
    block(ms: number) {
      now += ms;
      for (const { fn } of timers.splice(0).filter(({ due }) => due <= now)) fn();
    },
    turn: () => soon.splice(0).forEach((fn) => fn()),
  };
}

test('A11: a caller whose limit passed while the loop was blocked is admitted when the gate opened meanwhile', async () => {
  const { clock, block, turn } = blockedClock();
  const boot = deferred<string>();
  const gate = createGateWith({ bootstrap: () => boot.promise, stallAfterMs: Infinity }, clock);
  const caller = gate.ensureReady({ timeoutMs: 100 });
  block(1_000);
  boot.resolve('value');
  await settled();
  turn();
  expect(await caller).toBe('value');
});

test('A11: it is denied when the gate is still closed then, and at once where the timer was in time', async () => {
  const { clock, block, turn } = blockedClock();
  const boot = deferred();
  const gate = createGateWith({ bootstrap: () => boot.promise, stallAfterMs: Infinity }, clock);
  const late = refusal(gate.ensureReady({ timeoutMs: 100 }));
  block(1_000);
  turn();
  expect((await late).code).toBe('ERR_GATE_WAIT_TIMEOUT');
  const inTime = refusal(gate.ensureReady({ timeoutMs: 100 }));
  block(100);
  expect((await inTime).code).toBe('ERR_GATE_WAIT_TIMEOUT');
});

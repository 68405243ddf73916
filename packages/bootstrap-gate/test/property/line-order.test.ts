import fc from 'fast-check';
import { Door } from '../../src/gate/door.js';
import { coreOf } from '../../src/gate/registry.js';
import type { Clock } from '../../src/kit/clock.js';
import { createGateWith } from '../../src/create-gate.js';
import { ManualClock, settled } from '../manual-clock.js';
import { limits, TestRequest } from '../gate/test-request.js';
import { patienceMs, runs } from './runs.js';

/** One who waits, and what happens when it is let in: work, and perhaps something that ends the release. */
interface Waiting {
  readonly kind: 'guest' | 'caller';
  readonly door: number;
  readonly workMs: number;
  readonly leaves: 'stays' | 'told' | 'untold';
  readonly does: 'nothing' | 'reset' | 'close' | 'drain';
}

const waiting = fc.record<Waiting>({
  kind: fc.constantFrom('guest', 'guest', 'guest', 'caller'),
  door: fc.nat({ max: 1 }),
  workMs: fc.constantFrom(0, 0, 0, 0, 1, 4, 30),
  leaves: fc.constantFrom('stays', 'stays', 'stays', 'stays', 'told', 'untold'),
  does: fc.oneof(
    { weight: 60, arbitrary: fc.constant('nothing' as const) },
    { weight: 1, arbitrary: fc.constantFrom('reset' as const, 'close' as const, 'drain' as const) },
  ),
});

/** The waiting who leave the line during the release: after which turn, and who. */
const leavers = fc.array(fc.record({ turn: fc.nat({ max: 3 }), who: fc.nat({ max: 150 }) }), { maxLength: 3 });

test(
  'H4, A11: the line is released in arrival order and in slices, whoever leaves or ends the release meanwhile',
  async () => {
    await fc.assert(fc.asyncProperty(fc.array(waiting, { maxLength: 150, size: 'max' }), leavers, releaseInOrder), {
      numRuns: runs(100),
    });
  },
  patienceMs,
);

async function releaseInOrder(
  plan: readonly Waiting[],
  leavers: readonly { readonly turn: number; readonly who: number }[],
): Promise<void> {
  const manual = new ManualClock();
  let workedMs = 0;
  const clock: Clock = {
    now: () => manual.now() + workedMs,
    after: manual.after,
    soon: manual.soon,
    random: manual.random,
  };
  let boot!: () => void;
  const gate = createGateWith({ bootstrap: () => new Promise<void>((resolve) => (boot = resolve)) }, clock);
  const doors = [1, 2].map(
    () => new Door(coreOf('the test', gate), limits({ waitTimeoutMs: 60_000, maxWaiting: 1_000 })),
  );
  const order: number[] = [];
  const ended: string[] = [];
  const newcomers: TestRequest[] = []; // they come right after a reset or close, and wait for the next flight
  const act = (at: number): void => {
    const { does, workMs } = plan[at]!;
    order.push(at);
    workedMs += workMs;
    if (does === 'nothing') return;
    ended.push(does);
    if (does === 'drain') return gate.drain();
    void gate[does]();
    const newcomer = new TestRequest(doors[0]!, true);
    newcomers.push(newcomer);
    newcomer.door.enter(newcomer);
  };
  const outcomes: string[] = [];
  const guests = plan.map(({ kind, door }, at) => {
    if (kind === 'guest') {
      const guest = new TestRequest(doors[door]!, true, { admitted: () => act(at) });
      doors[door]!.enter(guest);
      return guest;
    }
    const note = (outcome: string) => void (outcomes[at] = (outcomes[at] ?? '') + outcome);
    gate.ensureReady().then(
      () => note('admitted'),
      () => note('denied'),
    );
    return undefined;
  });
  if (gate.state === 'idle') return; // nobody came
  for (const [at, { leaves }] of plan.entries()) {
    if (leaves !== 'stays') guests[at]?.goAway(leaves === 'untold');
  }

  boot();
  await settled();
  const stillWaiting = (): number => newcomers.filter(({ outcome }) => outcome === '').length;
  for (let turn = 0; gate.waiting > stillWaiting(); turn++) {
    if (turn >= plan.length) throw new Error(`${gate.waiting} are left in the line`);
    for (const { turn: when, who } of leavers) if (when === turn) guests[who]?.goAway();
    const before = { waiting: gate.waiting, workedMs };
    const first = order.length;
    manual.turn();
    expect(before.waiting - gate.waiting).toBeLessThanOrEqual(ended.some((end) => end !== 'drain') ? Infinity : 32);
    const longest = order.slice(first).map((at) => plan[at]!.workMs);
    expect(workedMs - before.workedMs).toBeLessThan(15 + Math.max(1, ...longest));
    await settled();
  }

  expect(order).toEqual([...order].sort((a, b) => a - b));
  for (const newcomer of newcomers) newcomer.goAway();
  expect(newcomers.filter(({ outcome }) => !/^(gone|ERR_GATE_CLOSED)$/.test(outcome))).toEqual([]);
  expect(gate.report().held).toBe(0);
  const isEnded = ended.some((end) => end !== 'drain');
  const wrong = guests.filter((guest, at) => {
    const outcome = guest?.outcome ?? outcomes[at] ?? '';
    if (guest?.isGone && !order.includes(at)) return !(isEnded ? /^(gone|ERR_GATE_\w+)$/ : /^gone$/).test(outcome);
    return !(isEnded ? /^(admitted|denied|ERR_GATE_(NOT_READY|CLOSED))$/ : /^admitted$/).test(outcome);
  });
  expect(wrong).toEqual([]);
  const lastIn = order.at(-1);
  const denied = guests.findIndex((guest) => guest?.outcome.startsWith('ERR_GATE'));
  if (denied >= 0) expect(denied).toBeGreaterThan(lastIn!);
}

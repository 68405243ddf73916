import { Mutex } from 'async-mutex';
import { createGate, type Gate } from 'bootstrap-gate';
import { type DeadlockMode, traceMutex } from '@bootstrap-gate/deadlock';
import { collectVerdicts, collectWarnings, cycleOf, deferred, rejection, turn, watch } from './support.js';

afterEach(() => jest.restoreAllMocks());

const mutexOf = (name: string, deadlock?: DeadlockMode): Mutex => traceMutex(new Mutex(), name, { deadlock }) as Mutex;

interface Outcome {
  /** What became of the wait that closes the cycle. */
  readonly closing: 'pending' | 'fulfilled' | 'rejected';
  readonly warnings: readonly string[];
  /** How often the verdict was published. */
  readonly told: number;
}

/** Lets two take each other's mutex, and looks a little later. What hangs is let go of by force. */
async function crosswise(a: Mutex, b: Mutex): Promise<Outcome> {
  const warnings = collectWarnings();
  let closing: Outcome['closing'] = 'pending';
  const messages = await collectVerdicts(async () => {
    const both = deferred();
    const first = a.runExclusive(async () => {
      await both.promise;
      return b.runExclusive(() => 'first');
    });
    const second = b.runExclusive(async () => {
      both.resolve();
      await turn();
      return a.runExclusive(() => 'second');
    });
    const [sawFirst, sawSecond] = [watch(first), watch(second)];
    for (let turns = 0; turns < 5; turns++) await turn();
    closing = sawSecond.state;
    if (sawFirst.state === 'pending') a.release();
    await Promise.allSettled([first, second]);
  });
  const codes = warnings.map(({ code }) => code).filter((code) => code !== 'GATE_LOCK_ORDER');
  return { closing, warnings: codes, told: messages.filter(({ type }) => type === 'certain').length };
}

const refused: Outcome = { closing: 'rejected', warnings: [], told: 1 };
const warnedOf: Outcome = { closing: 'pending', warnings: ['GATE_DEADLOCK'], told: 1 };
const leftAlone: Outcome = { closing: 'pending', warnings: [], told: 0 };

test.each<[DeadlockMode | undefined, DeadlockMode | undefined, Outcome]>([
  [undefined, undefined, refused],
  ['throw', 'throw', refused],
  ['throw', 'warn', warnedOf],
  ['warn', 'throw', warnedOf],
  ['warn', 'warn', warnedOf],
  ['throw', 'off', leftAlone],
  ['off', 'throw', leftAlone],
  ['warn', 'off', leftAlone],
  ['off', 'off', leftAlone],
])('D1: a cycle of a mutex with %p and one with %p is treated as the most lenient says', async (a, b, outcome) => {
  expect(await crosswise(mutexOf('a', a), mutexOf('b', b))).toEqual(outcome);
});

test('D1: the warning of a cycle that is let hang has the picture', async () => {
  const warnings = collectWarnings();
  const mutex = mutexOf('log', 'warn');
  const run = mutex.runExclusive(() => mutex.runExclusive(() => 'nested'));
  await turn();
  expect(warnings).toMatchObject([{ name: 'BootstrapGateWarning', code: 'GATE_DEADLOCK' }]);
  expect(warnings[0]?.message).toMatch(
    /^A wait can never end:\n┌→ holder of mutex "log" \(taken at [^]*└─ which depends/,
  );
  mutex.release();
  expect(await run).toBe('nested');
});

test.each<[DeadlockMode, DeadlockMode, 'rejected' | 'pending', string[]]>([
  ['throw', 'throw', 'rejected', []],
  ['warn', 'throw', 'pending', ['GATE_DEADLOCK']],
  ['throw', 'warn', 'pending', ['GATE_DEADLOCK']],
  ['off', 'throw', 'pending', []],
  ['throw', 'off', 'pending', []],
  ['warn', 'off', 'pending', []],
])(
  'D1: a cycle through a gate with %p and a mutex with %p is treated as the most lenient says',
  async (ofGate, ofMutex, state, codes) => {
    const warnings = collectWarnings();
    const mutex = mutexOf('log', ofMutex);
    const held = deferred();
    const gate: Gate<unknown> = createGate({
      name: 'shop',
      deadlock: ofGate,
      bootstrap: async (boot) => {
        await held.promise;
        return boot.step('load', () => mutex.runExclusive(() => 'loaded'));
      },
    });
    const ready = watch(gate.ensureReady());
    const holder = mutex.runExclusive(async () => {
      held.resolve();
      await turn();
      return rejection(gate.ensureReady());
    });
    for (let turns = 0; turns < 5; turns++) await turn();
    const seen = watch(holder);
    await turn();
    expect(seen.state).toBe(state === 'rejected' ? 'fulfilled' : 'pending');
    expect(ready.state).toBe(state === 'rejected' ? 'fulfilled' : 'pending');
    expect(warnings.map(({ code }) => code)).toEqual(codes);
    expect(gate.report().verdicts.map(cycleOf)).toEqual(
      ofGate === 'off' || ofMutex === 'off'
        ? []
        : [
            [
              'bootstrap of gate "shop" -> step "load" of gate "shop"',
              'step "load" of gate "shop" -> mutex "log"',
              'holder of mutex "log" -> gate "shop"',
            ],
          ],
    );
    if (state === 'pending') mutex.release();
    await turn();
    await turn();
    expect(gate.ready).toBe(true);
    await holder.catch(() => {});
  },
);

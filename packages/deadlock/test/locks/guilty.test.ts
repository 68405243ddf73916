import type { LockOutcome } from '../programs/guilty-locks.js';
import { program } from '../programs/run.js';

const guilty = program('guilty-locks');

const only = 'a mutex taken twice';

test('D10: waits for locks that can never end are rejected, with both places, and the others finish', async () => {
  const outcomes = await guilty.lines<LockOutcome>();
  const told = outcomes.filter(({ warnings }) => !warnings.includes('GATE_LOCK_LOST'));
  expect(told.map(({ shape, parties, hasPlaces }) => ({ shape, parties, hasPlaces }))).toEqual(
    [
      ['ABBA by acquire()', ['done', 'rejected']],
      ['ABBA by runExclusive()', ['done', 'rejected']],
      ['a ring of three', ['done', 'done', 'rejected']],
      ['a mutex taken twice', ['rejected']],
      ['a mutex taken twice, and once more after the refusal', ['rejected']],
      ['a mutex waited for under itself', ['rejected']],
      ['a semaphore of three, taken four times', ['rejected']],
      ['a semaphore of two, and two that each want both', ['done', 'rejected']],
      ['weights that do not fit', ['rejected']],
      ['every promise kept', ['rejected']],
    ].map(([shape, parties]) => ({ shape, parties, hasPlaces: true })),
  );
  expect(outcomes.find(({ shape }) => shape === 'a ring of three')?.cycle).toEqual([
    'holder of mutex "a" → mutex "b"',
    'holder of mutex "b" → mutex "c"',
    'holder of mutex "c" → mutex "a"',
  ]);
  const lost = outcomes.filter(({ warnings }) => warnings.includes('GATE_LOCK_LOST'));
  expect(lost.map(({ shape, parties }) => [shape, parties])).toEqual([
    // The one that was rejected did not let go of its lock: that one stays dead, and so does who waits for it.
    ['ABBA by acquire() without finally', ['rejected', 'rejected']],
    ['a releaser that was dropped', ['rejected']],
    // Whoever has the mutex might call its release().
    ['a releaser that was dropped, of a mutex that everybody has', ['hangs']],
  ]);
});

test("D10: under 'warn' it is a process warning, and the wait is left alone", async () => {
  const [outcome] = await guilty.lines<LockOutcome>('warn', only);
  expect(outcome).toMatchObject({ parties: ['hangs'], warnings: ['GATE_DEADLOCK'] });
});

test("D10: under 'off' nothing is said", async () => {
  const [outcome] = await guilty.lines<LockOutcome>('off', only);
  expect(outcome).toMatchObject({ parties: ['hangs'], warnings: [] });
});

test.each([
  ["ABBA, one of the locks with 'warn'", ['GATE_LOCK_ORDER', 'GATE_DEADLOCK']],
  ["ABBA, one of the locks with 'off'", ['GATE_LOCK_STALLED']],
])(
  'D10: %s: the more lenient mode is that of the cycle, each lock is said to stall by its own',
  async (shape, warnings) => {
    const [outcome] = await guilty.lines<LockOutcome>('throw', shape);
    expect(outcome).toMatchObject({ parties: ['hangs', 'hangs'], warnings });
  },
);

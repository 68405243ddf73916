/** Whatever ends by itself is never refused, however its waits for its own gate hang together with the rest. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Ending, Waiting } from '../programs/endings.js';
import { program } from '../programs/run.js';

const endings = program('endings');
const dir = mkdtempSync(join(tmpdir(), 'bootstrap-gate-endings-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const waiting: fc.Arbitrary<Waiting> = fc.record({
  kind: fc.constantFrom('gate', 'then', 'new promise', 'all', 'loopback'),
});
const lock = fc.nat({ max: 2 });

const { ending } = fc.letrec<{ ending: Ending }>((tie) => {
  const end = tie('ending');
  const parts = fc.array(end, { minLength: 1, maxLength: 3 });
  const waits = fc.array(waiting, { minLength: 1, maxLength: 3 });
  const kinds = <K extends string>(...names: K[]): fc.Arbitrary<K> => fc.constantFrom(...names);
  return {
    ending: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.record({ kind: kinds('timer'), ms: fc.integer({ min: 1, max: 300 }) }),
      fc.record({ kind: kinds('race', 'any', 'by hand'), end, waits }),
      fc.record({ kind: kinds('forgotten', 'interval', 'listener', 'weakly kept'), end, wait: waiting }),
      fc.record({ kind: kinds('all', 'allSettled', 'one after another', 'steps in parallel'), parts }),
      fc.record({ kind: kinds('event', 'step', 'kept', 'abort signal'), end }),
      fc.record({ kind: kinds('mutex', 'semaphore', 'released elsewhere'), lock, end }),
    ) as fc.Arbitrary<Ending>,
  };
});

test.each(['small-heap', 'large-heap'])('D2: what ends by itself is never refused, at a %s', async (heap) => {
  await fc.assert(
    fc.asyncProperty(fc.array(ending, { minLength: 40, maxLength: 40, size: 'max' }), async (all) => {
      const file = join(dir, 'endings.json');
      writeFileSync(file, JSON.stringify(all));
      const outcomes = await endings.lines<object>(file, heap);
      const expected = all.map((_ending, n) => ({ n, outcome: 'opens', verdicts: 0 }));
      expect(outcomes).toEqual([...expected, { warnings: [] }]);
    }),
    { numRuns: Number(process.env.PROPERTY_RUNS ?? 2), endOnFailure: true },
  );
});

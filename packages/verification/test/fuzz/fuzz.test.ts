/** A few hundred cases of what `npm run fuzz` runs for longer, the same ones each time. */
import { lookalikes } from '../../src/fuzz/arbitraries.js';
import { fuzzHeads } from '../../src/fuzz/crash-property.js';
import { fuzzExempt } from '../../src/fuzz/exempt-property.js';

test('N5: who passes an exempt path has it byte for byte, at every door, and its router sees that path', async () => {
  const tally = await fuzzExempt({ seed: 1, numRuns: 300, examples: lookalikes.map((request) => [request]) });
  const { 'Node alone': alone, ...gated } = tally;
  for (const [name, { passed, denied, health }] of Object.entries(gated))
    expect([name, passed > 0, denied > 0, health > 0]).toEqual([name, true, true, true]);
  expect(alone?.refused).toBeGreaterThan(0);
});

test('H3, H5: no bytes of a connection crash the process or keep a place while requests are held', async () => {
  await fuzzHeads({ seed: 1, numRuns: 60 });
});

import { planRound } from '../../src/soak/plan/plan-round.js';
import { adapterNames } from '../../src/soak/plan/types.js';
import { runRound } from '../../src/soak/round.js';

test.each(adapterNames)('a round of the soak passes with %s', async (adapter) => {
  const { ledger } = await runRound(planRound(7, 1, [adapter]));
  expect(ledger.complaints).toEqual([]);
  expect([...ledger.requests.all].length).toBeGreaterThan(10);
});

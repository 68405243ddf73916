import { planRound } from '../src/plan/plan-round.js';
import { adapterNames } from '../src/plan/types.js';
import { runRound } from '../src/round.js';

test.each(adapterNames)('a round of the soak passes with %s', async (adapter) => {
  const { ledger } = await runRound(planRound(7, 1, [adapter]));
  expect(ledger.complaints).toEqual([]);
  expect([...ledger.requests.all].length).toBeGreaterThan(10);
});

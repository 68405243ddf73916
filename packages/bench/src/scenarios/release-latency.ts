import { release } from '../release.js';
import type { Scenario } from '../scenario.js';
import { quantile } from '../statistics.js';

export const scenario: Scenario = {
  title: 'Latency while 1,000 × 1 ms are released',
  about:
    'The 99th percentile of `/livez`, which never waits, asked every 10 ms by another process until the last answer. When the answers come is in the benchmarks.',
  needsHolding: true,
  fact: async (contender, { released }) => {
    const { healthMs } = await release(contender, released, true);
    return `${quantile(healthMs, 0.99).toFixed(0)} ms`;
  },
};

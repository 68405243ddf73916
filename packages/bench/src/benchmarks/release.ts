/** Whether a server stays responsive while a herd of held requests is released, and when these have their answers. */
import type { Benchmark, Measures } from '../benchmark.js';
import { type ContenderName, contenderNames, gateNames } from '../contenders.js';
import { release } from '../release.js';
import { quantile } from '../statistics.js';

const HELD = 1_000;

async function measure(name: ContenderName): Promise<Measures> {
  const probed = await release(name, HELD, true);
  const part = (q: number): number => quantile(probed.healthMs, q);
  const alone = await release(name, HELD, false);
  return {
    p50: part(0.5),
    p99: part(0.99),
    max: part(1),
    total: probed.lastMs,
    first: alone.firstMs,
    last: alone.lastMs,
  };
}

const names = contenderNames().filter((name) => name !== 'no gate');
const byHand: ContenderName = 'a shared promise';

export const benchmark: Benchmark = {
  title: 'Releasing a herd',
  about: `${HELD.toLocaleString('en')} requests wait, each on a socket of its own; each needs 1 ms of synchronous work. From the end of the bootstrap until
the last answer a process of its own asks every 10 ms for \`/livez\`, which does not wait, and measures the latency; the total is the
time until the last answer meanwhile. What releases all at once answers these requests afterwards, a gate between the others, so
the last two columns have the first and the last answer when nobody asks.`,
  rounds: 3,
  metrics: {
    p50: { title: 'health p50, ms', digits: 1 },
    p99: { title: 'p99, ms', digits: 1 },
    max: { title: 'max, ms', digits: 1, hasRatio: false },
    total: { title: 'total, ms', digits: 0 },
    first: { title: 'first answer, ms', digits: 1 },
    last: { title: 'last answer, ms', digits: 0 },
  },
  contenders: Object.fromEntries(
    names.map((name) => [name, { run: () => measure(name), ...(name !== byHand && { against: byHand }) }]),
  ),
  targets: [
    { contenders: gateNames, metric: 'p99', of: 'value', atMost: 50 },
    { contenders: gateNames, metric: 'total', of: 'ratio', atMost: 1.05 },
    { contenders: gateNames, metric: 'last', of: 'ratio', atMost: 1.05 },
  ],
};

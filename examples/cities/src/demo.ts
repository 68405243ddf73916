/** `npm run demo`: the same requests to the same application, without a gate and with one. `--serve` leaves it open. */
import { cities, attribution } from './dataset.js';
import { planCalls } from './demo/calls.js';
import { Progress } from './demo/progress.js';
import { run } from './demo/run.js';
import { isFlawless, table } from './demo/table.js';

const full = { cities: cities.length, requests: 300, spreadMs: 5_000 };
const quick = { cities: 20_000, requests: 60, spreadMs: 2_500 };

if (process.argv.includes('--serve')) await import('./server.js');
else await compare(process.argv.includes('--quick') ? quick : full);

async function compare({ cities: count, requests, spreadMs }: typeof full): Promise<void> {
  console.log(`${count.toLocaleString('en')} cities to load into an embedded Postgres, ${requests} requests from the moment
the port opens: a third at once, the others over ${spreadMs / 1_000} s. Every answer is compared with the data set.
`);
  const calls = planCalls(requests, cities.slice(0, count));

  const progress = new Progress(process.stdout);
  progress.begin('Without a gate');
  const ungated = await run('ungated', { count, calls, spreadMs, progress });
  progress.begin('With the gate');
  const gated = await run('gated', { count, calls, spreadMs, progress });

  console.log(table({ 'without a gate': ungated, 'with the gate': gated }));
  console.log(attribution);
  process.exitCode = isFlawless(gated) ? 0 : 1;
}

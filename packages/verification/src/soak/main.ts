/** `npm run soak`: rounds for so many seconds, from a seed; `--round` replays one of them. */
import { parseArgs } from 'node:util';
import { HeapWatch } from './heap.js';
import type { Ledger } from './ledger/ledger.js';
import { adaptersNamed, planRound } from './plan/plan-round.js';
import { adapterNames, type RoundPlan } from './plan/types.js';
import { runRound } from './round.js';
import { Tally } from './tally.js';
import { surprises } from './surprises.js';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '300' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    adapter: { type: 'string' },
    round: { type: 'string' },
  },
});
const seed = Number(options.seed);
const adapters = options.adapter === undefined ? adapterNames : adaptersNamed(options.adapter);
const again = `--seed ${seed}${options.adapter === undefined ? '' : ` --adapter ${options.adapter}`}`;
console.log(`seed ${seed}, Node ${process.version}, ${adapters.join(', ')}`);

const tally = new Tally();
const heap = new HeapWatch();
if (options.round === undefined) await soak(Number(options.seconds));
else await round(Number(options.round));
const { text, grows } = heap.verdict();
console.log(`\n${tally.rounds} rounds\n${tally}\nheap after garbage collection: ${text}`);
if (grows) fail('The heap grows with the number of rounds.');
console.log(`\n${tally.violations} violations`);

async function soak(seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1_000;
  for (let number = 0; performance.now() < end; number++) {
    await round(number);
    heap.sample();
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[Kround ${number}`);
  }
}

async function round(number: number): Promise<void> {
  const plan = planRound(seed, number, adapters);
  const endSurprises = surprises();
  const result = await runRound(plan).finally(endSurprises);
  for (const surprise of endSurprises()) result.ledger.complain(surprise);
  tally.add(plan, result);
  if (result.ledger.complaints.length > 0) failRound(plan, result.ledger);
}

function failRound(plan: RoundPlan, { complaints }: Ledger): never {
  console.error(JSON.stringify(plan, undefined, 1));
  console.error(
    `\nThis was the plan of round ${plan.round}, adapter ${plan.adapter}, seed ${seed}. The ledger complains:`,
  );
  for (const complaint of complaints) console.error(`- ${complaint}`);
  return fail(`To replay its plan: npm run soak -- ${again} --round ${plan.round}`);
}

/** Whatever is still going on. */
function fail(text: string): never {
  console.error(text);
  process.exit(1);
}

/** `npm run fuzz -- --seconds 60 --seed 1`: runs both properties for so long; a seed runs the same cases again. */
import { parseArgs } from 'node:util';
import { fuzzHeads } from './crash-property.js';
import { fuzzExempt } from './exempt-property.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
});
const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
if (!(seconds > 0) || !Number.isInteger(seed)) throw new TypeError('--seconds above 0, and --seed a whole number');

void main();

async function main(): Promise<void> {
  console.log(`${seconds} s with --seed ${seed}`);
  const half = { seed, numRuns: Infinity, interruptAfterTimeLimit: seconds * 500, markInterruptAsFailure: false };
  console.log('Request targets against exempt matching:');
  console.table(await fuzzExempt(half));
  console.log('Bytes of connections while requests are held:');
  await fuzzHeads(half);
  console.log('No counter-example.');
}

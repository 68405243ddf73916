/** Runs the corpus again and again and counts: npm run corpus -- --repeat 10 --only route-late.cjs --at-once 3 */
import { parseArgs } from 'node:util';
import { build } from '../support/build.js';
import { startServices } from '../support/services.js';
import { difference, visit } from '../support/visit.js';
import { CASES } from './catalogue.js';

const { values } = parseArgs({
  options: {
    repeat: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '3' },
    only: { type: 'string', multiple: true },
    verbose: { type: 'boolean' },
  },
});

async function main(): Promise<void> {
  const cases = CASES.filter(({ name }) => values.only === undefined || values.only.includes(name));
  const runs = Array.from({ length: Number(values.repeat) }, () => cases).flat();
  const built = build();
  const services = await startServices(cases);
  const counts = { found: 0, broken: 0, clean: 0, sound: 0 };
  const wrong: string[] = [];
  try {
    await Promise.all(Array.from({ length: Number(values['at-once']) }, work));
  } finally {
    await services.stop();
    built.remove();
  }
  console.log(
    `Node ${process.version}: ${counts.found} of ${counts.broken} broken starts found, ${counts.clean} of ${counts.sound} sound ones clean`,
  );
  for (const line of wrong) console.log(line);
  process.exitCode = wrong.length === 0 ? 0 : 1;

  async function work(): Promise<void> {
    for (let one = runs.shift(); one !== undefined; one = runs.shift()) {
      const begun = Date.now();
      const visited = await visit(built, services, one);
      const wanting = difference(one, visited);
      counts[one.finds.length > 0 ? 'broken' : 'sound'] += 1;
      if (wanting) wrong.push(`${one.name}: ${wanting}`);
      else counts[one.finds.length > 0 ? 'found' : 'clean'] += 1;
      if (values.verbose) console.log(visited.outcome.stdout, visited.cured?.stdout ?? '');
      const took = ((Date.now() - begun) / 1_000).toFixed(1);
      console.log(`${wanting ? '✗' : '✓'} ${one.name.padEnd(24)} ${took} s ${wanting?.split('\n', 1)[0] ?? ''}`);
    }
  }
}

void main();

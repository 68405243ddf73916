// Mutation tests: `npm run mutate` for all units, `-- plan` for one, `-- packages/deadlock/src/cycle.ts` for a file,
// `-- --changed` for the lines that changed since MUTATE_BASE, or else the commit before this one. `--fresh` forgets the
// results of earlier runs.
import { Stryker } from '@stryker-mutator/core';
import { changedLines } from './mutation/changed-lines.mjs';
import { optionsFor, unitOf, units } from './mutation/options.mjs';
import { Summary } from './mutation/summary.mjs';
import { forgetSurvivors } from './mutation/survivors.mjs';
import { root } from './workspace.mjs';

/** Of the mutants that are not equivalent to the code, in percent. */
const THRESHOLD = 90;

const flags = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const isFile = (argument) => argument.endsWith('.ts') && unitOf(argument) !== undefined;
const wrong = [
  ...flags.filter((flag) => !['--changed', '--fresh'].includes(flag)),
  ...asked.filter((argument) => !isFile(argument) && !Object.hasOwn(units, argument)),
];
if (wrong.length > 0) {
  console.error(`Not known: ${wrong.join(' ')}. Units: ${Object.keys(units).join(' ')}; --changed, --fresh`);
  process.exit(1);
}

process.chdir(root);
process.env.MUTATED_WORKSPACE = root;
let passed = true;
for (const [name, lines] of jobs()) {
  const options = optionsFor(name, { lines, fresh: flags.includes('--fresh') });
  forgetSurvivors(options.incrementalFile);
  const results = await new Stryker(options).runMutationTest();
  const summary = new Summary(name, results);
  summary.print({ isWhole: lines === undefined });
  passed &&= summary.score >= THRESHOLD;
}
if (!passed)
  console.error(
    `Less than ${THRESHOLD} % were killed. Add a test, or name what is equivalent in scripts/mutation/equivalents.json.`,
  );
process.exit(passed ? 0 : 1);

/** `[unit, what of it]`, the latter undefined for all of it. */
function jobs() {
  const wanted = asked.length > 0 ? asked : Object.keys(units);
  if (flags.includes('--changed')) return changedLines(wanted);
  const files = wanted.filter(isFile);
  const ofFiles = Object.keys(units)
    .map((name) => [name, files.filter((file) => unitOf(file) === name)])
    .filter(([, lines]) => lines.length > 0);
  return [...wanted.filter((argument) => !isFile(argument)).map((name) => [name, undefined]), ...ofFiles];
}

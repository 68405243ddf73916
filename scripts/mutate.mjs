// Mutation tests: `npm run mutate` for all packages, `-- plan` for one, `-- --changed` for the lines that changed since
// MUTATE_BASE, or else the commit before this one. `--fresh` forgets the results of earlier runs.
import { Stryker } from '@stryker-mutator/core';
import { changedLines } from './mutation/changed-lines.mjs';
import { optionsFor, packages } from './mutation/options.mjs';
import { Summary } from './mutation/summary.mjs';
import { root } from './workspace.mjs';

/** Of the mutants that are not equivalent to the code, in percent. */
const THRESHOLD = 90;

const flags = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const wrong = [
  ...flags.filter((flag) => !['--changed', '--fresh'].includes(flag)),
  ...asked.filter((name) => !Object.hasOwn(packages, name)),
];
if (wrong.length > 0) {
  console.error(`Not known: ${wrong.join(' ')}. Packages: ${Object.keys(packages).join(' ')}; --changed, --fresh`);
  process.exit(1);
}

process.chdir(root);
process.env.MUTATED_WORKSPACE = root;
const names = asked.length > 0 ? asked : Object.keys(packages);
let passed = true;
for (const [name, lines] of flags.includes('--changed') ? changedLines(names) : names.map((name) => [name])) {
  const results = await new Stryker(optionsFor(name, { lines, fresh: flags.includes('--fresh') })).runMutationTest();
  const summary = new Summary(name, results);
  summary.print({ isWhole: lines === undefined });
  passed &&= summary.score >= THRESHOLD;
}
if (!passed)
  console.error(
    `Less than ${THRESHOLD} % were killed. Add a test, or name what is equivalent in docs/mutation-testing.md.`,
  );
process.exit(passed ? 0 : 1);

// Runs the checks on Bun, Deno and workerd, and compares docs/runtimes.md with what passed: `npm run runtimes`, or
// `npm run runtimes -- --write` to write its table, `-- --only bun` for one of them. They judge the built packages.
import { bundleProgram, bundleWorker } from './runtimes/bundle.mjs';
import { installRuntimes, VERSIONS } from './runtimes/install.mjs';
import { knownFailures, mistakes, tableOf, writeTable, writtenTable } from './runtimes/page.mjs';
import { runChecks, runUnfinished, runWorker } from './runtimes/run.mjs';

const option = (name) => process.argv[process.argv.indexOf(`--${name}`) + 1];
const only = process.argv.includes('--only') ? option('only') : undefined;

const { bun, deno, workerd } = installRuntimes();
const program = await bundleProgram('program');
const unfinished = await bundleProgram('unfinished');
const worker = await bundleWorker('worker');

const inProcess = (command) => async (known) => [
  ...(await runChecks(command, program, known)),
  await runUnfinished(command, unfinished),
];
const runtimes = [
  ['Node', inProcess([process.execPath, '--expose-gc'])],
  [`Bun ${VERSIONS.bun}`, inProcess([bun])],
  [`Deno ${VERSIONS.deno}`, inProcess([deno, 'run', '-A'])],
  [`workerd ${VERSIONS.workerd}`, () => runWorker(workerd, worker)],
].filter(([name]) => !only || name.toLowerCase().startsWith(only));

const results = {};
for (const [name, run] of runtimes) {
  results[name] = await run(knownFailures(name));
  const failed = results[name].filter(({ failure }) => failure);
  console.log(`${name}: ${results[name].length - failed.length} of ${results[name].length} checks pass`);
}

const wrong = mistakes(results);
if (process.argv.includes('--write')) writeTable(tableOf(results));
else if (!only && JSON.stringify(tableOf(results)) !== JSON.stringify(writtenTable())) {
  wrong.push('The table of docs/runtimes.md is not what was run: npm run runtimes -- --write');
}
for (const sentence of wrong) console.error(sentence);
process.exit(wrong.length > 0 ? 1 : 0);

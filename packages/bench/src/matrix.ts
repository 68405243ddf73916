/** `npm run matrix` measures all facts, `npm run matrix -- <name>` one row; `--write` puts them into docs/correctness-matrix.md. */
import { readCommandLine } from './command-line.js';
import { allNames } from './contenders.js';
import { machine } from './machine.js';
import { type Row, rowAsText, writeMatrix } from './matrix-document.js';
import { factOf, fullSizes, loadScenario, scenarioNames } from './scenario.js';

const { chosen, write } = readCommandLine(scenarioNames);
console.log(`${machine()}\n`);
const rows: Row[] = [];
for (const name of chosen) {
  const row: Row = { scenario: await loadScenario(name), facts: new Map() };
  for (const contender of allNames()) row.facts.set(contender, await factOf(name, contender, fullSizes));
  rows.push(row);
  console.log(`${rowAsText(row)}\n`);
}
if (write) await writeMatrix(rows);

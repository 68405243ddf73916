/** `npm run matrix` prints the correctness matrix; `-- <name>` one row of it; `--write` puts it into docs/correctness-matrix.md. */
import { installBackstage } from './backstage.js';
import { contenderNames } from './contenders.js';
import { machine } from './machine.js';
import { type Row, rowAsText, writeMatrix } from './matrix-document.js';
import { factOf, fullSizes, loadScenario, scenarioNames } from './scenario.js';

const args = process.argv.slice(2);
const write = args.includes('--write');
const chosen = args.filter((arg) => !arg.startsWith('--'));
if (write && chosen.length > 0) throw new Error('--write takes no names: the document shows one run of all rows');
const unknown = chosen.find((name) => !(scenarioNames as readonly string[]).includes(name));
if (unknown) throw new Error(`no row "${unknown}"; there are: ${scenarioNames.join(', ')}`);

installBackstage();
console.log(`${machine()}\n`);
const rows: Row[] = [];
for (const name of scenarioNames.filter((name) => chosen.length === 0 || chosen.includes(name))) {
  const row: Row = { scenario: await loadScenario(name), facts: new Map() };
  for (const contender of contenderNames()) row.facts.set(contender, await factOf(name, contender, fullSizes));
  rows.push(row);
  console.log(`${rowAsText(row)}\n`);
}
if (write) await writeMatrix(rows);

/** `npm run bench` runs all benchmarks, `npm run bench -- <name>` one; `--write` puts the results into docs/benchmarks.md. */
import { installBackstage } from './backstage.js';
import { benchmarkNames, loadBenchmark } from './benchmark.js';
import { machine } from './machine.js';
import { runBenchmark } from './runner.js';
import { sectionOf, writeDocument } from './document.js';

const args = process.argv.slice(2);
const write = args.includes('--write');
const chosen = args.filter((arg) => !arg.startsWith('--'));
if (write && chosen.length > 0) throw new Error('--write takes no names: the document shows one run of all benchmarks');

installBackstage();
console.log(`${machine()}\n`);
const sections: string[] = [];
const begun = performance.now();
for (const name of chosen.length > 0 ? chosen : benchmarkNames) {
  const benchmark = await loadBenchmark(name);
  const section = sectionOf(name, benchmark, await runBenchmark(name, benchmark));
  sections.push(section);
  console.log(`${section}\n`);
}
console.log(`${((performance.now() - begun) / 1000).toFixed(0)} s altogether`);
if (write) await writeDocument(sections);

/** `npm run bench` runs all benchmarks, `npm run bench -- <name>` one; `--write` puts the results into docs/benchmarks.md. */
import { benchmarkNames, loadBenchmark } from './benchmark.js';
import { readCommandLine } from './command-line.js';
import { sectionOf, writeDocument } from './document.js';
import { machine } from './machine.js';
import { runBenchmark } from './runner.js';

const { chosen, write } = readCommandLine(benchmarkNames);
console.log(`${machine()}\n`);
const sections: string[] = [];
const begun = performance.now();
for (const name of chosen) {
  const benchmark = await loadBenchmark(name);
  const section = sectionOf(name, benchmark, await runBenchmark(name, benchmark));
  sections.push(section);
  console.log(`${section}\n`);
}
console.log(`${((performance.now() - begun) / 1000).toFixed(0)} s altogether`);
if (write) await writeDocument(sections);

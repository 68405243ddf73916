/** Runs a benchmark: every contender once a round, in turn, each in a process of its own. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Benchmark, Measures } from './benchmark.js';

const contenderProcess = fileURLToPath(new URL('./processes/contender.js', import.meta.url));

/** A contender's measures, one entry a round. */
export type Results = ReadonlyMap<string, readonly Measures[]>;

/** In turn, so that whatever else the machine does meanwhile falls on all of them alike. */
export async function runBenchmark(name: string, benchmark: Benchmark): Promise<Results> {
  const results = new Map<string, Measures[]>(Object.keys(benchmark.contenders).map((contender) => [contender, []]));
  for (let round = 1; round <= benchmark.rounds; round++) {
    for (const [contender, measures] of results) {
      progress(`${name}: round ${round} of ${benchmark.rounds}, ${contender}`);
      measures.push(await runContender(name, contender, benchmark.nodeOptions ?? []));
    }
  }
  progress('');
  return results;
}

async function runContender(name: string, contender: string, execArgv: readonly string[]): Promise<Measures> {
  const child = fork(contenderProcess, [name, contender], { execArgv: [...execArgv] });
  const ended = once(child, 'exit');
  let measures: Measures | undefined;
  child.on('message', (message) => (measures = message as Measures));
  const [code] = (await ended) as [number | null];
  if (code !== 0 || !measures) throw new Error(`${name}: contender "${contender}" failed with exit code ${code}`);
  return measures;
}

/** One line that the next one overwrites; only for people who watch. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

/** docs/benchmarks.md: written by the benchmarks themselves, so that text and figures are of one run. */
import { writeFile } from 'node:fs/promises';
import { BACKSTAGE } from './backstage.js';
import type { Benchmark } from './benchmark.js';
import { machine } from './machine.js';
import type { Results } from './runner.js';
import { tableOf, targetsOf } from './table.js';

const file = new URL('../../../docs/benchmarks.md', import.meta.url);

const introduction = `# Benchmarks

Written by \`npm run bench -- --write\`; \`npm run bench -- <name>\` runs one of them. The built packages are measured, as they are
shipped.

Every contender runs in a process of its own, and all of them in turn, round after round, so that other work on the machine falls on
all alike. A figure is the median of the rounds, with minimum and maximum behind it; a ratio is one of medians where nothing else is
said, below 1 is in the gate's favour. Ratios travel from machine to machine, figures do not. Where ranges
overlap, a ratio says little: other work on the machine makes them wide, and no gate makes a server faster.

The contenders are those of [the correctness matrix](correctness-matrix.md), which says what each of them is, and what they do where
speed is not the question. Each benchmark has those to which it applies. Backstage's middleware comes with some 600 packages, so it is not
among the dependencies of the workspace: the first run installs \`${BACKSTAGE.name}\` ${BACKSTAGE.version} into \`node_modules/.cache\`.`;

export function sectionOf(name: string, benchmark: Benchmark, results: Results): string {
  const { title, about, rounds, contenders } = benchmark;
  const ratios = Object.entries(contenders).filter(([, { against }]) => against !== undefined);
  const referred = [...new Set(ratios.map(([, { against }]) => `"${against}"`))];
  const note =
    referred.length > 0 ? ` Ratios refer to ${list(referred)}${referred.length > 1 ? ' of the same group' : ''}.` : '';
  const targets = targetsOf(benchmark, results);
  return [
    `## ${title} (\`${name}\`)`,
    `${about}\n${rounds === 1 ? 'One round' : `${rounds} rounds`}.${note}`,
    tableOf(benchmark, results),
    ...(targets.length > 0 ? [`Targets:\n\n${targets.map((line) => `- ${line}`).join('\n')}`] : []),
  ].join('\n\n');
}

export async function writeDocument(sections: readonly string[]): Promise<void> {
  const date = new Date().toISOString().slice(0, 10);
  await writeFile(file, `${[introduction, `${machine()}, ${date}.`, ...sections].join('\n\n')}\n`);
}

const list = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

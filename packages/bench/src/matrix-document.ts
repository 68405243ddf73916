/** The matrix for people: as text in the terminal, as docs/correctness-matrix.md. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { BACKSTAGE } from './backstage.js';
import type { ContenderName } from './contenders.js';
import { machine } from './machine.js';
import type { Scenario } from './scenario.js';
import { markdown } from './table.js';

export interface Row {
  readonly scenario: Scenario;
  readonly facts: Map<ContenderName, string>;
}

const file = new URL('../../../docs/correctness-matrix.md', import.meta.url);
const manifest = new URL('../package.json', import.meta.url);

export function rowAsText({ scenario, facts }: Row): string {
  const width = Math.max(...[...facts.keys()].map((name) => name.length));
  const lines = [...facts].map(([name, fact]) => `  ${name.padEnd(width)}  ${fact}`);
  return [scenario.title, ...lines].join('\n');
}

export async function writeMatrix(rows: readonly Row[]): Promise<void> {
  const date = new Date().toISOString().slice(0, 10);
  const names = [...(rows[0]?.facts.keys() ?? [])];
  const table = markdown([
    ['', ...names],
    ...rows.map(({ scenario, facts }) => [scenario.title, ...names.map((name) => facts.get(name) ?? '')]),
  ]);
  const abouts = rows.map(({ scenario }) => `- **${scenario.title}.** ${scenario.about}`);
  const sections = [
    introduction,
    `${machine()}, ${date}. ${versions()}.`,
    table,
    '## How each row is measured',
    abouts.join('\n'),
  ];
  await writeFile(file, `${sections.join('\n\n')}\n`);
}

const introduction = `# Correctness matrix

Written by \`npm run matrix -- --write\`; \`npm run matrix\` prints it, \`npm run matrix -- <name>\` one row.

What becomes of requests that come too early, behind what people use today and behind the gate. Each cell is what happened when
a server in a process of its own, with real sockets, was asked. They are the same contenders as in [the benchmarks](benchmarks.md), all in front of
one Express application, each as it comes, without options. \`gateServer\` stands in front of the whole server, \`bootstrapGate\` is the
middleware. The last two have the same application in Fastify and in Nest.

- **no gate**: the bootstrap begins with the process, nobody waits for it; the application answers 500 until it is complete.
- **a flag**: who comes before the flag is up runs the bootstrap.
- **a shared promise**: \`await (started ??= bootstrap())\`.
- **p-memoize**: the same by the package.
- **async-mutex around a flag**: the flag is looked at again under the lock.
- **express-queue before a flag**: one request at a time, and it never opens.
- **Backstage lifecycle**: \`createLifecycleMiddleware\` of \`${BACKSTAGE.name}\`, its start-up hook called when the bootstrap is
  complete. It is used without its platform, which decides for itself what becomes of a process whose start fails.`;

/** Exact ones, as they are installed. */
function versions(): string {
  const { dependencies } = JSON.parse(readFileSync(manifest, 'utf8')) as { dependencies: Record<string, string> };
  const measured = ['express', 'p-memoize', 'async-mutex', 'express-queue', 'fastify', '@nestjs/core'];
  const all = [...measured.map((name) => `${name} ${dependencies[name]}`), `${BACKSTAGE.name} ${BACKSTAGE.version}`];
  return all.join(', ');
}

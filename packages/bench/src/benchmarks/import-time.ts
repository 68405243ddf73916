/** How long a package takes to load. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { backstageEntry, isBackstageInstalled } from '../backstage.js';
import type { Benchmark, Contender, Measures } from '../benchmark.js';

const folder = fileURLToPath(new URL('../..', import.meta.url));

type Loader = 'import' | 'require';

const programs: Readonly<Record<Loader, (specifier: string) => readonly string[]>> = {
  import: (specifier) => ['--input-type=module', '--eval', timed(`await import(${specifier})`)],
  require: (specifier) => ['--input-type=commonjs', '--eval', timed(`require(${specifier})`)],
};

/** The time on the clock, and that of the processor, which work beside it disturbs less. */
const timed = (load: string): string => `
  const begun = performance.now(), before = process.cpuUsage();
  ${load};
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ ms: performance.now() - begun, processorMs: (user + system) / 1000 }));`;

async function timeOf(loader: Loader, specifier: string): Promise<Measures> {
  const args = programs[loader](JSON.stringify(specifier));
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
  return JSON.parse(stdout) as Measures;
}

/** Those that a server loads when it starts. */
const starting = [
  'bootstrap-gate',
  'bootstrap-gate/express',
  'bootstrap-gate/koa',
  'bootstrap-gate/fastify',
  'bootstrap-gate/node',
];
const later = ['bootstrap-gate/report', 'bootstrap-gate/prometheus', '@bootstrap-gate/deadlock'];
const others = ['async-mutex', 'p-memoize', 'koa'];

const nameOf = (loader: Loader, specifier: string): string => `${loader} ${specifier}`;
const loaders: readonly Loader[] = ['import', 'require'];

function contendersOf(loader: Loader): [string, Contender][] {
  const against = nameOf(loader, 'express');
  return ['express', ...starting, ...later, ...others].map((specifier) => [
    nameOf(loader, specifier),
    { run: () => timeOf(loader, specifier), ...(specifier !== 'express' && { against }) },
  ]);
}

export const benchmark: Benchmark = {
  title: 'Loading a package',
  about: `\`await import(…)\` and \`require(…)\` in a fresh \`node --eval\`, files in the cache of the operating system, compared with loading
Express. \`npm run size\` counts the files and bytes behind it, for every change.`,
  rounds: 15,
  metrics: {
    ms: { title: 'ms', digits: 1 },
    processorMs: { title: 'processor ms', digits: 1 },
  },
  contenders: {
    ...Object.fromEntries(loaders.flatMap(contendersOf)),
    ...(isBackstageInstalled() && {
      '@backstage/backend-defaults/httpRouter': {
        against: nameOf('import', 'express'),
        run: () => timeOf('import', backstageEntry()),
      },
    }),
  },
  targets: [
    {
      contenders: loaders.flatMap((loader) => starting.slice(0, 2).map((specifier) => nameOf(loader, specifier))),
      metric: 'ms',
      atMost: 0.2,
      of: 'ratio',
    },
  ],
};

/** How long a package takes to load. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { backstageEntry, isBackstageInstalled } from '../backstage.js';
import type { Benchmark, Measures } from '../benchmark.js';

/** Those of the core and of what it imports. */
const MODULES = 50;

const folder = fileURLToPath(new URL('../..', import.meta.url));

async function timeOf(specifier: string): Promise<Measures> {
  const program = `
    const begun = performance.now();
    await import(${JSON.stringify(specifier)});
    console.log(performance.now() - begun);`;
  const args = ['--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
  return { ms: Number(stdout) };
}

/** What so many files cost whatever is in them. */
async function timeOfEmptyModules(): Promise<Measures> {
  const folder = await mkdtemp(join(tmpdir(), 'bootstrap-gate-modules-'));
  const names = Array.from({ length: MODULES }, (_, i) => `${i}.mjs`);
  for (const name of names) await writeFile(join(folder, name), '');
  await writeFile(join(folder, 'index.mjs'), names.map((name) => `import './${name}';\n`).join(''));
  try {
    return await timeOf(join(folder, 'index.mjs'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const empty = 'an empty module';
const names = ['core', 'node', 'express', 'koa'].map((name) => `@bootstrap-gate/${name}`);
const others = ['p-memoize', 'async-mutex', 'express-queue', 'node:http', 'express', 'koa'];

export const benchmark: Benchmark = {
  title: 'Loading a package',
  about: `\`await import(…)\` in a fresh \`node --eval\`, files in the cache of the operating system. Most of it is the number of files, one
idea each: Node finds, reads and links every one by itself, as the line with empty modules shows. CommonJS takes as long; a bundler
would take it away. Express and Koa themselves stand beside for scale.`,
  rounds: 7,
  metrics: { ms: { title: 'ms', digits: 1 } },
  contenders: {
    [empty]: { run: () => timeOf('data:text/javascript,') },
    [`${MODULES} empty modules, about as many as the core has`]: { against: empty, run: timeOfEmptyModules },
    ...Object.fromEntries([...names, ...others].map((name) => [name, { against: empty, run: () => timeOf(name) }])),
    ...(isBackstageInstalled() && {
      '@backstage/backend-defaults/httpRouter': { against: empty, run: () => timeOf(backstageEntry()) },
    }),
  },
};

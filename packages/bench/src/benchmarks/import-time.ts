/** How long a package takes to load. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Benchmark, Contender } from '../benchmark.js';

const folder = fileURLToPath(new URL('../..', import.meta.url));

function importOf(specifier: string): Contender['run'] {
  const program = `
    const begun = performance.now();
    await import(${JSON.stringify(specifier)});
    console.log(performance.now() - begun);`;
  return async () => {
    const args = ['--input-type=module', '--eval', program];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
    return { ms: Number(stdout) };
  };
}

const empty = 'an empty module';
const packages = ['core', 'node', 'express', 'koa'].map((name) => `@bootstrap-gate/${name}`);

export const benchmark: Benchmark = {
  title: 'Loading a package',
  about: `\`await import(…)\` in a fresh \`node --eval\`, files in the cache of the operating system. Express and Koa themselves stand beside
for scale.`,
  rounds: 7,
  metrics: { ms: { title: 'ms', digits: 1 } },
  contenders: {
    [empty]: { run: importOf('data:text/javascript,') },
    ...Object.fromEntries(
      [...packages, 'node:http', 'express', 'koa'].map((name) => [name, { against: empty, run: importOf(name) }]),
    ),
  },
};

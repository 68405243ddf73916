// Puts programs into a consumer's folder: those beside this file, and the ones that the README shows.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../workspace.mjs';

/** The doors of frameworks, and the package that a consumer has who uses one. */
const FRAMEWORKS = { nest: '@nestjs/core', fastify: 'fastify', koa: 'koa', express: 'express' };

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

export function writePrograms(cwd) {
  cpSync(here('programs'), cwd, { recursive: true });
  const { dependencies } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
  const framework = Object.keys(FRAMEWORKS).find((name) => FRAMEWORKS[name] in dependencies);
  writeFileSync(join(cwd, 'framework.json'), JSON.stringify(framework));

  // Every entry point, so that the compiler and Node see each file that is published.
  const doors = Object.keys(dependencies)
    .filter((name) => /^(@bootstrap-gate\/|bootstrap-gate$)/.test(name))
    .flatMap((name) => doorsOf(join(cwd, 'node_modules', name)))
    // The only one that imports its framework.
    .filter((door) => door !== 'bootstrap-gate/nest' || framework === 'nest');
  writeFileSync(join(cwd, 'doors.json'), JSON.stringify(doors));
  // Each framework's door names that framework's types, which only its users have.
  const foreign = Object.keys(FRAMEWORKS).filter((name) => name !== framework);
  const typed = doors.filter((door) => !foreign.some((name) => door === `bootstrap-gate/${name}`));
  const all = typed.map((door, index) => `export * as door${index} from '${door}';\n`).join('');
  const usage = readFileSync(here(`types/${framework}.txt`), 'utf8');
  mkdirSync(join(cwd, 'types'));
  for (const extension of ['ts', 'mts', 'cts']) {
    writeFileSync(join(cwd, `types/doors.${extension}`), all);
    writeFileSync(join(cwd, `types/usage.${extension}`), usage);
  }

  mkdirSync(join(cwd, 'readme'));
  const user = join(root, 'examples/docs/test/user');
  for (const file of ['app.ts', 'database.ts']) cpSync(join(user, file), join(cwd, 'readme', file));
  for (const [index, code] of readmePrograms(dependencies).entries()) {
    writeFileSync(join(cwd, `readme/program-${index + 1}.ts`), code);
  }
}

function doorsOf(folder) {
  const { name, exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return (
    Object.keys(exports)
      // `./why` is a preload: it exports nothing, and watches the process that loads it.
      .filter((door) => !door.endsWith('.json') && door !== './why')
      .map((door) => name + door.slice(1))
  );
}

/** The programs of the README that this consumer can run: those of the other framework need what is not there. */
function readmePrograms(dependencies) {
  const readme = readFileSync(`${root}/README.md`, 'utf8');
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);
  const programs = blocks.filter((code) =>
    [...code.matchAll(/from '((?:@[^/']+\/)?[^./'][^/']*)/g)].every(
      ([, name]) => name.startsWith('node:') || name in dependencies,
    ),
  );
  const shown = ['express', 'koa'].some((name) => name in dependencies) ? 4 : 3;
  if (programs.length < shown)
    throw new Error('The README no longer shows programs for node, core, plan, Express and Koa');
  return programs;
}

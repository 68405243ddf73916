// Builds every package (ESM and CommonJS) and every example with `tsc -b`. `--clean` removes earlier outputs first.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { members, published, root, run } from './workspace.mjs';

const projects = members
  .filter((folder) => existsSync(`${root}/${folder}/src`) && readdirSync(`${root}/${folder}/src`).length > 0)
  .flatMap((folder) => [`${folder}/tsconfig.json`, `${folder}/tsconfig.cjs.json`])
  .filter((project) => existsSync(`${root}/${project}`));

if (process.argv.includes('--clean')) {
  for (const folder of members) rmSync(`${root}/${folder}/dist`, { recursive: true, force: true });
}

// The packages are ESM by their package.json; this makes Node read the second build as what it is.
for (const { folder } of published) {
  mkdirSync(`${root}/${folder}/dist/cjs`, { recursive: true });
  writeFileSync(`${root}/${folder}/dist/cjs/package.json`, '{ "type": "commonjs" }\n');
}

if (!run('tsc', ['-b', ...projects])) process.exit(1);

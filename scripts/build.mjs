// Bundles what is published, and compiles the examples and the private packages against that. `--clean` removes earlier
// outputs first.
import { existsSync, rmSync } from 'node:fs';
import { build } from 'tsdown';
import { members, published, root, run } from './workspace.mjs';

const libraries = published.map(({ folder }) => folder);
const programs = members.filter((folder) => !libraries.includes(folder) && existsSync(`${root}/${folder}/src`));

process.chdir(root);
if (process.argv.includes('--clean')) {
  for (const folder of members) rmSync(`${root}/${folder}/dist`, { recursive: true, force: true });
}
await build({ logLevel: 'error' });
if (!programs.every((folder) => run('tsc', ['-p', `${folder}/tsconfig.json`]))) process.exit(1);

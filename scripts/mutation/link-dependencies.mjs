// Gives a sandbox, its working directory, the folders of links that the workspace given has.
import { cpSync, existsSync, readdirSync, symlinkSync } from 'node:fs';

const root = process.env.MUTATED_WORKSPACE;

symlinkSync(`${root}/node_modules`, 'node_modules', 'junction');
for (const group of ['packages', 'examples']) {
  for (const name of existsSync(group) ? readdirSync(group) : []) {
    const links = `${group}/${name}/node_modules`;
    // Copied as they are, relative: a link to the folder itself would lead from one package to the other one's sources
    // outside of the sandbox, which nobody has mutated.
    if (existsSync(`${root}/${links}`)) cpSync(`${root}/${links}`, links, { recursive: true, verbatimSymlinks: true });
  }
}

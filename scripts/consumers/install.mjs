// Makes the folders in which packages are consumed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../workspace.mjs';

// What the types of the packages are made of.
const ALWAYS = { '@types/node': '20.19.43', 'async-mutex': '0.5.0' };

/** A project with all packages, and what it has beside them. */
export function installConsumer(cwd, { tarballs, beside }) {
  const packages = Object.entries(tarballs).map(([name, tarball]) => [name, `file:${tarball}`]);
  install(cwd, { ...Object.fromEntries(packages), ...ALWAYS, ...beside });
}

/** Installs a TypeScript; returns its program. */
export function installCompiler(cwd, version) {
  install(cwd, { typescript: version });
  return join(cwd, 'node_modules/typescript/bin/tsc');
}

function install(cwd, dependencies) {
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }, null, 2));
  // Peers that do not fit are an error to npm, as they are to a user.
  const quiet = ['--no-audit', '--no-fund', '--loglevel', 'error'];
  if (!run('npm', ['install', '--prefer-offline', '--strict-peer-deps', ...quiet], { cwd })) {
    console.error(`npm cannot install ${Object.keys(dependencies).join(', ')} side by side`);
    process.exit(1);
  }
}

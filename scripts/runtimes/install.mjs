// The runtimes come from npm, with 350 MB: too much for the workspace. The first run installs them into a cache of its own.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { root } from '../workspace.mjs';

export const VERSIONS = { bun: '1.4.5', deno: '2.9.6', workerd: '1.20261117.1' };

const folder = `${root}/node_modules/.cache/bootstrap-gate-runtimes`;
// Written last, so that an install that was interrupted does not count.
const complete = `${folder}/${Object.values(VERSIONS).join('-')}.installed`;

/** Where the binaries are: `{ bun, deno, workerd }`. Needs a network the first time. */
export function installRuntimes() {
  if (!existsSync(complete)) install();
  return {
    bun: binary('@oven', 'bin/', /^bun/),
    deno: binary('@deno', '', /^deno/),
    workerd: binary('@cloudflare', 'bin/', /^workerd/),
  };
}

function install() {
  console.log('Installing Bun, Deno and workerd into node_modules/.cache …');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/package.json`, `${JSON.stringify({ private: true, dependencies: VERSIONS })}\n`);
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', ['install', ...options], { cwd: folder, stdio: 'inherit', shell: true });
  if (status !== 0) throw new Error('The runtimes could not be installed.');
  writeFileSync(complete, '');
}

/** Without install scripts a binary stays in the package for this system, which is the only one that npm installs. */
function binary(scope, below, pattern) {
  const scoped = `${folder}/node_modules/${scope}`;
  const [system] = readdirSync(scoped);
  const name = readdirSync(`${scoped}/${system}/${below}`).find((file) => pattern.test(file));
  return `${scoped}/${system}/${below}${name}`;
}

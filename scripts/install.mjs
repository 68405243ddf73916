// Installs the workspace when node_modules is missing or older than the lockfile; returns at once otherwise.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const PNPM = 'pnpm@10.34.9';

// pnpm writes this file last, so an install that was interrupted does not count.
if (modifiedAt('node_modules/.modules.yaml') >= modifiedAt('pnpm-lock.yaml')) process.exit(0);

console.log(`Installing the workspace with ${PNPM} …`);
const { status, error } = spawnSync('npx', ['--yes', PNPM, 'install', '--frozen-lockfile'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, CI: 'true' },
  shell: process.platform === 'win32',
});
if (status !== 0) {
  console.error(
    `The install failed${error ? `: ${error.message}` : ''}. Node ${process.version} (20.19 or newer is needed), ` +
      `a network and a pnpm-lock.yaml that fits the package.json files are what it takes. ` +
      `To try by hand: npx --yes ${PNPM} install`,
  );
  process.exit(status ?? 1);
}

function modifiedAt(path) {
  return statSync(`${root}/${path}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

// Packs the published packages as a release would.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { published, root } from '../workspace.mjs';

/** Packs into a folder; returns the tarball of each package by its name. */
export function pack(folder) {
  mkdirSync(folder, { recursive: true });
  const filters = published.flatMap(({ manifest }) => ['--filter', manifest.name]);
  const { packageManager } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
  // pnpm, because npm would leave the `workspace:` ranges as they are.
  execFileSync('npx', ['--yes', packageManager, '--recursive', ...filters, 'pack', '--pack-destination', folder], {
    cwd: root,
    shell: process.platform === 'win32',
  });
  return Object.fromEntries(
    published.map(({ manifest: { name, version } }) => [
      name,
      join(folder, `${name.replace(/^@/, '').replace('/', '-')}-${version}.tgz`),
    ]),
  );
}

/** One file of a TypeScript program and what it imports from this package, so that hundreds of processes start quickly. */
import { buildSync } from 'esbuild';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const packageFolder = fileURLToPath(new URL('../..', import.meta.url));

/** @param entry relative to the package's folder */
export function bundle(entry: string): string {
  const folder = path.join(packageFolder, 'node_modules', '.cache', 'once');
  mkdirSync(folder, { recursive: true });
  const outfile = path.join(folder, `${path.basename(entry, '.ts')}-${process.pid}.cjs`);
  buildSync({
    entryPoints: [path.join(packageFolder, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // Resolved from the package's folder, in which the bundle lies.
    packages: 'external',
  });
  return outfile;
}

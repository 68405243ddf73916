/** Bundles what the programs preload, once, to where an installed package would be. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { folder } from './folder.js';

let dir: string | undefined;

export function preloadFile(): string {
  if (dir === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'bootstrap-gate-corpus-'));
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    buildSync({
      entryPoints: [join(folder, 'support/preload.ts')],
      outfile: fileIn(made),
      bundle: true,
      platform: 'node',
      target: 'node20',
      conditions: ['@bootstrap-gate/source'],
      logLevel: 'error',
    });
    dir = made;
  }
  return fileIn(dir);
}

const fileIn = (folder: string): string => join(folder, 'node_modules/@bootstrap-gate/deadlock/preload.cjs');

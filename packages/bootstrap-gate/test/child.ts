import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Children {
  /** Runs a program in a Node of its own; it finds what the index exports as globals, and `traceMutex`, `gateServer`, `shutdownOnSignal`. */
  run(program: string, ...flags: string[]): Promise<Ended>;
  remove(): void;
}

const contents = `export * from './src/index.js'; export * from './src/shutdown.js';
  export { gateServer } from './src/doors/node/index.js'; export { traceMutex } from '@bootstrap-gate/deadlock';`;

/** Bundles the sources, since a plain Node cannot run them. */
export function prepareChildren(): Children {
  const dir = mkdtempSync(join(tmpdir(), 'bootstrap-gate-'));
  buildSync({
    stdin: { contents, resolveDir: join(__dirname, '..') },
    outfile: join(dir, 'bootstrap-gate.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    conditions: ['@bootstrap-gate/source'],
    external: ['async-mutex'],
  });
  mkdirSync(join(dir, 'node_modules'));
  symlinkSync(join(__dirname, '../node_modules/async-mutex'), join(dir, 'node_modules/async-mutex'), 'junction');
  return {
    run(program, ...flags) {
      const script = `Object.assign(globalThis, require('./bootstrap-gate.cjs'));\n${program}`;
      const env = { ...process.env, NODE_OPTIONS: '' };
      const child = spawn(process.execPath, [...flags, '-e', script], { env, cwd: dir });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk) => (stdout += chunk));
      child.stderr.on('data', (chunk) => (stderr += chunk));
      return new Promise((resolve, reject) => {
        child.on('error', reject);
        child.on('close', (code) => resolve({ code, stdout, stderr }));
      });
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** Runs a small program with the package in a Node of its own, and gives what it printed as JSON. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preloadFile } from '../corpus/support/bundle.js';

export interface Ran<T> {
  readonly printed: T;
  readonly stderr: string;
  readonly status: number | null;
}

/** @param source CommonJS; `print(value)` prints, the functions of the package are in `lib` */
export function run<T>(source: string, extra: Readonly<Record<string, string>> = {}): Ran<T> {
  const dir = mkdtempSync(join(tmpdir(), 'bootstrap-gate-explain-'));
  try {
    const file = join(dir, 'app.cjs');
    const head = `const lib = require('@bootstrap-gate/deadlock'); const print = (v) => process.stdout.write(JSON.stringify(v));`;
    writeFileSync(file, `${head}\n${source}`);
    const env = { ...process.env, NODE_OPTIONS: '', WHY_AFTER_SECONDS: '0', ...extra };
    const args = ['--require', preloadFile(), file];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
    return { printed: (stdout ? JSON.parse(stdout) : undefined) as T, stderr, status };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

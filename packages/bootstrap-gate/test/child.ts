import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformFileSync } from '@swc/core';

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Children {
  /** Runs a program in a Node of its own; it finds `createGate` and the rest of the core's index as globals. */
  run(program: string, ...flags: string[]): Promise<Ended>;
  remove(): void;
}

const packages = join(__dirname, '../..');

/** Compiles the sources, since a plain Node cannot run them. */
export function prepareChildren(): Children {
  const dir = mkdtempSync(join(tmpdir(), 'bootstrap-gate-core-'));
  const modules = join(dir, 'node_modules');
  for (const name of ['core', 'deadlock']) compile(name, join(modules, '@bootstrap-gate', name));
  symlinkSync(join(packages, 'core/node_modules/async-mutex'), join(modules, 'async-mutex'), 'junction');
  return {
    run(program, ...flags) {
      const script = `Object.assign(globalThis, require('../src/index.js'));\n${program}`;
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

function compile(name: string, to: string): void {
  const src = join(packages, name, 'src');
  mkdirSync(to, { recursive: true });
  writeFileSync(
    join(to, 'package.json'),
    JSON.stringify({ exports: { '.': './index.js', './adapter': './adapter.js' } }),
  );
  for (const file of readdirSync(src)) {
    const options = { swcrc: false, jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } } as const;
    const { code } = transformFileSync(join(src, file), { ...options, module: { type: 'commonjs' } });
    writeFileSync(join(to, file.replace(/\.ts$/, '.js')), code);
  }
}

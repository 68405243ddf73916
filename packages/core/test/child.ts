import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformFileSync } from '@swc/core';

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Children {
  /** Runs a program in a Node of its own; it finds `createGate` and the rest of the index as globals. */
  run(program: string, ...flags: string[]): Promise<Ended>;
  remove(): void;
}

const packageDir = join(__dirname, '..');

/** Compiles the sources, since a plain Node cannot run them. */
export function prepareChildren(): Children {
  const dir = mkdtempSync(join(tmpdir(), 'bootstrap-gate-core-'));
  const src = join(packageDir, 'src');
  for (const file of readdirSync(src)) {
    const options = { swcrc: false, jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } } as const;
    const { code } = transformFileSync(join(src, file), { ...options, module: { type: 'commonjs' } });
    writeFileSync(join(dir, file.replace(/\.ts$/, '.js')), code);
  }
  const index = JSON.stringify(join(dir, 'index.js'));
  return {
    run(program, ...flags) {
      const env = { ...process.env, NODE_PATH: join(packageDir, 'node_modules'), NODE_OPTIONS: '' };
      const script = `Object.assign(globalThis, require(${index}));\n${program}`;
      const child = spawn(process.execPath, [...flags, '-e', script], { env });
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

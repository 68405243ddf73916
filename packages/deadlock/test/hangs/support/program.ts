import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import type { Watch } from './watch.js';

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

interface Program {
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly ended: Promise<Ended>;
}

// The cases run in the folder of the package.
const modules = join(process.cwd(), 'node_modules');
const fromSources = (): string => pathToFileURL(createRequire(`${modules}/`).resolve('tsx')).href;

/** Runs a program of several files in a Node of its own. Its CommonJS files can require the packages. */
export function runProgram(watch: Watch, files: Record<string, string>, main: string): Program {
  const dir = mkdtempSync(join(tmpdir(), 'bootstrap-gate-hang-'));
  watch.atEnd(() => rmSync(dir, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  symlinkSync(modules, join(dir, 'node_modules'), 'junction');

  const flags = ['-C', '@bootstrap-gate/source', '--import', fromSources()];
  const child = spawn(process.execPath, [...flags, main], { cwd: dir, env: { ...process.env, NODE_OPTIONS: '' } });
  watch.atEnd(() => child.kill('SIGKILL'));
  let stderr = '';
  child.stderr.on('data', (part) => (stderr += String(part)));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stderr }));
  });
  return { stdout: child.stdout, stderr: child.stderr, ended };
}

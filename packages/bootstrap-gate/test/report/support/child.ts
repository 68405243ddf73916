import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** What has not ended by then is ended, and has no exit code. */
const DEADLINE_MS = 20_000;

/** Runs a program in a process that does not know that it is in a test. */
export function runProgram(program: string, { readErrors = true } = {}): Promise<Ended> {
  const env = { ...process.env, NODE_OPTIONS: '' };
  for (const mark of ['NODE_ENV', 'JEST_WORKER_ID', 'CI']) delete (env as NodeJS.ProcessEnv)[mark];
  const flags = ['-C', '@bootstrap-gate/source', join(__dirname, '../../../../../scripts/run-typescript.mjs')];
  const child = spawn(process.execPath, [...flags, program], { env, timeout: DEADLINE_MS });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  if (readErrors) child.stderr.on('data', (chunk) => (errors += chunk));
  else child.stderr.destroy();
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output, errors }));
  });
}

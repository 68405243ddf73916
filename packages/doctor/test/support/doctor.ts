/** Runs the command on an application, as a user would. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Examination } from '../../src/finding.js';
import type { Built } from './build.js';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly codes: readonly string[];
  readonly examination: Examination;
}

export interface Visit {
  /** What to run; `node` is the Node that runs the tests. */
  readonly command: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

let visits = 0;

export function doctor(built: Built, { command, args = [], env = {}, cwd = built.apps }: Visit): Promise<Outcome> {
  const json = path.join(path.dirname(built.apps), `result-${++visits}.json`);
  const node = (word: string) => (word === 'node' ? process.execPath : word);
  const child = spawn(process.execPath, [built.cli, '--json', json, ...args, '--', ...command.map(node)], {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', NODE_ENV: 'test', FORCE_COLOR: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (part) => (stdout += String(part)));
  child.stderr.on('data', (part) => (stderr += String(part)));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const examination = read(json);
      resolve({ code, stdout, stderr, examination, codes: [...new Set(examination.findings.map((one) => one.code))] });
    });
  });
}

/** Without a result, as after wrong usage, an empty one. */
function read(json: string): Examination {
  try {
    return JSON.parse(readFileSync(json, 'utf8')) as Examination;
  } catch {
    return { findings: [] as unknown } as Examination;
  }
}

/** A replica in a process of its own, told what to do by its arguments. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { FileWorkerSettings } from '../processes/file-worker.js';
import type { LeaderSettings } from '../processes/leader.js';
import { bundle } from './bundle.js';

export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  /** What it has said so far. */
  readonly lines: string[];
  /** Resolves when it says this. */
  says(text: string): Promise<void>;
  readonly exited: Promise<{ code: number | null; signal: string | null }>;
}

const children = new Set<ChildProcess>();

// A failed test must not leave one behind: a frozen process would keep the run from ending.
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

const programs = new Map<string, string>();

export const startLeader = (settings: LeaderSettings): Child => start('leader', settings);
export const startFileWorker = (settings: FileWorkerSettings): Child => start('file-worker', settings);

function start(name: string, settings: object): Child {
  const program = programs.get(name) ?? bundle(`test/processes/${name}.ts`);
  programs.set(name, program);
  const child = spawn(process.execPath, [program, JSON.stringify(settings)], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  const lines: string[] = [];
  const reader = createInterface(child.stdout).on('line', (line) => lines.push(line));
  return {
    process: child,
    pid: child.pid ?? 0,
    lines,
    async says(text) {
      while (!lines.some((line) => line.includes(text))) {
        await new Promise<void>((resolve, reject) => {
          reader.once('line', () => resolve());
          child.once('exit', () => reject(new Error(`the process has ended without "${text}": ${lines.join(' | ')}`)));
        });
      }
    },
    exited: new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal }))),
  };
}

/** Ends a process group and the processes that left it. */
import { existsSync, readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const POLITE_MS = 1_500;
const POLL_MS = 20;

/** SIGTERM first, SIGKILL when that was not enough. */
export async function endGroup(group: number, folders: readonly string[]): Promise<void> {
  signalAll(group, folders, 'SIGTERM');
  for (let waited = 0; waited < POLITE_MS && isAlive(group, folders); waited += POLL_MS) await delay(POLL_MS);
  signalAll(group, folders, 'SIGKILL');
}

export function signalAll(group: number, folders: readonly string[], signal: NodeJS.Signals): void {
  send(-group, signal);
  for (const pid of recorded(folders)) send(pid, signal);
}

export function isAlive(group: number, folders: readonly string[]): boolean {
  return send(-group, 0) || recorded(folders).some((pid) => send(pid, 0));
}

/** Each journal is named after its process: `<pid>-<thread>.jsonl`. */
function recorded(folders: readonly string[]): number[] {
  const names = folders.filter((folder) => existsSync(folder)).flatMap((folder) => readdirSync(folder));
  return [...new Set(names.map((name) => Number.parseInt(name, 10)).filter((pid) => pid > 1))];
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

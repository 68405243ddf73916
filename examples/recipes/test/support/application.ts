/** Runs one program of a recipe in a Node of its own, until the test ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

export interface Running {
  readonly url: string;
  /** Resolves when it has written this so many times. */
  wrote(text: string, times: number): Promise<void>;
  /** Rejects when it ends by itself. */
  readonly died: Promise<never>;
  /** By force, unless its own children have to be ended, too. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Resolves when it listens. @throws (rejects) with what it wrote when it ends before that */
export async function run(
  file: string,
  flags: readonly string[],
  env: NodeJS.ProcessEnv,
  args: readonly string[] = [],
): Promise<Running> {
  const child = spawn(process.execPath, [...flags, file, ...args], {
    cwd: dirname(file),
    env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: '', ...env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const ended = once(child, 'exit');
  const died = ended.then(([code, signal]) => {
    throw new Error(`${file} ended with ${code ?? signal}:\n${output}`);
  });
  died.catch(() => {}); // also when it is stopped
  const port = (await portOf(child)) ?? (await died);
  return {
    url: `http://127.0.0.1:${port}`,
    wrote: async (text, times) => {
      while (output.split(text).length <= times) await once(child.stderr, 'data');
    },
    died,
    stop: async (signal = 'SIGKILL') => {
      child.kill(signal);
      await ended;
    },
  };
}

async function portOf({ stdout }: ChildProcess): Promise<string | undefined> {
  if (!stdout) return undefined;
  for await (const line of createInterface({ input: stdout })) {
    const [, port] = /^listening on (\d+)$/.exec(line) ?? [];
    if (port) {
      stdout.resume();
      return port;
    }
  }
  return undefined;
}

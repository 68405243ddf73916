/** Runs one program of the corpus under `why`, and collects what is said on stderr. */
import { spawn } from 'node:child_process';
import { preloadFile } from './bundle.js';

export interface Observed {
  readonly stderr: string;
  readonly stdout: string;
  /** Undefined where the program had to be killed. */
  readonly code: number | undefined;
}

export interface ObserveOptions {
  /** Ends the observation; otherwise the program's end does, or the time. */
  readonly until?: (stderr: string) => boolean;
  /** Whether it is asked again and again by SIGUSR2; the default. */
  readonly isAsked?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly limitMs?: number;
}

/** The program is asked again and again: at first it may not have come to the wait yet. */
export function observe(
  file: string,
  { until, env = {}, isAsked = true, limitMs = 90_000 }: ObserveOptions = {},
): Promise<Observed> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--require', preloadFile(), file], {
      env: { ...process.env, WHY_AFTER_SECONDS: '1', NODE_OPTIONS: '', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      // Children of the program end with it.
      detached: true,
    });
    let stderr = '';
    let stdout = '';
    let isKilled = false;
    let ask: NodeJS.Timeout | undefined;
    const end = (): void => {
      isKilled = true;
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    };
    const limit = setTimeout(end, limitMs);
    child.stdout.on('data', (part) => (stdout += String(part)));
    child.stderr.on('data', (part) => {
      stderr += String(part);
      if (until?.(stderr)) end();
      else if (isAsked && stderr.includes('why is loaded')) {
        // After what it said last: while it looks into its heap it comes no further.
        clearTimeout(ask);
        ask = setTimeout(() => child.kill('SIGUSR2'), 2_000);
      }
    });
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(limit);
      clearTimeout(ask);
      resolve({ stderr, stdout, code: isKilled ? undefined : (code ?? undefined) });
    });
  });
}

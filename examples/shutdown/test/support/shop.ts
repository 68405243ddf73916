/** The shop as the process that it is: `server.ts` in a Node of its own, ended by signals alone. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Shop {
  readonly port: number;
  readonly output: string;
  /** Resolves when it has printed this; rejects when it ends before. */
  prints(text: string): Promise<void>;
  signal(name?: NodeJS.Signals): void;
  /** Resolves with how it ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** What is in the ledger now. */
  ledger(): string[];
  /** The end of the test, if the process has not come to its own. */
  remove(): void;
}

const loader = require.resolve('../../../../scripts/run-typescript.mjs');
const shop = require.resolve('../../src/server.ts');

export async function openShop(env: Readonly<Record<string, string>>, program = shop): Promise<Shop> {
  const folder = mkdtempSync(join(tmpdir(), 'bootstrap-gate-shop-'));
  const file = join(folder, 'ledger.txt');
  const child = spawn(process.execPath, ['-C', '@bootstrap-gate/source', loader, program], {
    env: { ...process.env, NODE_ENV: 'test', NODE_OPTIONS: '', PORT: '0', LEDGER: file, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));

  const prints = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => void (output.includes(text) && resolve());
      for (const stream of [child.stdout, child.stderr]) stream.on('data', look);
      void ended.then(() => reject(new Error(`it never printed "${text}", but only: ${output}`)));
      look();
    });
  await prints('listening on');
  return {
    port: Number(/listening on (\d+)/.exec(output)?.[1]),
    get output() {
      return output;
    },
    prints,
    signal: (name = 'SIGTERM') => void process.kill(child.pid!, name),
    ended,
    ledger: () => readFileSync(file, 'utf8').trim().split('\n'),
    remove() {
      if (child.exitCode === null) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

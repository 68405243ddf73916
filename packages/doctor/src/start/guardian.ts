/** A process of its own that ends what the examiner started, should the examiner die, by SIGKILL for instance. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Guardian {
  /** `add`: end this process group, remove this folder; `drop`: it is done. */
  tell(order: GuardOrder): void;
  dismiss(): Promise<void>;
}

export type GuardOrder =
  | { readonly add: { readonly group: number } | { readonly folder: string } }
  | { readonly drop: { readonly group: number } | { readonly folder: string } };

export function callGuardian(program: string): Guardian {
  const child = spawn(process.execPath, [program], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // Ctrl-C goes to a whole group: the guardian must outlive the examiner.
    detached: true,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const gone = once(child, 'exit').catch(() => undefined);
  child.stdin.on('error', () => undefined);
  child.unref();

  return {
    tell: (order) => void child.stdin.write(`${JSON.stringify(order)}\n`),
    async dismiss() {
      child.stdin.end();
      child.ref();
      await gone;
    },
  };
}

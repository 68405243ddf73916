/** Other processes: a server, a prober. They end with the one that started them. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** As built, or from the sources where this file is one of them. */
const extension = import.meta.url.slice(-3);
const typescript = fileURLToPath(new URL('../../../scripts/run-typescript.mjs', import.meta.url));

export class HelperProcess<Message> implements Disposable {
  readonly ended: Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  readonly #child: ChildProcess;

  constructor(name: 'server' | 'prober', args: readonly string[]) {
    const program = fileURLToPath(new URL(`./processes/${name}${extension}`, import.meta.url));
    const execArgv = ['--no-warnings', ...(extension === '.ts' ? ['-C', '@bootstrap-gate/source'] : [])];
    this.#child =
      extension === '.ts' ? fork(typescript, [program, ...args], { execArgv }) : fork(program, args, { execArgv });
    this.ended = once(this.#child, 'exit') as typeof this.ended;
  }

  /** The next message that says something: whatever `pick` finds in it. */
  hear<T>(pick: (message: Message) => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null): void => reject(new Error(`a helper process ended with exit code ${code}`));
      const onMessage = (message: unknown): void => {
        const found = pick(message as Message);
        if (found === undefined) return;
        this.#child.off('message', onMessage);
        this.#child.off('exit', onExit);
        resolve(found);
      };
      this.#child.on('message', onMessage);
      this.#child.on('exit', onExit);
    });
  }

  tell(message: string): void {
    this.#child.send(message);
  }

  /** Tells it something, and hears what it says to that. */
  ask<T>(message: string, pick: (message: Message) => T | undefined): Promise<T> {
    const answer = this.hear(pick);
    this.tell(message);
    return answer;
  }

  kill(signal?: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  [Symbol.dispose](): void {
    this.#child.removeAllListeners();
    this.#child.kill('SIGKILL');
  }
}

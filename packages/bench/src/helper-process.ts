/** Other processes of a contender: a server, a prober. They end with it. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export class HelperProcess<Message> implements Disposable {
  readonly #child: ChildProcess;

  constructor(name: 'server' | 'prober', args: readonly string[]) {
    this.#child = fork(fileURLToPath(new URL(`./processes/${name}.js`, import.meta.url)), [...args], { execArgv: [] });
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

  [Symbol.dispose](): void {
    this.#child.removeAllListeners();
    this.#child.kill();
  }
}

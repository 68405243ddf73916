/** Shows the steps of a bootstrap, and the herd beside them. On a terminal the last line is drawn anew. */
import type { WriteStream } from 'node:tty';
import type { LoadEvent } from './announced.js';
import type { Outcome, Watcher } from './herd.js';

const WIDTH = 20;

export class Progress implements Watcher {
  readonly #out: WriteStream;
  #running = '';
  #herd = { sent: 0, right: 0, wrong: 0, unanswered: 0 };

  constructor(out: WriteStream) {
    this.#out = out;
  }

  begin(title: string): void {
    this.#herd = { sent: 0, right: 0, wrong: 0, unanswered: 0 };
    this.#keep(title);
  }

  show(event: LoadEvent): void {
    if (event.type === 'step') this.#draw(step(event.name, event.fraction, event.text));
    if (event.type === 'step-done') {
      this.#keep(step(event.name, 1, `${(event.ms / 1_000).toFixed(2)} s`) + this.#counts());
      this.#draw('');
    }
  }

  sent(): void {
    this.#herd.sent += 1;
    this.#draw(this.#running);
  }

  answered({ verdict }: Outcome): void {
    this.#herd[verdict] += 1;
    this.#draw(this.#running);
  }

  end(): void {
    this.#keep(`${step('', 0, 'in the end')}${this.#counts()}\n`);
  }

  #counts(): string {
    const { sent, right, wrong, unanswered } = this.#herd;
    if (sent === 0) return '';
    return `${sent} sent: ${right} right, ${wrong} wrong, ${sent - right - wrong - unanswered} waiting`;
  }

  #draw(running: string): void {
    this.#running = running;
    if (this.#out.isTTY) this.#out.write(`\r\x1b[K${(running + this.#counts()).slice(0, this.#out.columns - 1)}`);
  }

  #keep(line: string): void {
    this.#out.write(`${this.#out.isTTY ? '\r\x1b[K' : ''}${line}\n`);
  }
}

function step(name: string, fraction: number, text: string): string {
  const bar = '█'.repeat(Math.round(fraction * WIDTH)).padEnd(name ? WIDTH : 0, '░');
  return `  ${name.padEnd(8)} ${bar.padEnd(WIDTH)} ${text.padEnd(18)}  `;
}

/** A terminal as a stream: what is written can be read as it was, or as a person sees it. */
import { Writable } from 'node:stream';
import { Terminal } from '@xterm/headless';

export class FakeTerminal extends Writable {
  readonly isTTY: boolean;
  columns: number | undefined;
  rows: number | undefined;
  output = '';
  /** What an emulator has to do in order to show what a person sees. */
  readonly #history: ((screen: Terminal) => void)[] = [];

  constructor({ isTTY = true, columns = 60, rows = 20 }: { isTTY?: boolean; columns?: number; rows?: number } = {}) {
    super();
    this.isTTY = isTTY;
    this.columns = columns;
    this.rows = rows;
    this.#history.push((screen) => screen.resize(columns, rows));
  }

  get lines(): string[] {
    return this.output.split('\n').slice(0, -1);
  }

  /** The emulator wraps lines that no longer fit, as most terminals do. */
  resize(columns: number): void {
    const { rows = 24 } = this;
    this.columns = columns;
    this.#history.push((screen) => screen.resize(columns, rows));
  }

  /** What a person sees, without empty lines at the end. With fake timers. */
  async seen(): Promise<string[]> {
    const screen = new Terminal({ allowProposedApi: true, convertEol: true });
    for (const act of this.#history) {
      act(screen);
      const written = new Promise<void>((resolve) => screen.write('', resolve));
      jest.advanceTimersByTime(0);
      await written;
    }
    const { active } = screen.buffer;
    const lines = Array.from({ length: active.length }, (_, index) => active.getLine(index));
    const texts = lines.map((line) => line?.translateToString(true) ?? '');
    return texts.slice(0, texts.findLastIndex((text) => text !== '') + 1);
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const text = chunk.toString();
    this.output += text;
    this.#history.push((screen) => screen.write(text));
    done();
  }
}

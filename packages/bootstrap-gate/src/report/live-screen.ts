import { clearScreenDown, moveCursor } from 'node:readline';
import logUpdate from 'log-update';
import type { Screen, TerminalStream } from './screen.js';
import { cells, fit } from './text.js';

const USUAL_COLUMNS = 80;

/**
 * A terminal whose last lines are drawn over in place. When somebody else writes to it, drawing over would erase that:
 * from then on, until the flight is over, all lines stay.
 */
export class LiveScreen implements Screen {
  readonly #stream: TerminalStream;
  readonly #area: ReturnType<typeof logUpdate.create>;
  #shown: readonly string[] = [];
  #columns = USUAL_COLUMNS;
  #written = 0;
  #isShared = false;

  constructor(stream: TerminalStream) {
    this.#stream = stream;
    // Hiding the cursor would take listeners for the end of the process.
    this.#area = logUpdate.create(stream, { showCursor: true });
  }

  tell(line: string, passing: boolean): void {
    if (this.#wasWrittenTo) this.#erase();
    if (passing && !this.#isShared) return;
    this.#erase();
    this.#stream.write(`${line}\n`);
  }

  show(lines: readonly string[]): void {
    const columns = this.#stream.columns || USUAL_COLUMNS;
    if (lines.length === 0 || columns < this.#columns || this.#wasWrittenTo) this.#erase();
    this.#columns = columns;
    if (lines.length === 0) this.#isShared = false;
    else if (!this.#isShared) this.#draw(lines.map((line) => fit(line, Math.max(1, columns - 1))));
  }

  #draw(lines: readonly string[]): void {
    this.#area(lines.join('\n'));
    this.#shown = lines;
    this.#written = bytesWrittenTo(this.#stream);
  }

  get #wasWrittenTo(): boolean {
    return this.#shown.length > 0 && bytesWrittenTo(this.#stream) !== this.#written;
  }

  /** Takes the shown lines off, or leaves them where they are when others have written below them. */
  #erase(): void {
    if (this.#wasWrittenTo) {
      this.#area.done();
      this.#isShared = true;
    } else if (this.#shown.length > 0) {
      this.#area.clear();
      this.#eraseWrapped();
    }
    this.#shown = [];
  }

  /** A terminal that has become narrower has wrapped the shown lines, so they take more rows than were erased. */
  #eraseWrapped(): void {
    const columns = this.#stream.columns || USUAL_COLUMNS;
    const rows = this.#shown.reduce((sum, line) => sum + Math.max(1, Math.ceil(cells(line) / columns)), 0);
    if (rows === this.#shown.length) return;
    moveCursor(this.#stream, 0, this.#shown.length - rows);
    clearScreenDown(this.#stream);
  }
}

/** How much all terminals of this process have got; there is but one in fact. */
function bytesWrittenTo(stream: TerminalStream): number {
  const terminals = new Set<TerminalStream>([stream, process.stdout, process.stderr]);
  return [...terminals].reduce((sum, { isTTY, bytesWritten }) => sum + (isTTY ? (bytesWritten ?? 0) : 0), 0);
}

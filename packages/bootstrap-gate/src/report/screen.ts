import type { Writable } from 'node:stream';

/** Where the terminal reporter writes to: any stream; a TTY tells its size. */
export interface TerminalStream extends Writable {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  readonly hasColors?: (() => boolean) | undefined;
  /** Tells whether others write to the same terminal. */
  readonly bytesWritten?: number | undefined;
}

/** What the terminal reporter writes on. */
export interface Screen {
  /** Writes a line that stays. A `passing` one is of no use where the running steps are shown. */
  tell(line: string, passing: boolean): void;
  /** Shows these lines in place of those that it showed before. */
  show(lines: readonly string[]): void;
}

/** A log: it has no lines but those that stay. */
export const logScreen = (stream: TerminalStream): Screen => ({
  tell: (line) => void stream.write(`${line}\n`),
  show: () => {},
});

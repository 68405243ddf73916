/** What is going on, on stderr: one line that is rewritten on a terminal, a line each elsewhere. */
export type Progress = (text: string) => void;

export interface ProgressLine {
  say: Progress;
  clear(): void;
}

export function progressTo(stream: NodeJS.WriteStream): ProgressLine {
  const rewrite = '\r\x1b[2K';
  return {
    say: (text) => void stream.write(stream.isTTY ? `${rewrite}  … ${text}` : `… ${text}\n`),
    clear: () => void (stream.isTTY && stream.write(rewrite)),
  };
}

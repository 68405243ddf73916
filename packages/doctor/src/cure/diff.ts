/** Edits as a diff, one file after another. */
import { relative } from 'node:path';
import type { Edit } from '../finding.js';

export interface DiffLine {
  readonly sign: '+' | '-';
  readonly text: string;
  readonly line: number;
}

export function diffOf(edits: readonly Edit[]): { file: string; lines: DiffLine[] }[] {
  const files = [...new Set(edits.map(({ file }) => file))];
  return files.map((file) => ({
    file: relative(process.cwd(), file) || file,
    lines: edits
      .filter((edit) => edit.file === file)
      .sort((a, b) => a.line - b.line)
      .flatMap(({ line, remove, add = [] }) => [
        ...(remove === undefined ? [] : [{ sign: '-' as const, text: remove.trim(), line }]),
        ...add.map((text) => ({ sign: '+' as const, text: text.trim(), line })),
      ]),
  }));
}

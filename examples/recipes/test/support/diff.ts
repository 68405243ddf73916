/** The lines in which the two programs of a recipe differ, as a diff shows them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export function diffOf(folder: string): string[] {
  const read = (program: string): string[] =>
    readFileSync(join(__dirname, '../..', folder, `${program}.mjs`), 'utf8').split('\n');
  return changes(read('before'), read('after'));
}

/** By the longest common subsequence, from the end. */
function changes(before: readonly string[], after: readonly string[]): string[] {
  const common = before.map(() => after.map(() => 0));
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const row = common[i] as number[];
      row[j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: string[] = [];
  for (let i = 0, j = 0; i < before.length || j < after.length;) {
    if (i < before.length && before[i] === after[j]) [i, j] = [i + 1, j + 1];
    else if (j >= after.length || (i < before.length && at(i + 1, j) >= at(i, j + 1))) lines.push(`-${before[i++]}`);
    else lines.push(`+${after[j++]}`);
  }
  return lines.filter((line) => line.length > 1);
}

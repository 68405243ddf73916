// The mutants that docs/mutation-testing.md names as equivalent to the code.
import { readFileSync } from 'node:fs';
import { root } from '../workspace.mjs';

/** Those of one package: the rows below its heading, which are file, line, line of the mutant, reason. */
export function equivalents(name) {
  const text = readFileSync(`${root}/docs/mutation-testing.md`, 'utf8');
  const section = text.split(/^## /m).find((part) => part.startsWith(`${name}\n`)) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return new Set(
    rows.map((row) => {
      const [file, was, becomes] = row
        .split(/(?<!\\)\|/)
        .slice(1)
        .map(code);
      return `${file}: ${was} → ${becomes}`;
    }),
  );
}

/** The text between backticks, one or more; a bar in a table is escaped. */
const code = (cell) =>
  cell
    .trim()
    .replace(/^(`+) ?(.*?) ?\1$/, '$2')
    .replaceAll('\\|', '|');

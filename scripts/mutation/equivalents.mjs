// The mutants that equivalents.json names as equivalent to the code: no test could tell them apart.
import { readFileSync } from 'node:fs';
import { units } from './options.mjs';

const named = JSON.parse(readFileSync(new URL('equivalents.json', import.meta.url), 'utf8'));

/** Those of one unit, as `file: line → mutant`. */
export function equivalents(unit) {
  const { sources } = units[unit];
  return new Set(
    named
      .filter(({ file }) => sources.some((source) => file.startsWith(source)))
      .map(({ file, line, mutant }) => `${file}: ${line} → ${mutant}`),
  );
}

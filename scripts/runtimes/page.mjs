// The page docs/runtimes.md says what passes where. Here its table is compared with what was run, or written anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { root } from '../workspace.mjs';

const file = `${root}/docs/runtimes.md`;
const text = readFileSync(file, 'utf8');

/** Checks that the page says a runtime does not pass, such as `['C110', 'C210']`. */
export function knownFailures(runtime) {
  return rowsUnder('## What a runtime cannot do')
    .filter(([, runtimes]) => runtimes.split(', ').includes(runtime))
    .flatMap(([ids]) => ids.split(', '));
}

/** @param results by runtime, what became of its checks @returns what the page has wrong, as sentences */
export function mistakes(results) {
  return Object.entries(results).flatMap(([runtime, checks]) => {
    const known = knownFailures(runtime);
    const failed = checks.filter(({ failure }) => failure);
    return [
      ...failed
        .filter(({ id }) => !known.includes(id))
        .map(({ door, id, title, failure }) => `${runtime}, ${door}: ${id} fails (${title}): ${failure}`),
      ...known
        .filter((id) => !failed.some((check) => check.id === id))
        .map((id) => `${runtime}: ${id} passes, and the page says that it cannot.`),
    ];
  });
}

export const tableOf = (results) => {
  const runtimes = Object.keys(results);
  const doors = [...new Set(Object.values(results).flatMap((checks) => checks.map(({ door }) => door)))];
  const cell = (runtime, door) => {
    const checks = results[runtime].filter((check) => check.door === door);
    return checks.length > 0 ? `${checks.filter(({ failure }) => !failure).length} of ${checks.length}` : 'not run';
  };
  const rows = doors.map((door) => [`\`${door}\``, ...runtimes.map((runtime) => cell(runtime, door))]);
  return [['door', ...runtimes], ...rows];
};

export const writtenTable = () => [headUnder('## What passes'), ...rowsUnder('## What passes')];

export function writeTable(table) {
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const [head, ...rows] = table.map(line);
  const old = sectionOf('## What passes').match(/(^\|.*\n)+/m)[0];
  writeFileSync(file, text.replace(old, `${[head, rule, ...rows].join('\n')}\n`));
}

function sectionOf(heading) {
  const start = text.indexOf(`${heading}\n`);
  if (start < 0) throw new Error(`docs/runtimes.md has no section "${heading}"`);
  const end = text.indexOf('\n## ', start + 1);
  return text.slice(start, end < 0 ? undefined : end + 1);
}

const linesUnder = (heading) =>
  sectionOf(heading)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
const headUnder = (heading) => linesUnder(heading)[0] ?? [];
const rowsUnder = (heading) => linesUnder(heading).slice(2);

// Which lines of the sources changed, as Stryker's patterns.
import { spawnSync } from 'node:child_process';
import { unitOf, units } from './options.mjs';

/** As many as a minute or two suffices for. */
const MOST = 80;

/** `[name, patterns]` for each of the units in which something changed, the working directory included. */
export function changedLines(names) {
  const base = process.env.MUTATE_BASE || 'HEAD^';
  if (git('rev-parse', '--verify', '--quiet', `${base}^{commit}`) === undefined) {
    console.log(
      `Nothing is mutated: there is no commit ${base} to compare with (a shallow clone, or the first commit).`,
    );
    return [];
  }
  const sources = names.flatMap((name) => units[name].sources);
  const ranges = read(git('diff', '-U0', '--no-color', '--no-ext-diff', '--diff-filter=AMR', base, '--', ...sources));
  const all = ranges.reduce((sum, { count }) => sum + count, 0);
  const kept = upTo(MOST, ranges);
  if (all === 0) console.log(`Nothing is mutated: no source of ${names.join(', ')} changed since ${base}.`);
  if (all > MOST) console.log(`Of ${all} lines that changed since ${base}, only the first ${MOST} are mutated.`);
  const patternsOf = (name) =>
    kept
      .filter(({ file }) => unitOf(file) === name)
      .map(({ file, from, count }) => `${file}:${from}-${from + count - 1}`);
  return names.map((name) => [name, patternsOf(name)]).filter(([, patterns]) => patterns.length > 0);
}

/** The new side of a diff without context: `+++ b/file`, then `@@ -1,2 +3,4 @@` for each change. */
function read(diff = '') {
  let file;
  const ranges = [];
  for (const line of diff.split('\n')) {
    file = /^\+\+\+ b\/(.*\.ts)$/.exec(line)?.[1] ?? file;
    const [, from, count = 1] = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line) ?? [];
    if (from && Number(count) > 0) ranges.push({ file, from: Number(from), count: Number(count) });
  }
  return ranges;
}

function upTo(most, ranges) {
  let left = most;
  return ranges.flatMap(({ file, from, count }) => {
    const kept = Math.min(count, left);
    left -= kept;
    return kept > 0 ? [{ file, from, count: kept }] : [];
  });
}

function git(...args) {
  const { status, stdout } = spawnSync('git', args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  return status === 0 ? stdout : undefined;
}

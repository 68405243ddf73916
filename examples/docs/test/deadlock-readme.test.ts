import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { codeBlocks, page, root } from './lib/markdown.js';

const readme = page('packages/deadlock/README.md');
const at = codeBlocks(readme).findIndex(({ code }) => code.includes('isDeadlockError'));
const [program, output] = codeBlocks(readme).slice(at, at + 2);
if (!program || output?.language !== 'text') throw new Error('the README shows no program with its output');

/** Without times and places. */
const normalised = (text: string): string =>
  text
    .replace(/\d\d:\d\d:\d\d\.\d{3}Z/g, 'TIME')
    .replace(/(?<=[( ])(?:eval at .*?, )?[^\s()]*:\d+:\d+/g, 'PLACE')
    .replace(/\(\S+ \(PLACE\)\)$/gm, '(PLACE)') // a function without a name
    .trim();

test('the README of deadlock shows what its program prints', async () => {
  // In a process of its own, whose heap is small enough for a snapshot.
  const folder = await mkdtemp(join(__dirname, '../node_modules/readme-'));
  const file = join(folder, 'shop.mts');
  await writeFile(file, program.code);
  const run = join(root, 'scripts/run-typescript.mjs');
  const args = ['--no-warnings', '-C', '@bootstrap-gate/source', run, file];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: join(__dirname, '..') });
  await rm(folder, { recursive: true });
  expect(normalised(stdout)).toBe(normalised(output.code));
});

test('the places in that output are where the program takes its locks', () => {
  const lines = program.code.split('\n');
  const places = [...output.code.matchAll(/shop\.ts:(\d+):(\d+)/g)];
  const found = places.map(([, line, column]) => lines[Number(line) - 1]?.slice(Number(column) - 1).split('(')[0]);
  expect(found).toEqual(Array(4).fill('runExclusive'));
});

import { codeBlocks, page } from './lib/markdown.js';
import { runBlock } from './lib/run-block.js';

const readme = page('packages/deadlock/README.md');
const at = codeBlocks(readme).findIndex(({ code }) => code.includes('isDeadlockError'));
const [program, output] = codeBlocks(readme).slice(at, at + 2);
if (!program || output?.language !== 'text') throw new Error('the README shows no program with its output');

/** Without times and places. */
const normalised = (text: string): string =>
  text
    .replace(/\d\d:\d\d:\d\d\.\d{3}Z/g, 'TIME')
    .replace(/(?<=[( ])(?:eval at .*?, )?[^\s()]*:\d+:\d+/g, 'PLACE')
    .replace(/\(\S+ \(PLACE\)\)$/gm, '(PLACE)') // a function without a name is in the eval of this test
    .trim();

test('the README of deadlock shows what its program prints', async () => {
  const log = jest.spyOn(console, 'log').mockImplementation(() => {});
  await (await runBlock(program)).stop();
  expect(normalised(log.mock.calls.join('\n'))).toBe(normalised(output.code));
  log.mockRestore();
});

test('the places in that output are where the program takes its locks', () => {
  const lines = program.code.split('\n');
  const places = [...output.code.matchAll(/shop\.ts:(\d+):(\d+)/g)];
  const found = places.map(([, line, column]) => lines[Number(line) - 1]?.slice(Number(column) - 1).split('(')[0]);
  expect(found).toEqual(Array(4).fill('runExclusive'));
});

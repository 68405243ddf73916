import { join } from 'node:path';
import { program } from '../../../../deadlock/test/programs/run.js';

interface Case {
  readonly title: string;
  readonly error: string | null;
}

const loopbacks = program(join(__dirname, 'programs/loopbacks'));

test('D5: each case of loopback*.cases.ts is as its title says', async () => {
  const cases = await loopbacks.lines<Case>(require.resolve('jest'));
  expect(cases.length).toBeGreaterThan(25);
  expect(cases.filter(({ error }) => error !== null)).toEqual([]);
}, 300_000);

import { join } from 'node:path';
import { program } from '../../../deadlock/test/programs/run.js';

interface Case {
  readonly title: string;
  readonly error: string | null;
}

const selfWaits = program(join(__dirname, 'programs/self-waits'));

test('D1: each case of self-wait.cases.ts is as its title says', async () => {
  const cases = await selfWaits.lines<Case>(require.resolve('jest'));
  expect(cases.length).toBeGreaterThan(20);
  expect(cases.filter(({ error }) => error !== null)).toEqual([]);
}, 300_000);

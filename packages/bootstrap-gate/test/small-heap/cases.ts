import { basename } from 'node:path';
import type { Outcome } from './runner.js';
import { program } from '../../../deadlock/test/programs/run.js';

/** Runs the cases of a file in a process whose heap stays small. @param file its path, without the extension */
export function runCases(file: string): void {
  const cases = program(file);
  test(`each case of ${basename(file)}.ts is as its title says`, async () => {
    const outcomes = await cases.lines<Outcome>(require.resolve('jest'));
    expect(outcomes.filter(({ error }) => error !== null)).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(0);
  }, 300_000);
}

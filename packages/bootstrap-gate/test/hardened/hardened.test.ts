/** R2: what only tells may not fail the work. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';

const program = join(__dirname, 'programs/start.ts');
const harden = join(__dirname, 'programs/harden.cjs');
const runner = join(__dirname, '../../../../scripts/run-typescript.mjs');

function run(way: string, flags: readonly string[] = []): Promise<unknown> {
  const args = ['-C', '@bootstrap-gate/source', '--require', harden, ...flags, runner, program];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { env: { ...process.env, HARDEN: way } }, (error, output, errors) => {
      if (error) reject(new Error(`${error.message}\n${errors}`));
      else resolve(JSON.parse(output));
    });
  });
}

test.each([
  'nothing',
  'prepareStackTraceGivesSites',
  'noCaptureStackTrace',
  'numberTimers',
  'foreignAbortController',
  'foreignPromise',
  'clockIsNaN',
  'clockThrows',
  'clockLeaps',
  'noTimeOrigin',
  'emitWarningThrows',
])('R2: a start works in a process with %s', async (way) => {
  const told = { first: [503, '1'], last: [200, undefined], wrapped: 7, state: 'ready' };
  expect(await run(way)).toEqual(JSON.parse(JSON.stringify(told)));
});

test('R2: a start works with --frozen-intrinsics', async () => {
  expect(await run('nothing', ['--frozen-intrinsics'])).toMatchObject({ wrapped: 7, state: 'ready' });
});

import { runProgram } from './support/child.js';

test('it writes to the standard error, and keeps no process alive', async () => {
  const { errors, code } = await runProgram(require.resolve('./programs/hangs.ts'));
  expect(errors).toContain('[shop] booting\n[shop] ▸ hangs\n');
  expect(code).not.toBeNull();
});

test('a standard error that nobody reads does not end the process', async () => {
  const program = require.resolve('./programs/boots.ts');
  expect(await runProgram(program, { readErrors: false })).toEqual({ code: 0, output: 'served\n', errors: '' });
});

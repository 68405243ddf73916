import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(__dirname, '../../../../..');
const program = join(__dirname, 'programs/shutdown.ts');

test('H7: enableShutdownHooks ends a process whose requests are held: they are denied, the bootstrap is aborted', async () => {
  const node = ['-C', '@bootstrap-gate/source', join(root, 'scripts/run-typescript.mjs'), program];
  const child = spawn(process.execPath, node, { env: { ...process.env, NODE_OPTIONS: '' }, cwd: root });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const exit = once(child, 'exit');
  const url = (await lines.next()).value as string;
  const answer = fetch(url);
  expect((await lines.next()).value).toBe('started'); // by the request, which is held
  child.kill('SIGTERM');
  expect(await (await answer).json()).toMatchObject({ code: 'ERR_GATE_CLOSED' });
  expect((await lines.next()).value).toBe('aborted');
  expect(await exit).toEqual([null, 'SIGTERM']); // Nest sends itself the signal when all is done
});

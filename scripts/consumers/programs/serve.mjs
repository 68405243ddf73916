// Runs a program of the README as it stands, on a free port, and asks it over a socket, if it listens.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

const file = `readme/${process.argv[2]}`;
const child = fork(file, { execArgv: ['--import', './any-port.mjs'] });
const ended = once(child, 'exit');

if (readFileSync(file, 'utf8').includes('.listen(')) {
  const [port] = await Promise.race([once(child, 'message'), ended.then(() => assert.fail(`${file} ended`))]);
  const answers = await Promise.all([1, 2, 3].map(() => fetch(`http://127.0.0.1:${port}/`)));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200],
    file,
  );
  child.kill();
} else {
  assert.deepEqual(await ended, [0, null], file);
}

// Builds the application, starts it on a free port and asks it.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const next = createRequire(import.meta.url).resolve('next/dist/bin/next');
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };
const { status, stderr, stdout } = spawnSync(process.execPath, [next, 'build'], { env, encoding: 'utf8' });
assert.equal(status, 0, stdout + stderr);

const server = spawn(process.execPath, [next, 'start', '--port', '0'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
try {
  let output = '';
  for await (const part of server.stdout) {
    output += part;
    if (/Ready in/.test(output)) break;
  }
  const [url] = /http:\/\/localhost:\d+/.exec(output);
  const answer = await fetch(`${url}/hello`);
  assert.deepEqual([answer.status, await answer.text()], [200, 'hello']);
} finally {
  server.kill();
}
console.log('ok');

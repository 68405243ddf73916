/** A start that fails once and then succeeds, with held requests; prints what its clients got. */
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { bootstrapGate } from '../../../src/doors/node/index.js';
import { createGate } from '../../../src/index.js';

let starts = 0;
const gated = bootstrapGate((_req, res) => res.end('fine'), {
  cooldownMs: 1,
  stallAfterMs: 1,
  bootstrap: async (boot) => {
    await boot.step('database', () => after(30), { timeoutMs: 60_000 });
    if (++starts === 1) throw new Error('not yet');
  },
});
const server = createServer(gated);
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;

const ask = (): Promise<[number | undefined, string | undefined]> =>
  new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', agent: false }, (res) => {
      res.resume().on('end', () => resolve([res.statusCode, res.headers['retry-after']]));
    }).on('error', reject);
  });

const first = await ask();
let last = await ask();
while (last[0] === 503) {
  await after(5);
  last = await ask();
}
const wrapped = await createGate({ bootstrap: () => after(1) }).wrap(() => 7)();
console.log(JSON.stringify({ first, last, wrapped, state: gated.gate.report().state }));
process.exit();

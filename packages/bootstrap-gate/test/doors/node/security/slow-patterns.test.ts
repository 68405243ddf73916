/** What a pattern that is not linear would need hours for, or one that is quadratic. */
import { createServer } from 'node:http';
import { bootstrapGate } from '../../../../src/doors/node/index.js';
import { never } from '../support/never.js';
import { dial, listen } from '../support/network.js';
import { warnings } from '../support/waiting.js';

const headers = [
  'Accept: ' + ' '.repeat(1_000_000),
  'Accept: ' + '\t \t'.repeat(300_000) + 'text/htm',
  'Accept: ' + 'text/html'.repeat(100_000),
  'Expect: ' + '100-continu'.repeat(90_000),
  'Upgrade: ' + 'upgrade '.repeat(100_000),
];

test.each(headers)('N2, H5: a long header does not keep the gate busy', async (header) => {
  const handler = bootstrapGate((_req, res) => res.end(), { bootstrap: never, maxWaiting: 0, waitingPage: true });
  const port = await listen(createServer({ maxHeaderSize: 2_000_000 }, handler));
  const client = await dial(port, `GET / HTTP/1.1\r\nHost: x\r\n${header}\r\nConnection: close\r\n\r\n`);
  expect(await client.ended).toMatch(/^HTTP\/1.1 (503|417)/);
});

test('N3: names, errors and titles of a megabyte are shown, escaped and warned of in linear time', async () => {
  warnings();
  const long = '<&\u001b \n#1 '.repeat(100_000);
  const handler = bootstrapGate((_req, res) => res.end(), {
    name: long,
    bootstrap: (boot) => boot.step(long, () => Promise.reject(new Error(long))),
    waitingPage: { title: long },
    expose: true,
    exempt: [
      () => {
        throw new Error(long);
      },
    ],
    cooldownMs: 3_600_000,
  });
  await handler.gate.ensureReady().catch(() => {});
  const client = await dial(
    await listen(createServer(handler)),
    'GET / HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n',
  );
  expect(await client.ended).toMatch(/^HTTP\/1.1 503[^]*&lt;&amp;/);
});

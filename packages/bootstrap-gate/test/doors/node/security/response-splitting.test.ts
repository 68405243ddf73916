import { createServer } from 'node:http';
import { bootstrapGate, gateServer } from '../../../../src/doors/node/index.js';
import { dial, listen } from '../support/network.js';
import { until, warnings } from '../support/waiting.js';

const evil = 'x\r\nSet-Cookie: session=mine\r\n\r\n<script>alert(1)</script>';
const known = [
  ...['cache-control', 'connection', 'content-length', 'content-security-policy', 'content-type', 'date', 'keep-alive'],
  ...['retry-after', 'x-bootstrap-gate', 'x-content-type-options'],
];

test('N1: line ends in names, titles, errors and requests make no header and no second answer', async () => {
  warnings();
  const options = {
    name: evil,
    bootstrap: (): Promise<never> => Promise.reject(Object.assign(new Error(evil), { code: evil, headers: { evil } })),
    waitingPage: { title: evil },
    cooldownMs: 3_600_000,
    expose: true,
  };
  const server = createServer((_req, res) => res.end());
  const gates = [gateServer(server, options), bootstrapGate((_req, res) => res.end(), options)] as const;
  const ports = [await listen(server), await listen(createServer(gates[1]))];
  for (const [i, port] of ports.entries()) {
    const gate = i === 0 ? gates[0] : gates[1].gate;
    await gate.ensureReady().catch(() => {});
    await until(() => gate.state === 'failed');
    for (const header of ['Accept: text/html', 'X-Bootstrap-Gate: poll', 'Accept: %0d%0aSet-Cookie:x', 'X: y']) {
      const target = '/%0d%0aSet-Cookie:%20a=1?%0d%0a%0d%0a';
      const client = await dial(port, `GET ${target} HTTP/1.1\r\nHost: x\r\n${header}\r\nConnection: close\r\n\r\n`);
      const [head = '', ...rest] = (await client.ended).split('\r\n\r\n');
      const names = head
        .split('\r\n')
        .slice(1)
        .map((line) => line.slice(0, line.indexOf(':')).toLowerCase());
      expect(names.filter((name) => !known.includes(name))).toEqual([]);
      const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1]);
      expect(rest.join('\r\n\r\n')).toHaveLength(length);
    }
  }
});

import '../../small-heap/runner.js';
import { Agent, createServer, globalAgent } from 'node:http';
import { Agent as HttpsAgent, createServer as createHttpsServer } from 'node:https';
import { bootstrapGate } from '../../../src/doors/node/index.js';
import { certificate } from './support/certificate.js';
import { atEnd, listen, send } from './support/network.js';
import { ways } from './support/own-requests.js';
import { warnings } from './support/waiting.js';

const keepAlive = new Agent({ keepAlive: true });
const secure = new HttpsAgent({ keepAlive: true });
afterAll(() => [keepAlive, secure, globalAgent].forEach((agent) => agent.destroy()));

interface Client {
  readonly tls?: boolean;
  readonly get: (port: number, path: string) => Promise<number>;
}

const get =
  (options: object) =>
  async (port: number, path: string): Promise<number> =>
    (await send(port, { path, ...options })).status;

const clients: Record<string, Client> = {
  fetch: { get: ways['fetch']! },
  'the global agent': { get: get({ agent: globalAgent }) },
  'an agent with keepAlive': { get: get({ agent: keepAlive }) },
  'an agent with keepAlive, over TLS': { tls: true, get: get({ agent: secure, tls: true }) },
};

/** A gated server that its bootstrap calls, and how many connections it has seen. */
async function setUp({ get, tls = false }: Client) {
  warnings();
  const listener = bootstrapGate((_req, res) => res.end(), {
    exempt: ['/open'],
    bootstrap: () => get(port, '/own'),
  });
  const server = tls ? createHttpsServer(certificate, listener) : createServer(listener);
  let connections = 0;
  server.on(tls ? 'secureConnection' : 'connection', () => connections++);
  const port = await listen(server);
  return { gate: listener.gate, port, connections: () => connections };
}

test.each(Object.entries(clients))(
  'D5: a request on a connection that is older than the bootstrap is denied: %s',
  async (_name, client) => {
    const { gate, port, connections } = await setUp(client);
    expect(await client.get(port, '/open')).toBe(200);
    await new Promise(setImmediate); // the connection is free now
    expect(await gate.ensureReady({ timeoutMs: 5_000 })).toBe(503);
    expect(connections()).toBe(1);
  },
);

test.each(Object.entries(clients))(
  'D5: so is one on a connection that an earlier flight has used already: %s',
  async (_name, client) => {
    const { gate, port, connections } = await setUp(client);
    expect(await gate.ensureReady({ timeoutMs: 5_000 })).toBe(503);
    await gate.reset();
    expect(await client.get(port, '/open')).toBe(200);
    expect(await gate.ensureReady({ timeoutMs: 5_000 })).toBe(503);
    expect(connections()).toBeLessThanOrEqual(2); // a denial may end its connection
  },
);

test('D5: so is one of an agent that is older than the bootstrap and was never used', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  atEnd(() => agent.destroy());
  const { gate, connections } = await setUp({ get: get({ agent }) });
  expect(await gate.ensureReady({ timeoutMs: 5_000 })).toBe(503);
  expect(connections()).toBe(1);
});

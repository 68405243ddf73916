/**
 * Modelled on https://github.com/anomalyco/opencode/pull/31859
 * A plugin uses the client that the host gave it, which is connected to the running server already, while the server
 * still loads the plugin.
 */
import { Agent, createServer, type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { bootstrapGate } from 'bootstrap-gate/node';
import type { Hang } from './support/hang.js';
import { get } from './support/network.js';
import { expectLoopback } from './support/verdicts.js';

export const hang: Hang = {
  rule: 'D5',
  verdict: 'certain',
  given: 'soon after the request arrives',
  async run(watch) {
    let port = 0;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    watch.atEnd(() => agent.destroy());
    const call = async (path: string): Promise<{ status: number | undefined; body: string }> => {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        request({ port, path, agent }, resolve).on('error', reject).end();
      });
      return { status: response.statusCode, body: await text(response) };
    };

    const listener = bootstrapGate((_req, res) => res.end('served'), {
      name: 'server',
      exempt: ['/version'],
      bootstrap: (boot) =>
        boot.step('plugins', async () => {
          watch.begins();
          const { status } = await call('/session');
          watch.told();
          return status;
        }),
    });
    const server = createServer(listener);
    const connections: Socket[] = [];
    server.on('connection', (socket: Socket) => connections.push(socket));
    port = await watch.listen(server);

    expect(await call('/version')).toEqual({ status: 200, body: 'served' });
    expect(listener.gate.state).toBe('idle');
    expect(await listener.gate.ensureReady()).toBe(503);
    expect(connections).toHaveLength(1);
    expectLoopback(watch, listener.gate, {
      step: 'plugins',
      code: `boot.step('plugins', async () => {`,
      request: 'GET /session',
    });
    expect(await call('/session')).toEqual({ status: 200, body: 'served' });
    expect(await get(port, '/')).toEqual({ status: 200, body: 'served' });
  },
};

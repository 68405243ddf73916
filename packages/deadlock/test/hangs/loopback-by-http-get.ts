/**
 * Modelled on https://github.com/nodeSolidServer/node-solid-server/issues/635
 * A server registers itself as a client with its own identity provider while it starts. There it failed; where requests
 * are held until the start is complete it would hang.
 */
import { createServer, get as httpGet, type IncomingMessage } from 'node:http';
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
    const listener = bootstrapGate((_req, res) => res.end('served'), {
      name: 'server',
      bootstrap: (boot) =>
        boot.step('client registration', async () => {
          watch.begins();
          const response = await new Promise<IncomingMessage>((resolve, reject) => {
            httpGet({ port, path: '/.well-known/openid-configuration' }, resolve).on('error', reject);
          });
          watch.told();
          response.resume();
          return response.statusCode;
        }),
    });
    port = await watch.listen(createServer(listener));

    const outsider = get(port, '/');
    expect(await listener.gate.ensureReady()).toBe(503);
    expectLoopback(watch, listener.gate, {
      step: 'client registration',
      code: `boot.step('client registration', async () => {`,
      request: 'GET /.well-known/openid-configuration',
    });
    expect(await outsider).toEqual({ status: 200, body: 'served' });
  },
};

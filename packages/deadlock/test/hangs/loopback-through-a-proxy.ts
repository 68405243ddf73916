/**
 * Modelled on https://github.com/nodeSolidServer/oidc-auth-manager/pull/15
 * A server registers with itself by its public address, which leads through a load balancer. The request comes back on
 * the balancer's connection, like anybody's.
 */
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { bootstrapGate } from 'bootstrap-gate/node';
import { type Hang, stallAfterMs } from './support/hang.js';
import { get } from './support/network.js';
import { expectStalled } from './support/verdicts.js';

export const hang: Hang = {
  rule: 'D6',
  verdict: 'stalled',
  given: 'at `stallAfterMs`',
  async run(watch) {
    let port = 0;
    let publicPort = 0;
    const listener = bootstrapGate((_req, res) => res.end('served'), {
      name: 'server',
      stallAfterMs,
      waitTimeoutMs: 4 * stallAfterMs,
      bootstrap: (boot) =>
        boot.step('client registration', async () => {
          watch.begins();
          const { status } = await get(publicPort, '/register');
          return status;
        }),
    });
    port = await watch.listen(createServer(listener));
    publicPort = await watch.listen(
      createTcpServer((client) => {
        const upstream = connect(port, '127.0.0.1');
        client.pipe(upstream).pipe(client);
        client.on('error', () => upstream.destroy());
        upstream.on('error', () => client.destroy());
      }),
    );

    const ready = listener.gate.ensureReady();
    await expectStalled(watch, listener.gate, {
      step: 'client registration',
      code: `boot.step('client registration', async () => {`,
    });

    // No request waits for ever, so the step goes on after waitTimeoutMs.
    expect(await ready).toBe(503);
    expect(listener.gate.report()).toMatchObject({ denied: 1, verdicts: [] });
    expect(await get(publicPort, '/')).toEqual({ status: 200, body: 'served' });
  },
};

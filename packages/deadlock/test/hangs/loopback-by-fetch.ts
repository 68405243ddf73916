/**
 * Modelled on https://github.com/anomalyco/opencode/issues/23147
 * A plugin logs through the server's own API while it is initialized; a middleware of that server first waits until all
 * plugins are initialized.
 */
import { createServer } from 'node:http';
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
        boot.step('plugins', async () => {
          watch.begins();
          const response = await fetch(`http://127.0.0.1:${port}/log`, { method: 'POST', body: 'hello' });
          watch.told();
          return { status: response.status, ...((await response.json()) as object) };
        }),
    });
    port = await watch.listen(createServer(listener));

    const outsider = get(port, '/');
    expect(await listener.gate.ensureReady()).toMatchObject({ status: 503, code: 'ERR_GATE_LOOPBACK' });
    expectLoopback(watch, listener.gate, {
      step: 'plugins',
      code: `boot.step('plugins', async () => {`,
      request: 'POST /log',
    });
    expect(await outsider).toEqual({ status: 200, body: 'served' });
  },
};

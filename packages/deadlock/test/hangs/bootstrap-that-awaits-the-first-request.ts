/**
 * Modelled on https://github.com/mcp-hangar/mcp-hangar/issues/599
 * A gateway is ready when a backend is, and a backend starts with the first request, which comes only to a ready gateway.
 */
import { createServer } from 'node:http';
import { bootstrapGate } from 'bootstrap-gate/node';
import { deferred } from '../support.js';
import { type Hang, stallAfterMs } from './support/hang.js';
import { get } from './support/network.js';
import { expectStalled } from './support/verdicts.js';

export const hang: Hang = {
  rule: 'D6',
  verdict: 'stalled',
  given: 'at `stallAfterMs`',
  async run(watch) {
    const firstRequest = deferred<string>();
    const listener = bootstrapGate(
      (req, res) => {
        firstRequest.resolve(req.url ?? '');
        res.end('served');
      },
      {
        name: 'gateway',
        stallAfterMs,
        exempt: ['/warm-up'],
        bootstrap: (boot) =>
          boot.step('backend', () => {
            watch.begins();
            return firstRequest.promise;
          }),
      },
    );
    const port = await watch.listen(createServer(listener));

    const held = get(port, '/');
    await expectStalled(watch, listener.gate, { step: 'backend', code: `boot.step('backend', () => {` });
    expect(listener.gate.report().held).toBe(1);

    expect(await get(port, '/warm-up')).toEqual({ status: 200, body: 'served' });
    expect(await held).toEqual({ status: 200, body: 'served' });
    expect(listener.gate.value).toBe('/warm-up');
  },
};

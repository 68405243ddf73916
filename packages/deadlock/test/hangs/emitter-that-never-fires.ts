/**
 * Modelled on https://github.com/launchdarkly/node-server-sdk/issues/78
 * `waitUntilReady()` listens for an event that has been emitted already. The client lives, so it might emit it once more:
 * nothing is proven.
 */
import { EventEmitter, once } from 'node:events';
import { createGate } from 'bootstrap-gate';
import { type Hang, stallAfterMs } from './support/hang.js';
import { expectStalled } from './support/verdicts.js';

export const hang: Hang = {
  rule: 'D6',
  verdict: 'stalled',
  given: 'at `stallAfterMs`',
  async run(watch) {
    const client = new EventEmitter();
    client.emit('ready');
    const gate = createGate({
      name: 'shop',
      stallAfterMs,
      bootstrap: (boot) =>
        boot.step('feature flags', async () => {
          watch.begins();
          await once(client, 'ready');
          return 'ready';
        }),
    });

    const ready = gate.ensureReady();
    await expectStalled(watch, gate, { step: 'feature flags', code: `boot.step('feature flags', async () => {` });

    client.emit('ready');
    expect(await ready).toBe('ready');
  },
};

/** A server whose bootstrap does not look at its signal. */
import type { AddressInfo } from 'node:net';
import { bootstrapGate } from 'bootstrap-gate/express';
import express from 'express';
import { endOnSignal } from '../../src/shutdown.js';

const never = new Promise(() => setInterval(() => {}, 60_000));
const gated = bootstrapGate({ name: 'shop', eager: true, bootstrap: (boot) => boot.step('prices', () => never) });
const server = express()
  .use(gated)
  .listen(0, () => console.log(`listening on ${(server.address() as AddressInfo).port}`));
endOnSignal({ server, gate: gated.gate, drainMs: 1, stopMs: 100 });

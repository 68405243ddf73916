/** A server whose bootstrap does not look at its signal. */
import type { AddressInfo } from 'node:net';
import { bootstrapGate } from 'bootstrap-gate/express';
import { shutdownOnSignal } from 'bootstrap-gate/shutdown';
import express from 'express';

const never = new Promise(() => setInterval(() => {}, 60_000));
const gated = bootstrapGate({ name: 'shop', eager: true, bootstrap: (boot) => boot.step('prices', () => never) });
const server = express()
  .use(gated)
  .listen(0, () => console.log(`listening on ${(server.address() as AddressInfo).port}`));
shutdownOnSignal(server, gated.gate, { timeoutMs: 200 });

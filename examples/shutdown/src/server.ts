/** Listens at once; the port is PORT or 3000, the durations of its end are DRAIN_MS and TIMEOUT_MS. */
import type { AddressInfo } from 'node:net';
import { shutdownOnSignal } from 'bootstrap-gate/shutdown';
import { createShop } from './app.js';

const { PORT = 3000, LEDGER = 'ledger.txt', DRAIN_MS = 5_000, TIMEOUT_MS = 20_000 } = process.env;

const { app, gate } = createShop(LEDGER);
const server = app.listen(Number(PORT), () => {
  console.log(`listening on ${(server.address() as AddressInfo).port}`);
});
shutdownOnSignal(server, gate, { drainMs: Number(DRAIN_MS), timeoutMs: Number(TIMEOUT_MS) });

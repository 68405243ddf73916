/** Listens at once; the port is PORT or 3000, the durations of its end are DRAIN_MS, ANSWER_MS and STOP_MS. */
import type { AddressInfo } from 'node:net';
import { createShop } from './app.js';
import { endOnSignal } from './shutdown.js';

const { PORT = 3000, LEDGER = 'ledger.txt', DRAIN_MS = 5_000, ANSWER_MS = 20_000, STOP_MS = 10_000 } = process.env;

const { app, gate } = createShop(LEDGER, Number(STOP_MS));
const server = app.listen(Number(PORT), () => {
  console.log(`listening on ${(server.address() as AddressInfo).port}`);
});
endOnSignal({ server, gate, drainMs: Number(DRAIN_MS), answerMs: Number(ANSWER_MS), stopMs: Number(STOP_MS) });

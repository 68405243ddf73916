/** The shop. It may listen at once: what arrives before the bootstrap is complete is held. */
import { createGate } from 'bootstrap-gate';
import { bootstrapGate } from 'bootstrap-gate/express';
import express, { type Express } from 'express';
import { openLedger } from './ledger.js';
import { askOffice } from './office.js';
import { Till } from './till.js';

export const bootTimeoutMs = 120_000;

export function createShop(ledgerFile: string) {
  const gate = createGate({
    name: 'shop',
    eager: true, // probes do not start the bootstrap
    bootTimeoutMs,
    retry: { attempts: 5 },
    bootstrap: async (boot) => {
      const ledger = await boot.step('ledger', () => openLedger(ledgerFile), { stop: (ledger) => ledger.close() });
      await boot.step('prices', ({ signal }) => askOffice('/prices', signal));
      const till = await boot.step('till', () => new Till(ledger), {
        stop: (till) => till.count(), // before the ledger's
      });
      return { ledger, till };
    },
  });

  const app: Express = express();
  app.use(bootstrapGate({ gate, health: true }));
  app.post('/orders/:id', async (req, res) => {
    const { ledger, till } = gate.value; // before the first await: a closed gate has no value
    await ledger.write(`begun ${req.params.id}`);
    await askOffice(`/payments/${req.params.id}`);
    await ledger.write(`paid ${req.params.id}`);
    till.orders++;
    res.status(201).json({ order: req.params.id });
  });
  return { app, gate };
}

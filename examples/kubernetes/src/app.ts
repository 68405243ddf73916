import { createGate } from 'bootstrap-gate';
import { bootstrapGate } from 'bootstrap-gate/express';
import express, { type Express } from 'express';
import { connect } from './database.js';

export const bootTimeoutMs = 60_000;

export const gate = createGate({
  name: 'cities',
  eager: true, // probes do not start the bootstrap
  bootTimeoutMs,
  bootstrap: (boot) =>
    boot.step('database', connect, {
      timeoutMs: 20_000,
      retry: { attempts: 5 },
      stop: (database) => database.end(),
    }),
});

export const app: Express = express();
app.use(bootstrapGate({ gate, health: true }));
app.get('/cities', async (_req, res) => void res.json(await gate.value.cities()));

import { createGate } from 'bootstrap-gate';
import { bootstrapGate } from 'bootstrap-gate/express';
import express, { type Express } from 'express';
import { connect } from './database.js';

export const gate = createGate({
  name: 'cities',
  bootstrap: (boot) => boot.step('database', connect, { stop: (database) => database.end() }),
});

export const app: Express = express();
app.use(bootstrapGate({ gate, health: true }));
app.get('/cities', async (_req, res) => void res.json(await gate.value.cities()));

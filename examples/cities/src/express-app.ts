/** The application with Express. It may listen at once: what arrives before the cities are loaded is held. */
import { createGate } from 'bootstrap-gate';
import { bootstrapGate } from 'bootstrap-gate/express';
import express, { type Express, type Router } from 'express';
import { loadCities, type Load } from './bootstrap.js';
import { Database } from './database.js';
import { listNotes, writeNote } from './notes.js';
import { searchCities } from './search.js';

export function createApp(load: Load = loadCities) {
  const database = new Database();
  const gate = createGate({ name: 'cities', bootstrap: (boot) => load(boot, database), eager: true });
  const app: Express = express();
  app.use(bootstrapGate({ gate, health: true, waitingPage: true, expose: true }));
  app.use(routes(database));
  return { listener: app, gate };
}

/** The application itself, which knows nothing of the gate. */
export function routes(database: Database): Router {
  const router = express.Router();
  router.get('/cities', async (req, res) => {
    res.json(await searchCities(database, String(req.query.prefix ?? '')));
  });
  router.get('/notes', async (_req, res) => {
    res.json(await listNotes(database));
  });
  router.post('/notes', express.text({ type: () => true }), async (req, res) => {
    res.status(201).json(await writeNote(database, req.body));
  });
  return router;
}

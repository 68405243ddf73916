/** The Express application without a gate: it starts its bootstrap, listens, and answers what comes meanwhile. */
import express, { type Express } from 'express';
import type { Load, Steps } from '../bootstrap.js';
import { Database } from '../database.js';
import { routes } from '../express-app.js';

export function createUngatedApp(load: Load): { listener: Express } {
  const database = new Database();
  void load(plainSteps, database);
  const app = express();
  app.use(routes(database));
  return { listener: app };
}

/** One step after another, and nothing around them. */
const plainSteps: Steps = {
  step: (_name, fn) => fn({ signal: new AbortController().signal, progress: () => {} }),
};

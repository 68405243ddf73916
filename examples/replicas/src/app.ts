/** The application of one replica. It listens at once; requests are held until the cities are there. */
import { postgresOnce } from '@bootstrap-gate/once/postgres';
import { createGate } from 'bootstrap-gate';
import { bootstrapGate } from 'bootstrap-gate/express';
import express, { type Express } from 'express';
import type pg from 'pg';
import { bootstrap, type Load } from './bootstrap.js';

export function createApp(pool: pg.Pool, replica: string, leaseMs: number, load: Load) {
  const once = postgresOnce(pool, { namespace: 'cities', replica, leaseMs });
  const gate = createGate({ name: replica, bootstrap: (boot) => bootstrap(boot, once, pool, load), eager: true });
  const app: Express = express();
  app.use(bootstrapGate({ gate, health: true, waitTimeoutMs: 60_000 }));
  app.get('/cities', async (req, res) => {
    const { rows } = await pool.query('SELECT name, country FROM city WHERE name LIKE $1 ORDER BY name, id LIMIT 10', [
      `${String(req.query.prefix ?? '').replaceAll(/[\\%_]/g, '\\$&')}%`,
    ]);
    res.json(rows);
  });
  return { app, gate, once };
}

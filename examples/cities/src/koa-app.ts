/** The application with Koa. */
import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { createGate } from 'bootstrap-gate';
import { bootstrapGate } from 'bootstrap-gate/koa';
import Koa, { type Context } from 'koa';
import { loadCities, type Load } from './bootstrap.js';
import { Database } from './database.js';
import { listNotes, writeNote } from './notes.js';
import { searchCities } from './search.js';

export function createApp(load: Load = loadCities) {
  const database = new Database();
  const gate = createGate({ name: 'cities', bootstrap: (boot) => load(boot, database), eager: true });
  const app = new Koa();
  app.use(bootstrapGate({ gate, health: true, waitingPage: true, expose: true }));
  app.use((ctx) => route(ctx, database));
  const handle = app.callback();
  const listener: RequestListener = (req, res) => void handle(req, res);
  return { listener, gate };
}

async function route(ctx: Context, database: Database): Promise<void> {
  switch (`${ctx.method} ${ctx.path}`) {
    case 'GET /cities':
      ctx.body = await searchCities(database, String(ctx.query.prefix ?? ''));
      break;
    case 'GET /notes':
      ctx.body = await listNotes(database);
      break;
    case 'POST /notes':
      ctx.body = await writeNote(database, await text(ctx.req));
      ctx.status = 201;
  }
}

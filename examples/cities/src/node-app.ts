/** The application with node:http alone. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { createGate } from 'bootstrap-gate';
import { bootstrapGate } from 'bootstrap-gate/node';
import { loadCities, type Load } from './bootstrap.js';
import { Database } from './database.js';
import { listNotes, writeNote } from './notes.js';
import { searchCities } from './search.js';

export function createApp(load: Load = loadCities) {
  const database = new Database();
  const gate = createGate({ name: 'cities', bootstrap: (boot) => load(boot, database), eager: true });
  const application: RequestListener = (req, res) => void route(req, res, database);
  const listener = bootstrapGate(application, { gate, health: true, waitingPage: true, expose: true });
  return { listener, gate };
}

async function route(req: IncomingMessage, res: ServerResponse, database: Database): Promise<void> {
  const url = new URL(req.url ?? '/', 'http://localhost');
  try {
    switch (`${req.method} ${url.pathname}`) {
      case 'GET /cities':
        return json(res, 200, await searchCities(database, url.searchParams.get('prefix') ?? ''));
      case 'GET /notes':
        return json(res, 200, await listNotes(database));
      case 'POST /notes':
        return json(res, 201, await writeNote(database, await text(req)));
      default:
        return json(res, 404, { error: 'not found' });
    }
  } catch (error) {
    console.error(error);
    json(res, 500, { error: 'internal error' });
  }
}

function json(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

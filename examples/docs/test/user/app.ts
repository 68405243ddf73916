/** What the documentation calls the user's own application: a request listener, and one that is built from a database. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Database } from './database.js';

export function app(_req: IncomingMessage, res: ServerResponse): void {
  res.end('hello');
}

export async function buildApp(db: Database): Promise<RequestListener> {
  await db.query('SELECT 1');
  return (req, res) => app(req, res);
}

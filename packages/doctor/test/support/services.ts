/** What the small applications need beside them: a TCP service, a Postgres, a free port. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { root } from './root.js';
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
  const program = path.join(root, 'test/support/postgres.mjs');
  const child = spawn(process.execPath, [program, String(await freePort())], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [url] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    url: url.toString().trim(),
    async stop() {
      const closed = once(child, 'close');
      child.stdin.end();
      await closed;
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

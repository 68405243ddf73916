/** The programs of the guides, as they are printed there, against a real database. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGate, type Boot } from 'bootstrap-gate';
import createKnex from 'knex';
import type pg from 'pg';
import { bootstrap as drizzle } from './guides/drizzle.js';
import { bootstrap as guarded } from './guides/guarded.js';
import { bootstrap as knex } from './guides/knex.js';
import { bootstrap as sqlFiles } from './guides/sql-files.js';
import { startPostgres, type Postgres } from './support/postgres.js';
import { debianPostgres, describeWith } from './support/programs.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

test.each([
  [
    'docs/guides/migrations-with-many-replicas.md',
    ['sql-files', 'knex', 'drizzle', 'node-pg-migrate', 'prisma', 'guarded'],
  ],
  ['docs/guides/cluster-and-pm2.md', ['cluster']],
])('%s prints the programs that are tested here', (guide, programs) => {
  const blocks = [...read(guide).matchAll(/^```typescript\n(.*?)^```$/gms)].map(([, code]) => code);
  expect(blocks).toEqual(programs.map((name) => read(`packages/once/test/guides/${name}.ts`)));
});

describeWith({ 'postgres of debian': debianPostgres }, 'three replicas migrate', () => {
  let server: Postgres;
  let folder: string;
  beforeEach(async () => {
    server = await startPostgres(debianPostgres!);
    folder = mkdtempSync(path.join(tmpdir(), 'once-guide-'));
  });
  afterEach(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = async (bootstrap: (boot: Boot, pool: pg.Pool) => Promise<void>): Promise<void> => {
    const gates = Array.from({ length: 3 }, () => {
      const pool = server.pool(3);
      return createGate({ bootstrap: (boot) => bootstrap(boot, pool) });
    });
    await Promise.all(gates.map((gate) => gate.ensureReady()));
    await Promise.all(gates.map((gate) => gate.close()));
  };
  /** A migration that counts how often it runs. */
  const counted = `CREATE TABLE ran (); ALTER TABLE ran ADD COLUMN n int; INSERT INTO ran VALUES (1)`;
  const runs = async (): Promise<number> => (await server.query('SELECT FROM ran')).length;

  test('with SQL files', async () => {
    writeFileSync(path.join(folder, '001.sql'), counted);
    writeFileSync(path.join(folder, '002.sql'), 'INSERT INTO ran VALUES (2)');
    await start((boot, pool) => sqlFiles(boot, pool, folder));
    expect(await runs()).toBe(2);
  });

  test('with Knex, also where a killed process has left its lock', async () => {
    writeFileSync(
      path.join(folder, '001.cjs'),
      `exports.up = (knex) => knex.raw(${JSON.stringify(counted)}); exports.down = () => {};`,
    );
    const connections: ReturnType<typeof createKnex>[] = [];
    const connect = () => {
      const made = createKnex({
        client: 'pg',
        connection: server.url,
        migrations: { directory: folder, loadExtensions: ['.cjs'] },
      });
      connections.push(made);
      return made;
    };
    await connect().migrate.list();
    await server.query('UPDATE knex_migrations_lock SET is_locked = 1');
    await start((boot, pool) => knex(boot, pool, connect(), 'v1'));
    expect(await runs()).toBe(1);
    await Promise.all(connections.map((each) => each.destroy()));
  });

  test('with Drizzle', async () => {
    mkdirSync(path.join(folder, 'meta'));
    writeFileSync(path.join(folder, '0000_first.sql'), counted.replaceAll(';', ';--> statement-breakpoint\n'));
    const entry = { idx: 0, version: '7', when: 1, tag: '0000_first', breakpoints: true };
    writeFileSync(
      path.join(folder, 'meta/_journal.json'),
      JSON.stringify({ version: '7', dialect: 'postgresql', entries: [entry] }),
    );
    await start((boot, pool) => drizzle(boot, pool, folder, 'v1'));
    expect(await runs()).toBe(1);
  });

  test('with node-pg-migrate', async () => {
    writeFileSync(path.join(folder, '1_first.sql'), `-- Up Migration\n${counted};\n-- Down Migration\n`);
    const program = path.join(root, 'packages/once/test/processes/node-pg-migrate.ts');
    const runTypeScript = path.join(root, 'scripts/run-typescript.mjs');
    execFileSync(process.execPath, ['-C', '@bootstrap-gate/source', runTypeScript, program, server.url, folder]);
    expect(await runs()).toBe(1);
  });

  test('in guarded portions', async () => {
    await server.query(
      `CREATE TABLE city AS SELECT n AS id, 'CITY ' || n AS name, NULL::text AS slug FROM generate_series(0, 99) n`,
    );
    await start(guarded);
    expect(await server.query('SELECT FROM city WHERE slug = lower(name)')).toHaveLength(100);
  });
});

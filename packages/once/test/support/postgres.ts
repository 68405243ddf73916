/** A private Postgres on a free port, in a temporary folder. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { asPostgres, freePort, runAs } from './programs.js';

export interface Postgres {
  readonly port: number;
  readonly url: string;
  /** A pool that `stop` ends. */
  pool(max?: number, url?: string): pg.Pool;
  query(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Kills the server as a crash would, and starts it again. */
  crash(): void;
  stop(): Promise<void>;
}

export async function startPostgres(binaries: string, settings: Record<string, string> = {}): Promise<Postgres> {
  const folder = mkdtempSync(path.join(tmpdir(), 'once-pg-'));
  // The server runs as another user where the tests run as root.
  chmodSync(folder, 0o777);
  const data = path.join(folder, 'data');
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const control = (...args: string[]): string =>
    runAs(asPostgres, path.join(binaries, 'pg_ctl'), ['-D', data, '-w', ...args]);
  runAs(asPostgres, path.join(binaries, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '-N']);
  const options = Object.entries({
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    // A crash of the server loses nothing without fsync; one of the machine would.
    fsync: 'off',
    max_connections: '350',
    shared_buffers: '32MB',
    ...settings,
  });
  const start = (): void => {
    const text = options.map(([name, value]) => `-c ${name}=${value}`).join(' ');
    control('-l', path.join(folder, 'log'), '-o', text, 'start');
  };
  start();

  const pools: pg.Pool[] = [];
  const pool = (max = 10, at = url): pg.Pool => {
    const made = new pg.Pool({ connectionString: at, max });
    made.on('error', () => {}); // a crash that the test makes
    pools.push(made);
    return made;
  };
  const admin = pool(2);
  return {
    port,
    url,
    pool,
    query: async (text, values) => (await admin.query(text, values)).rows as Record<string, unknown>[],
    crash() {
      control('-m', 'immediate', 'stop');
      start();
    },
    async stop() {
      await Promise.all(pools.map((each) => (each.ended ? undefined : each.end())));
      control('-m', 'immediate', 'stop');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

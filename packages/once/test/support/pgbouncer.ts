/** PgBouncer in transaction mode before a private Postgres. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { asPostgres, freePort } from './programs.js';

export interface PgBouncer {
  readonly port: number;
  readonly url: string;
  stop(): Promise<void>;
}

/** @param poolSize how many connections to the server all clients share */
export async function startPgBouncer(program: string, target: number, poolSize: number): Promise<PgBouncer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'once-bouncer-'));
  chmodSync(folder, 0o777);
  const port = await freePort();
  const file = path.join(folder, 'pgbouncer.ini');
  const text = `[databases]
postgres = host=127.0.0.1 port=${target} dbname=postgres user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 1000
server_login_retry = 0.2
`;
  writeFileSync(file, text, { mode: 0o644 });
  const [command = program, ...args] = [...asPostgres, program, '-q', file];
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  while (!(await answers(port))) await delay(20);
  return {
    port,
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      process.kill(-child.pid!, 'SIGTERM');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

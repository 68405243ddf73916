/** Three replicas in a process of their own: node-pg-migrate is ESM only, which the test runner cannot load. */
import { createGate } from 'bootstrap-gate';
import pg from 'pg';
import { bootstrap } from '../guides/node-pg-migrate.js';

const [, , url = '', folder = ''] = process.argv;

async function main(): Promise<void> {
  const pools = Array.from({ length: 3 }, () => new pg.Pool({ connectionString: url }));
  const gates = pools.map((pool) => createGate({ bootstrap: (boot) => bootstrap(boot, pool, url, folder, 'v1') }));
  await Promise.all(gates.map((gate) => gate.ensureReady()));
  await Promise.all(gates.map((gate) => gate.close()));
  await Promise.all(pools.map((pool) => pool.end()));
}

void main();

/** Replicas inside the test's process: each with a pool and a session of its own. */
import type pg from 'pg';
import { postgresOnce, type PostgresOnce, type PostgresOnceOptions } from '../../src/postgres.js';
import type { Postgres } from './postgres.js';

export interface TestReplica {
  readonly name: string;
  readonly namespace: string;
  readonly pool: pg.Pool;
  readonly once: PostgresOnce<pg.PoolClient>;
}

let namespaces = 0;
export const newNamespace = (): string => `test-${process.pid}-${namespaces++}`;

export interface ReplicaOptions extends Partial<PostgresOnceOptions> {
  readonly max?: number;
  readonly url?: string;
}

/** Makes replicas `web-1`, `web-2`, … of one namespace. */
export function replicas(
  server: Postgres,
  count: number,
  { max = 3, url, ...options }: ReplicaOptions = {},
): TestReplica[] {
  const namespace = options.namespace ?? newNamespace();
  return Array.from({ length: count }, (_, i) => {
    const name = `web-${i + 1}`;
    const pool = server.pool(max, url);
    return {
      name,
      namespace,
      pool,
      once: postgresOnce(pool, { leaseMs: 30_000, replica: name, ...options, namespace }),
    };
  });
}

export async function closeAll(all: readonly TestReplica[]): Promise<void> {
  await Promise.all(all.map(({ once }) => once.close()));
}

/** A promise and what settles it. */
export function deferred<T = void>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** Asks until the answer is true. */
export async function until(test: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await test())) await new Promise((resolve) => setTimeout(resolve, 10));
}

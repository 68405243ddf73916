/** Kills, freezes and restarts replicas and their server while they work, and then counts what must never be. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Postgres } from '../test/support/postgres.js';
import type { ReplicaResult } from './replica.js';
import { Troop, type TroopOptions } from './troop.js';

export interface ChaosOptions extends TroopOptions {
  /** It ends when this many leaders were hit and this much time has passed. */
  readonly hits: number;
  readonly seconds: number;
  /** On average. */
  readonly hitEveryMs: number;
  /** How often the server crashes on the way. */
  readonly crashes: number;
}

export interface ChaosReport {
  readonly kills: number;
  readonly suicides: number;
  readonly freezes: number;
  readonly crashes: number;
  readonly versions: number;
  readonly executions: number;
  readonly violations: readonly string[];
}

export async function runChaos(server: Postgres, options: ChaosOptions): Promise<ChaosReport> {
  await server.query('DROP SCHEMA IF EXISTS bootstrap_once CASCADE');
  await server.query('DROP TABLE IF EXISTS ledger, log');
  const columns = 'id bigint GENERATED ALWAYS AS IDENTITY, key int, fence bigint, replica text';
  await server.query(`CREATE TABLE ledger (${columns})`);
  await server.query(`CREATE TABLE log (${columns})`);

  const troop = new Troop(options);
  const begun = performance.now();
  let crashes = 0;
  const isOver = (): boolean =>
    performance.now() - begun > options.seconds * 1_000 && troop.kills + troop.freezes >= options.hits;
  while (!isOver()) {
    await delay(Math.random() * 2 * options.hitEveryMs);
    const share = Math.max((performance.now() - begun) / (options.seconds * 1_000), 0);
    if (crashes < options.crashes && share > (crashes + 1) / (options.crashes + 1)) {
      crashes++;
      server.crash();
    }
    const pid = await leader(server);
    if (pid !== undefined) void troop.hit(pid);
    if (share > 10) throw new Error('the leaders cannot be hit as often as asked for');
  }
  await troop.finish(60_000);
  const { kills, suicides, freezes, versions } = troop;
  const violations = [...troop.failures, ...disagreements(troop.results), ...(await misdeeds(server, versions))];
  const [{ n } = { n: 0 }] = await server.query('SELECT sum(fence)::int AS n FROM bootstrap_once.step');
  return { kills, suicides, freezes, crashes, versions, executions: Number(n), violations };
}

/** A replica that holds a step now, at random. */
async function leader(server: Postgres): Promise<number | undefined> {
  try {
    const rows = await server.query(`
      SELECT p.pid FROM bootstrap_once.step s JOIN bootstrap_once.replica p ON p.id = s.owner
      WHERE p.ended_at IS NULL ORDER BY random() LIMIT 1`);
    return rows[0]?.pid as number | undefined;
  } catch {
    return undefined; // not created yet, or restarting
  }
}

/** All replicas get the same result of a version. */
function disagreements(results: readonly ReplicaResult[]): string[] {
  const fences = new Map<string, number>();
  return results.flatMap(({ step, key, fence }) => {
    const known = fences.get(`${step} ${key}`) ?? fence;
    fences.set(`${step} ${key}`, known);
    return known === fence ? [] : [`${step} v${key}: results of fences ${known} and ${fence}`];
  });
}

async function misdeeds(server: Postgres, versions: number): Promise<string[]> {
  const count = async (what: string, from: string): Promise<string[]> => {
    const rows = await server.query(from);
    return rows.length === 0 ? [] : [`${what}: ${JSON.stringify(rows.slice(0, 5))}`];
  };
  return [
    ...(await count(
      'a version whose effect is not there exactly once',
      `SELECT v AS key, count(l.*)::int AS rows, count(DISTINCT fence)::int AS fences
       FROM generate_series(1, ${versions}) v LEFT JOIN ledger l ON l.key = v
       GROUP BY v HAVING count(l.*) <> 2 OR count(DISTINCT fence) <> 1`,
    )),
    ...(await count(
      'an effect without the record that commits with it',
      `SELECT l.key, l.fence FROM ledger l LEFT JOIN bootstrap_once.run r
         ON r.name = 'ledger' AND r.key = 'v' || l.key AND r.state = 'done' AND r.fence = l.fence WHERE r.key IS NULL`,
    )),
    ...(await count(
      'an older fence after a newer one',
      `SELECT key, fence, newest FROM (
         SELECT key, fence, max(fence) OVER (ORDER BY id) AS newest FROM log) l WHERE fence < newest`,
    )),
    ...(await count(
      'a completion whose guarded writes are not all there',
      `SELECT v AS key FROM generate_series(1, ${versions}) v
       LEFT JOIN bootstrap_once.run r ON r.name = 'log' AND r.key = 'v' || v AND r.state = 'done'
       LEFT JOIN log l ON l.key = v AND l.fence = r.fence GROUP BY v HAVING count(l.*) <> 3`,
    )),
  ];
}

/**
 * `npm run chaos -- --seconds 300 --replicas 10 --via direct,pgbouncer,proxy --postgres 15,18`: chaos for longer than tests
 * have time for. Exits with 1 where something happened that must never.
 */
import { parseArgs } from 'node:util';
import { bundle } from '../test/support/bundle.js';
import { startPgBouncer } from '../test/support/pgbouncer.js';
import { startPostgres } from '../test/support/postgres.js';
import { debianPostgres, embeddedPostgres, fakeClock, pgbouncer } from '../test/support/programs.js';
import { startProxy } from '../test/support/proxy.js';
import { runChaos } from './run.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    replicas: { type: 'string', default: '10' },
    lease: { type: 'string', default: '600' },
    via: { type: 'string', default: 'direct,pgbouncer,proxy' },
    postgres: { type: 'string', default: '15,18' },
  },
});

const ways = values.via.split(',');
const servers = Object.entries({ 15: debianPostgres, 18: embeddedPostgres }).filter(([version]) =>
  values.postgres.split(',').includes(version),
);
const seconds = Number(values.seconds) / (ways.length * servers.length);
const program = bundle('chaos/replica.ts');

void main();

async function main(): Promise<void> {
  let violations = 0;
  for (const [version, binaries] of servers) {
    if (binaries === undefined) {
      console.log(`Postgres ${version}: not found, skipped`);
      continue;
    }
    const server = await startPostgres(binaries);
    try {
      for (const via of ways) {
        const report = await run(server, via);
        violations += report.violations.length;
        console.log(`Postgres ${version} via ${via}: ${JSON.stringify(report)}`);
      }
    } finally {
      await server.stop();
    }
  }
  console.log(violations === 0 ? 'No violations.' : `${violations} violations.`);
  process.exitCode = violations === 0 ? 0 : 1;
}

async function run(server: Awaited<ReturnType<typeof startPostgres>>, via: string) {
  const leaseMs = Number(values.lease);
  const way = await open(server, via);
  try {
    return await runChaos(server, {
      program,
      replicas: Number(values.replicas),
      settings: {
        url: way.url,
        leaseMs,
        poolSize: via === 'pgbouncer' ? 1 : 2,
        suicidePercent: 10,
        workMs: leaseMs / 10,
      },
      freezePercent: 15,
      ...(fakeClock !== undefined && { clocks: { library: fakeClock, offsets: ['+1d', '-1d'] } }),
      hitEveryMs: leaseMs,
      hits: 0,
      seconds,
      crashes: Math.ceil(seconds / 30),
    });
  } finally {
    await way.stop();
  }
}

async function open(server: { port: number; url: string }, via: string) {
  if (via === 'direct') return { url: server.url, stop: async () => {} };
  if (via === 'pgbouncer') {
    if (pgbouncer === undefined) throw new Error('pgbouncer is not installed');
    return startPgBouncer(pgbouncer, server.port, 4);
  }
  const proxy = await startProxy(server.port);
  // Every hundredth message loses its answer, and so does every tenth COMMIT.
  proxy.cutsAnswerTo = (sent) => Math.random() < (sent.includes('COMMIT') ? 0.1 : 0.01);
  return { url: `postgres://postgres@127.0.0.1:${proxy.port}/postgres`, stop: () => proxy.stop() };
}

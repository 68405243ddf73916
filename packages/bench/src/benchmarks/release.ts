/** Whether a server stays responsive while a herd of held requests is released. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Benchmark, Measures } from '../benchmark.js';
import { HelperProcess } from '../helper-process.js';
import { Herd } from '../herd.js';
import type { Probe } from '../processes/prober.js';
import type { ServerMessage } from '../processes/server.js';
import type { ServerName } from '../servers.js';
import { quantile } from '../statistics.js';

const HELD = 1_000;
const PROBING_BEFORE_MS = 300;

const epochNow = (): number => performance.timeOrigin + performance.now();

interface Release {
  readonly totalMs: number;
  /** The latencies of the health requests that were sent between the opening and the last answer. */
  readonly healthMs: readonly number[];
}

async function release(name: ServerName, probed: boolean): Promise<Release> {
  using server = new HelperProcess<ServerMessage>('server', [name, 'work', 'on-demand']);
  const port = await server.hear((message) => message.port);
  using herd = new Herd();
  await herd.send(port, HELD);
  await server.hear(({ waiting }) => (waiting === HELD ? true : undefined));

  using prober = probed ? new HelperProcess<readonly Probe[]>('prober', [String(port)]) : undefined;
  await pause(PROBING_BEFORE_MS);
  const answered = herd.answered();
  const opened = epochNow();
  server.tell('open');
  await answered;
  const ended = epochNow();
  const probes = (await prober?.ask('end', (all) => all)) ?? [];

  const during = probes.filter(({ at }) => at >= opened && at <= ended);
  return { totalMs: ended - opened, healthMs: during.map(({ ms }) => ms) };
}

async function measure(name: ServerName): Promise<Measures> {
  const probed = await release(name, true);
  const part = (q: number): number => quantile(probed.healthMs, q);
  const alone = await release(name, false);
  return { p50: part(0.5), p99: part(0.99), max: part(1), total: probed.totalMs, alone: alone.totalMs };
}

const byHand: ServerName = 'await of a shared promise, by hand';
const gates: readonly ServerName[] = ['bootstrapGate', 'gateServer'];

export const benchmark: Benchmark = {
  title: 'Releasing a herd',
  about: `${HELD.toLocaleString('en')} requests wait, each on a socket of its own; each needs 1 ms of synchronous work. From the opening until the last answer a
process of its own asks every 10 ms for \`/livez\`, which does not wait, and measures the latency. By hand these requests are answered
after the release, with the gate during it, so the last column has the time of a release when nobody asks. Peers that only come with a
large platform around them are left out: Backstage's \`createLifecycleMiddleware\` needs the whole of
\`@backstage/backend-defaults\` with the clients of three clouds.`,
  rounds: 5,
  metrics: {
    p50: { title: 'health p50, ms', digits: 1 },
    p99: { title: 'p99, ms', digits: 1 },
    max: { title: 'max, ms', digits: 1, hasRatio: false },
    total: { title: 'total, ms', digits: 0 },
    alone: { title: 'when nobody asks, ms', digits: 0 },
  },
  contenders: {
    [byHand]: { run: () => measure(byHand) },
    ...Object.fromEntries(gates.map((name) => [name, { run: () => measure(name), against: byHand }])),
  },
  targets: [
    { contenders: gates, metric: 'p99', of: 'value', atMost: 50 },
    { contenders: gates, metric: 'total', of: 'ratio', atMost: 1.05 },
    { contenders: gates, metric: 'alone', of: 'ratio', atMost: 1.05 },
  ],
};

/** Holds a herd, completes the bootstrap, and looks at the answers and at those who ask for health meanwhile. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ContenderName } from './contenders.js';
import { HelperProcess } from './helper-process.js';
import { Herd } from './herd.js';
import { WORK_PATH } from './paths.js';
import type { Probe } from './processes/prober.js';
import { ServerProcess } from './server-process.js';

const PROBING_BEFORE_MS = 300;

export interface Release {
  /** From the end of the bootstrap. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** The latencies of the health requests that were sent between the end of the bootstrap and the last answer. */
  readonly healthMs: readonly number[];
}

/** Each of the held requests needs 1 ms of synchronous work. */
export async function release(contender: ContenderName, held: number, probed: boolean): Promise<Release> {
  using server = new ServerProcess({ contender, bootstrap: 'on demand', limits: 'wide' });
  const port = await server.port;
  using herd = new Herd();
  await herd.send(port, held, WORK_PATH);
  await server.until(({ requestsArrived }) => requestsArrived === held);

  using prober = probed ? new HelperProcess<readonly Probe[]>('prober', [String(port)]) : undefined;
  await pause(PROBING_BEFORE_MS);
  server.complete();
  const answers = await herd.answers();
  const probes = (await prober?.ask('end', (all) => all)) ?? [];

  const wrong = answers.find(({ status }) => status !== 200);
  if (wrong) throw new Error(`${contender}: not the expected answer: ${wrong.text}`);
  const { completedAt = NaN } = await server.statistics();
  const times = answers.map(({ at }) => at - completedAt);
  const lastMs = Math.max(...times);
  const during = probes.filter(({ at }) => at >= completedAt && at <= completedAt + lastMs);
  return { firstMs: Math.min(...times), lastMs, healthMs: during.map(({ ms }) => ms) };
}

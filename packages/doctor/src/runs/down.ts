/** A start while a service is down: its address leads to a port that refuses, or accepts and says nothing. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AloneRun, DownRun } from '../observations.js';
import type { Plan } from '../plan.js';
import { askLate } from '../probe/ask.js';
import { now, Start, type Launch } from '../start/start.js';
import { ended, waitFor, waitForDoor, type Bounded } from './run.js';

/** How long a start without the service is observed. */
export const DOWN_MS = 8_000;

type Down = Plan['down'][number];

export async function startWithout(
  { target, mode }: Down,
  plan: Bounded,
  launch: Launch,
  alone: AloneRun,
): Promise<DownRun> {
  const stand = createServer((socket) => socket.on('error', () => undefined));
  stand.listen(0, '127.0.0.1');
  await once(stand, 'listening');
  const { port } = stand.address() as { port: number };
  if (mode === 'refuse') stand.close();
  const start = new Start(launch, { down: { [target]: port } });
  const limit = Math.min(plan.limitMs, DOWN_MS);
  const door = await waitForDoor(start, plan, limit);
  if (door) await waitFor(start, Math.max(0, limit - start.since(now())));
  const paths = [...new Set([...alone.paths, ...alone.health])];
  const answers = door && !start.exit ? await askLate(door, paths, 1, plan.limit) : [];
  const afterMs = start.since(now());
  const run = await ended(start, plan, door);
  stand.close();
  return { ...run, target, mode, afterMs, answers };
}

/** A start that gets SIGTERM half-way: between the open port and quiet, or shortly before the port opens. */
import type { AloneRun, InterruptedRun } from '../observations.js';
import { doorOf } from '../start/door.js';
import { now, Start, type Launch } from '../start/start.js';
import { waitFor, waitForDoor, type Bounded } from './run.js';

/** Less than this between port and quiet is too short to hit. */
const SHORT_MS = 60;

export async function startInterrupted(plan: Bounded, launch: Launch, alone: AloneRun): Promise<InterruptedRun> {
  const opened = (alone.door?.openedAt ?? alone.startedAt) - alone.startedAt;
  const afterPort = (alone.quiet?.lastAt ?? 0) - alone.startedAt - opened;
  const start = new Start(launch);
  if (afterPort > SHORT_MS) {
    // From this start's own port: on a busy machine one start takes twice as long as another to open it.
    const door = await waitForDoor(start, plan, plan.limit(plan.limitMs));
    await waitFor(start, afterPort / 2 - (now() - (door?.openedAt ?? 0)));
  } else {
    await waitFor(start, opened * 0.8);
  }
  const afterMs = start.since(now());
  const portWasOpen = doorOf(start.journal, plan.port) !== undefined;
  return { afterMs, portWasOpen, ending: await start.end(plan.graceMs) };
}

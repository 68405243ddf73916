/** The second start: with requests from the moment the port is open until the start is quiet, and some after it. */
import type { AloneRun, HerdRun } from '../observations.js';
import { askLate, sendHerd } from '../probe/ask.js';
import { Start, type Launch } from '../start/start.js';
import { ended, waitFor, waitForDoor, waitForQuiet, type Bounded } from './run.js';

const SHORTEST_MS = 1_500;
const LATE_ROUNDS = 8;
const BLIND_QUIETS = 5;

export async function startUnderHerd(plan: Bounded, launch: Launch, alone: AloneRun): Promise<HerdRun> {
  const start = new Start(launch);
  const door = await waitForDoor(start, plan, plan.limit(plan.limitMs));
  if (!door) return { ...(await ended(start, plan, door)), early: [], late: [], quiet: undefined };
  const paths = [...new Set([...alone.paths, ...alone.health])];
  const herd = sendHerd(door, paths, plan);
  await waitFor(start, SHORTEST_MS);
  const quiet = await waitForQuiet(start, plan, door, plan.quietMs * BLIND_QUIETS);
  await herd.stop();
  const late = start.exit ? [] : await askLate(door, paths, LATE_ROUNDS, plan.limit);
  return { ...(await ended(start, plan, door)), early: herd.answers, late, quiet };
}

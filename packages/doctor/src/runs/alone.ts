/** The first start: undisturbed until it is quiet, then one request at a time, then a burst. */
import type { AloneRun } from '../observations.js';
import { isUnanswered } from '../probe/answer.js';
import { askAlone, askFirst, burst, HEALTH_PATHS, healthPaths } from '../probe/ask.js';
import type { Progress } from '../render/progress.js';
import { Refusal } from '../refusal.js';
import { describeDoor, isLoopback, type Door } from '../start/door.js';
import { Start, type Launch } from '../start/start.js';
import { ended, waitForDoor, waitForQuiet, type Bounded } from './run.js';

const MOST_PATHS = 8;
const ROUTES_MS = 150;
const BLIND_QUIETS = 3;
const NOTHING_ASKED = { quiet: undefined, paths: [], health: [], first: [], warm: [], afterBurst: [] };

/** @throws Refusal */
export async function startAlone(plan: Bounded, launch: Launch, progress: Progress): Promise<AloneRun> {
  const start = new Start(launch);
  const door = await waitForDoor(start, plan, plan.limit(plan.limitMs));
  await refuse(start, plan, door);
  if (!door) return { ...(await ended(start, plan, door)), ...NOTHING_ASKED };
  progress(`start 1: ${describeDoor(door)} is open, waiting for the start to finish`);
  const quiet = await waitForQuiet(start, plan, door, plan.quietMs * BLIND_QUIETS);
  const root = await askFirst(door, plan.paths[0] ?? '/', plan);
  if (isUnanswered([root])) return { ...(await ended(start, plan, door)), ...NOTHING_ASKED, quiet, first: [root] };

  const paths = plan.paths.length > 0 ? plan.paths : await knownPaths(start, plan);
  const first = [root, ...(await askAlone(door, paths.slice(1), plan.limit))];
  const warm = await askAlone(door, paths, plan.limit);
  const health = [...new Set([...plan.health, ...(await healthPaths(door, HEALTH_PATHS, plan.limit))])];
  await Promise.all(burst(door, [...new Set([...paths, ...health])], plan.limit));
  const afterBurst = await askAlone(door, paths, plan.limit);
  const asked = paths.filter((path) => !health.includes(path) || plan.paths.includes(path));
  return { ...(await ended(start, plan, door)), quiet, paths: asked, health, first, warm, afterBurst };
}

/** @throws Refusal */
async function refuse(start: Start, plan: Bounded, door: Door | undefined): Promise<void> {
  if (start.failure) throw new Refusal(`The command cannot be run: ${start.failure.message}`, 2);
  const isProduction = start.journal.of('start').some(({ nodeEnv }) => nodeEnv === 'production');
  if (isProduction && !plan.allowProduction) {
    await start.end(plan.graceMs);
    throw new Refusal('The application sets NODE_ENV=production. --yes examines it all the same', 2);
  }
  if (door && door.socketPath === undefined && !isLoopback(door.host ?? '')) {
    await start.end(plan.graceMs);
    throw new Refusal(`It listens on ${door.host} only, and only loopback addresses are asked`, 3);
  }
}

/** The routes are known after the first request. */
async function knownPaths(start: Start, plan: Bounded): Promise<string[]> {
  if (plan.preload) await start.until(() => start.journal.last('routes') !== undefined, ROUTES_MS);
  const routes = start.journal.last('routes')?.paths ?? [];
  return [...new Set(['/', ...routes])].slice(0, MOST_PATHS);
}

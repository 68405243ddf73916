/** The starts of one examination, one after another. */
import { createServer } from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { AloneRun, DownRun, HangRun, HerdRun, InterruptedRun, Observations } from './observations.js';
import { limitTo, type Limit } from './limit.js';
import type { Plan } from './plan.js';
import { TIMEOUT, type Answer } from './probe/answer.js';
import { askAlone, askLate, burst, HEALTH_PATHS, healthPaths, sendHerd } from './probe/ask.js';
import { get } from './probe/get.js';
import { quietSince, type Quiet } from './start/activity.js';
import { accepts, describeDoor, doorOf, isLoopback, servingProcesses, type Door } from './start/door.js';
import { now, Start, type Launch } from './start/start.js';

/** The examination cannot take place. `code` is the exit code. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly code: 2 | 3,
  ) {
    super(message);
  }
}

export type Progress = (text: string) => void;

/** For everything after the first port has opened, however slow. */
const TOTAL_MS = 70_000;
const MOST_PATHS = 8;
const LATE_ROUNDS = 8;
const SHORTEST_HERD_MS = 1_500;
const HANG_MS = 6_000;
const EXPLAIN_MS = 10_000;
const DOWN_MS = 8_000;
const QUIET_POLL_MS = 50;

type Bounded = Plan & { readonly limit: Limit };

/** @throws Refusal */
export async function examine(given: Plan, launch: Launch, progress: Progress): Promise<Observations> {
  const plan: Bounded = { ...given, limit: limitTo(given.limitMs + TOTAL_MS + given.down.length * DOWN_MS * 2) };
  if (plan.port !== undefined && (await accepts('127.0.0.1', plan.port))) {
    throw new Refusal(`Port ${plan.port} is already in use: only what the application opens itself is asked`, 2);
  }
  progress('start 1: undisturbed, then one request at a time');
  const alone = await startAlone(plan, launch, progress);
  const hangs = alone.door === undefined || isUnanswered(alone.first);
  if (hangs) {
    progress('start 2: which promises it waits for');
    const hang = launch.preloads === undefined ? undefined : await startForHang(plan, launch, alone.first[0]?.path);
    return { alone, herd: undefined, interrupted: undefined, down: [], hang, limitMs: plan.limitMs };
  }
  progress('start 2: with requests from the first moment');
  const herd = await startUnderHerd(plan, launch, alone);
  const interrupted = plan.ignore.has('SIGTERM-IGNORED')
    ? undefined
    : await startInterrupted(plan, launch, alone, progress);
  const down: DownRun[] = [];
  for (const { target, mode } of plan.down) {
    progress(`start with ${target} down (${mode})`);
    down.push(await startWithout(plan, launch, alone, target, mode));
  }
  return { alone, herd, interrupted, down, hang: undefined, limitMs: plan.limitMs };
}

async function startAlone(plan: Bounded, launch: Launch, progress: Progress): Promise<AloneRun> {
  const start = new Start(launch);
  const door = await waitForDoor(start, plan, plan.limit(plan.limitMs));
  if (start.failure) throw new Refusal(`The command cannot be run: ${start.failure.message}`, 2);
  await refuseProduction(start, plan);
  if (!door) return { ...(await ended(start, plan, door)), ...NOTHING_ASKED };
  if (door.socketPath === undefined && !isLoopback(door.host ?? '')) {
    await start.end(plan.graceMs);
    throw new Refusal(`It listens on ${door.host} only, and only loopback addresses are asked`, 3);
  }
  progress(`start 1: ${describeDoor(door)} is open, waiting for the start to finish`);
  const quiet = await waitForQuiet(start, plan, door);
  const root = await askAlone(door, [plan.paths[0] ?? '/'], plan.limit);
  // The routes are known after the first request.
  await start.until(() => start.journal.last('routes') !== undefined, launch.preloads === undefined ? 0 : 150);
  const routes = start.journal.last('routes')?.paths ?? [];
  const paths = plan.paths.length > 0 ? plan.paths : [...new Set(['/', ...routes])].slice(0, MOST_PATHS);
  const unanswered = isUnanswered(root);
  const first = unanswered ? root : [...root, ...(await askAlone(door, paths.slice(1), plan.limit))];
  const warm = isUnanswered(first) ? [] : await askAlone(door, paths, plan.limit);
  const health = [...new Set([...plan.health, ...(await healthPaths(door, HEALTH_PATHS, plan.limit))])];
  const ask = [...new Set([...paths, ...health])];
  if (!unanswered) await Promise.all(burst(door, ask, plan.limit));
  const afterBurst = unanswered ? [] : await askAlone(door, paths, plan.limit);
  const asked = paths.filter((path) => !health.includes(path) || plan.paths.includes(path));
  return { ...(await ended(start, plan, door)), quiet, paths: asked, health, first, warm, afterBurst };
}

const NOTHING_ASKED = { quiet: undefined, paths: [], health: [], first: [], warm: [], afterBurst: [] };

async function startUnderHerd(plan: Bounded, launch: Launch, alone: AloneRun): Promise<HerdRun> {
  const start = new Start(launch);
  const door = await waitForDoor(start, plan, plan.limit(plan.limitMs));
  if (!door) return { ...(await ended(start, plan, door)), early: [], late: [], quiet: undefined };
  const paths = [...new Set([...alone.paths, ...alone.health])];
  const herd = sendHerd(door, paths, plan.limit);
  await Promise.race([delay(SHORTEST_HERD_MS), start.until(() => false, SHORTEST_HERD_MS, QUIET_POLL_MS)]);
  const quiet = await waitForQuiet(start, plan, door, herd.answers);
  await herd.stop();
  const late = start.exit ? [] : await askLate(door, paths, LATE_ROUNDS, plan.limit);
  return { ...(await ended(start, plan, door)), early: herd.answers, late, quiet };
}

/** In the middle of what it does: between the open port and quiet, or shortly before the port opens. */
async function startInterrupted(
  plan: Bounded,
  launch: Launch,
  alone: AloneRun,
  progress: Progress,
): Promise<InterruptedRun> {
  progress('start 3: interrupted half-way by SIGTERM');
  const opened = (alone.door?.openedAt ?? alone.startedAt) - alone.startedAt;
  const finished = Math.max(opened, (alone.quiet?.lastAt ?? 0) - alone.startedAt);
  const start = new Start(launch);
  await start.until(() => false, finished - opened > 60 ? (opened + finished) / 2 : opened * 0.8);
  const afterMs = start.since(now());
  const portWasOpen = doorOf(start.journal, plan.port) !== undefined;
  return { afterMs, portWasOpen, ending: await start.end(plan.graceMs) };
}

async function startWithout(
  plan: Bounded,
  launch: Launch,
  alone: AloneRun,
  target: string,
  mode: DownRun['mode'],
): Promise<DownRun> {
  const stand = createServer((socket) => socket.on('error', () => undefined));
  stand.listen(0, '127.0.0.1');
  await once(stand, 'listening');
  const { port } = stand.address() as { port: number };
  if (mode === 'refuse') stand.close();
  const start = new Start(launch, { down: { [target]: port } });
  const limit = Math.min(plan.limitMs, DOWN_MS);
  const door = await waitForDoor(start, plan, limit);
  if (door) await start.until(() => false, Math.max(0, limit - start.since(now())), QUIET_POLL_MS);
  const answers =
    door && !start.exit ? await askLate(door, [...new Set([...alone.paths, ...alone.health])], 1, plan.limit) : [];
  const afterMs = start.since(now());
  const run = await ended(start, plan, door);
  stand.close();
  return { ...run, target, mode, afterMs, answers };
}

/** In a start of its own, because the preparation makes every promise slower. */
async function startForHang(plan: Bounded, launch: Launch, path: string | undefined): Promise<HangRun> {
  const start = new Start(launch, { awaits: true });
  const door = await waitForDoor(start, plan, Math.min(plan.limitMs, HANG_MS));
  const asked: Promise<Answer>[] = door && path !== undefined ? [get(door, path, EXPLAIN_MS)] : [];
  if (door) await start.until(() => false, HANG_MS / 2, QUIET_POLL_MS);
  start.askAwaits();
  const answer = () => start.journal.of('awaits').findLast(({ awaits, cycles }) => awaits.length + cycles.length > 0);
  const beats = () => start.journal.of('beat').length;
  const before = beats();
  const found = await start.until(answer, EXPLAIN_MS, QUIET_POLL_MS);
  const { exit } = start;
  const isBlocked = exit === undefined && before === beats();
  await start.end(500);
  await Promise.all(asked);
  const pending = start.journal.last('beat')?.pending ?? start.journal.last('exit')?.pending ?? [];
  return { exit, awaits: found ?? answer(), pending, isBlocked };
}

async function waitForDoor(start: Start, plan: Bounded, limitMs: number): Promise<Door | undefined> {
  if (plan.preload) return start.until(() => doorOf(start.journal, plan.port), limitMs);
  const port = plan.port ?? 0;
  const end = now() + limitMs;
  while (start.exit === undefined && now() < end) {
    for (const host of ['127.0.0.1', '::1']) {
      if (!(await accepts(host, port))) continue;
      return { host, port, protocol: 'http', allowsHttp1: false, openedAt: now(), server: 0, process: '' };
    }
    await delay(10);
  }
  return undefined;
}

/** Without the preload only the answers tell: the start is over when they have not changed for a while. */
async function waitForQuiet(
  start: Start,
  plan: Bounded,
  door: Door,
  answers?: readonly Answer[],
): Promise<Quiet | undefined> {
  if (!plan.preload) {
    await start.until(() => false, answers ? plan.quietMs * 5 : plan.quietMs * 3, QUIET_POLL_MS);
    return { quiet: true, lastAt: door.openedAt, site: undefined };
  }
  const serving = () => servingProcesses(start.journal);
  const isOver = () => quietSince(start.journal, serving(), now(), plan.quietMs).quiet;
  await start.until(isOver, plan.limit(plan.limitMs), QUIET_POLL_MS);
  return quietSince(start.journal, serving(), now(), plan.quietMs);
}

async function refuseProduction(start: Start, plan: Bounded): Promise<void> {
  const production = start.journal.of('start').some(({ nodeEnv }) => nodeEnv === 'production');
  if (!production || plan.allowProduction) return;
  await start.end(plan.graceMs);
  throw new Refusal('The application sets NODE_ENV=production. --yes examines it all the same', 2);
}

async function ended(start: Start, plan: Bounded, door: Door | undefined) {
  const { exit } = start;
  const ending = await start.end(plan.graceMs);
  const { startedAt, journal, output } = start;
  return { startedAt, journal, output, door, exit, ending };
}

function isUnanswered(answers: readonly Answer[]): boolean {
  return answers.length > 0 && answers.every(({ status }) => status === TIMEOUT);
}

/** What the runs of an examination have in common: waiting for the port, waiting for quiet, and the end. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Limit } from '../limit.js';
import type { Run } from '../observations.js';
import type { Plan } from '../plan.js';
import { isBusy, quietSince, type Quiet } from '../start/activity.js';
import { accepts, doorOf, servingProcesses, type Door } from '../start/door.js';
import { now, type Start } from '../start/start.js';

/** A plan whose parts share a limit. */
export type Bounded = Plan & { readonly limit: Limit };

/** How often to look, where a few milliseconds do not matter. */
export const POLL_MS = 50;
const LOOK_FOR_PORT_MS = 10;

/** Undefined when no port is opened in time. A start that still computes is slow, and gets the same time twice more. */
export async function waitForDoor(start: Start, plan: Bounded, limitMs: number): Promise<Door | undefined> {
  if (!plan.preload) return waitForPort(start, plan.port ?? 0, limitMs);
  const opened = () => doorOf(start.journal, plan.port);
  const door = await start.until(opened, limitMs);
  if (door || start.exit || !isBusy(start.journal.of('beat'), now())) return door;
  return start.until(opened, plan.limit(2 * limitMs));
}

async function waitForPort(start: Start, port: number, limitMs: number): Promise<Door | undefined> {
  const end = now() + limitMs;
  while (start.exit === undefined && now() < end) {
    for (const host of ['127.0.0.1', '::1']) {
      if (!(await accepts(host, port))) continue;
      return { host, port, protocol: 'http', allowsHttp1: false, openedAt: now(), server: 0, process: '' };
    }
    await delay(LOOK_FOR_PORT_MS);
  }
  return undefined;
}

/** Without the preload nothing says when the start is over: then it is after `blindMs`. */
export async function waitForQuiet(start: Start, plan: Bounded, door: Door, blindMs: number): Promise<Quiet> {
  if (!plan.preload) {
    await waitFor(start, blindMs);
    return { quiet: true, lastAt: door.openedAt, site: undefined };
  }
  const quiet = () => quietSince(start.journal, servingProcesses(start.journal), now(), plan.quietMs);
  await start.until(() => quiet().quiet, plan.limit(plan.limitMs), POLL_MS);
  return quiet();
}

/** Waits, unless the process ends. */
export async function waitFor(start: Start, ms: number): Promise<void> {
  await start.until(() => false, ms, POLL_MS);
}

export async function ended(start: Start, plan: Plan, door: Door | undefined): Promise<Run> {
  const { exit } = start;
  const ending = await start.end(plan.graceMs);
  const { startedAt, journal, output } = start;
  return { startedAt, journal, output, door, exit, ending };
}

/** A start that is asked what it awaits; one of its own, because the preparation makes every promise slower. */
import type { AloneRun, HangRun } from '../observations.js';
import type { Answer } from '../probe/answer.js';
import { get } from '../probe/get.js';
import { Start, type Launch } from '../start/start.js';
import { POLL_MS, waitFor, waitForDoor, type Bounded } from './run.js';

const START_MS = 6_000;
const SETTLE_MS = 3_000;
const EXPLAIN_MS = 10_000;

export async function startForHang(plan: Bounded, launch: Launch, alone: AloneRun): Promise<HangRun> {
  const start = new Start(launch, { awaits: true });
  const door = await waitForDoor(start, plan, Math.min(plan.limitMs, START_MS));
  const path = alone.first[0]?.path;
  const asked: Promise<Answer>[] = door && path !== undefined ? [get(door, path, EXPLAIN_MS)] : [];
  if (door) await waitFor(start, SETTLE_MS);
  start.askAwaits();
  const answer = () => start.journal.of('awaits').findLast(({ awaits, cycles }) => awaits.length + cycles.length > 0);
  const beats = () => start.journal.of('beat').length;
  const before = beats();
  const found = await start.until(answer, EXPLAIN_MS, POLL_MS);
  const { exit } = start;
  const isBlocked = exit === undefined && before === beats();
  await start.end(500);
  await Promise.all(asked);
  const pending = start.journal.last('beat')?.pending ?? start.journal.last('exit')?.pending ?? [];
  return { exit, awaits: found ?? answer(), pending, isBlocked };
}

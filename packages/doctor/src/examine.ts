/** The starts of one examination, one after another: each is a file in `runs`. */
import { limitTo } from './limit.js';
import type { DownRun, Observations } from './observations.js';
import type { Plan } from './plan.js';
import { isUnanswered } from './probe/answer.js';
import { Refusal } from './refusal.js';
import type { Progress } from './render/progress.js';
import { startAlone } from './runs/alone.js';
import { DOWN_MS, startWithout } from './runs/down.js';
import { startForHang } from './runs/hang.js';
import { startUnderHerd } from './runs/herd.js';
import { startInterrupted } from './runs/interrupted.js';
import type { Bounded } from './runs/run.js';
import { accepts } from './start/door.js';
import type { Launch } from './start/start.js';

/** For everything after the first port has opened, however slow. */
const TOTAL_MS = 70_000;

/** @throws Refusal */
export async function examine(given: Plan, launch: Launch, progress: Progress): Promise<Observations> {
  if (given.port !== undefined && (await accepts('127.0.0.1', given.port))) {
    throw new Refusal(`Port ${given.port} is already in use: only what the application opens itself is asked`, 2);
  }
  const plan: Bounded = { ...given, limit: limitTo(given.limitMs + TOTAL_MS + given.down.length * DOWN_MS * 2) };
  progress('start 1: undisturbed, then one request at a time');
  const alone = await startAlone(plan, launch, progress);
  const nothing = { alone, herd: undefined, interrupted: undefined, down: [], hang: undefined, limitMs: plan.limitMs };
  if (alone.door === undefined || isUnanswered(alone.first)) {
    if (!plan.preload) return nothing;
    progress('start 2: which promises it waits for');
    return { ...nothing, hang: await startForHang(plan, launch, alone) };
  }
  progress('start 2: with requests from the first moment');
  const herd = await startUnderHerd(plan, launch, alone);
  if (plan.interrupt) progress('start 3: interrupted half-way by SIGTERM');
  const interrupted = plan.interrupt ? await startInterrupted(plan, launch, alone) : undefined;
  const down: DownRun[] = [];
  for (const one of plan.down) {
    progress(`start with ${one.target} down (${one.mode})`);
    down.push(await startWithout(one, plan, launch, alone));
  }
  return { ...nothing, herd, interrupted, down };
}

/**
 * When the judge looks: soon after a suspicion, again up to the stall, and at a wait that has become old. A look stops the
 * process for a moment, so they become rare when they find nothing.
 */
import { cycleThrough } from '../cycle.js';
import { now } from '../now.js';
import { processWide } from '../process-wide.js';
import type { AnyWait, Fate } from '../wait.js';
import { deadCycles, type DeadCycle } from './dead-cycles.js';
import { proveByCollection } from './hand-over.js';
import { isHeapSmall } from './heap-limit.js';
import { look, type Look } from './look.js';
import { sentence } from './sentence.js';
import { newSuspicion, type Suspicion } from './suspicion.js';

/** After how long a suspicion is looked into, and then again after a look that found nothing; after those the stall looks. */
const GAPS_MS: readonly number[] = [20, 230, 750, 4_000];
/** After that many looks in a row that found nothing, at most this part of the time is spent on looks. */
const FREE_LOOKS = 5;
const MOST_OF_TIME = 1 / 30;
/** After that long without a look, those before are forgotten. */
const QUIET_MS = 10_000;

/** A clock may jump: what is due is planned again after that long at the latest. */
const LONGEST_SLEEP_MS = 5_000;

const suspicions = new Set<Suspicion>();
let fruitless = 0;
let lastLookEnd = -Infinity;
let notBefore = -Infinity;
let timer: ReturnType<typeof setTimeout> | undefined;
let due = Infinity;
let isLookDue = false;

/** Looks into a wait soon, if the async context says that it may depend on itself; and when it has become old. */
export function examineLater(wait: AnyWait): void {
  if (wait.isLimited || (wait.on.deadlock ?? wait.on.party.deadlock) === 'off') return;
  const cycle = wait.owners.length > 0 ? cycleThrough(wait.owners, wait) : undefined;
  if (cycle) {
    const dueAt = now() + GAPS_MS[0]!;
    suspicions.add(newSuspicion(cycle, dueAt));
    lookAt(Math.max(dueAt, notBefore));
  }
  if (wait.on.stallAfterMs !== undefined) lookAt(wait.since + wait.on.stallAfterMs);
}

/** Looks now, whatever it costs, and acts on what is found: for a flight that has stalled. */
export function examineNow(): readonly DeadCycle[] {
  const found = isHeapSmall() ? act(look()) : [];
  if (found.length > 0) {
    isLookDue = true;
    lookAt(now() + GAPS_MS[0]!);
  }
  return found;
}

/** The cycles that are dead now, told to nobody: for a process that ends. */
export const cyclesNow = (): readonly DeadCycle[] => (isHeapSmall() ? deadCycles(look()?.dead ?? []) : []);

function lookAt(time: number): void {
  if (time < due) {
    due = time;
    clearTimeout(timer);
    timer = setTimeout(onTime, Math.min(Math.max(time - now(), 1), LONGEST_SLEEP_MS));
  }
  // The first look at a suspicion is worth staying for: a process with nothing left to do may be the one that is stuck.
  if ([...suspicions].some(({ looks }) => looks === 0)) timer?.ref?.();
  else timer?.unref?.();
}

function onTime(): void {
  timer = undefined;
  due = Infinity;
  for (const suspicion of suspicions) if (suspicion.waits.some(({ isOver }) => isOver)) suspicions.delete(suspicion);
  if (now() - lastLookEnd > QUIET_MS) fruitless = 0;
  const old = [...processWide.pending].filter((wait) => !wait.isExamined && !wait.isLimited && untilOld(wait) <= 0);
  const isDue = old.length > 0 || [...suspicions].some(({ dueAt }) => dueAt <= now());
  if (isLookDue || (isDue && now() >= notBefore)) examine(old);
  plan();
}

const untilOld = ({ since, on }: AnyWait): number => since + (on.stallAfterMs ?? Infinity) - now();

function examine(old: readonly AnyWait[]): void {
  isLookDue = false;
  const began = now();
  const isSmall = isHeapSmall();
  const seen = isSmall ? look(() => old.map(({ on }) => on)) : undefined;
  const cycles = act(seen);
  for (const wait of old) tellOfAge(wait, seen, cycles);
  if (cycles.length > 0) lookAgain(seen!);
  if (!isSmall && suspicions.size > 0) void proveByCollection([...suspicions]).then(countCollected);
  lastLookEnd = now();
  fruitless = cycles.length > 0 ? 0 : fruitless + 1;
  notBefore = lastLookEnd + (fruitless > FREE_LOOKS ? (lastLookEnd - began) / MOST_OF_TIME : 0);
  for (const suspicion of suspicions) {
    // What a rejected wait let go of may free or close another cycle.
    const gap = cycles.length > 0 ? GAPS_MS[0] : GAPS_MS[++suspicion.looks];
    suspicion.dueAt = lastLookEnd + (gap ?? Infinity);
  }
}

function countCollected(proven: number): void {
  if (proven === 0) return;
  fruitless = 0;
  notBefore = -Infinity;
  plan();
}

const act = (seen: Look | undefined): readonly DeadCycle[] => sentence(deadCycles(seen?.dead ?? []));

/** What a rejected wait let go of may free or close another cycle, also of waits that are not old yet. */
function lookAgain({ dead }: Look): void {
  for (const { wait } of dead) wait.isExamined = false;
  isLookDue = true;
  lookAt(now() + GAPS_MS[0]!);
}

function tellOfAge(wait: AnyWait, seen: Look | undefined, cycles: readonly DeadCycle[]): void {
  wait.isExamined = true;
  if (wait.isOver || wait.isTold || cycles.length > 0) return;
  wait.on.stalled?.(wait, fateOf(wait, seen));
}

function fateOf(wait: AnyWait, seen: Look | undefined): Fate {
  if (!seen) return 'unknown';
  if (seen.lost.has(wait)) return seen.isReached(wait.on) ? 'lost' : 'hopeless';
  if (!seen.dead.some((dead) => dead.wait === wait)) return 'unknown';
  const held = new Set(seen.dead.flatMap(({ holdsUp }) => [...holdsUp.keys()]));
  return wait.on.until.tokens.some((token) => held.has(token)) ? 'unknown' : 'hopeless';
}

function plan(): void {
  for (const { dueAt } of suspicions) if (dueAt < Infinity) lookAt(Math.max(dueAt, notBefore));
  for (const wait of processWide.pending) {
    if (!wait.isExamined && !wait.isLimited && wait.on.stallAfterMs !== undefined) {
      lookAt(Math.max(now() + untilOld(wait), notBefore));
    }
  }
}

/** What the bootstraps of a site do. */
import type { Dice } from '../dice.js';
import type { AttemptPlan, FlightPlan, StepPlan, StopPlan, WorkPlan } from './types.js';

/** One flight after another; the last one mostly succeeds, so that most sites open in the end. */
export function planFlights(dice: Dice): FlightPlan[] {
  const troubled = dice.weighted({ 0: 5, 1: 3, 2: 2 } as const);
  const flights = dice.list(Number(troubled), () => planFlight(dice, 'troubled'));
  return [...flights, planFlight(dice, dice.chance(0.9) ? 'good' : 'troubled')];
}

/** A flight in trouble may still recover in a later attempt, if its gate makes one. */
function planFlight(dice: Dice, kind: 'good' | 'troubled'): FlightPlan {
  const good = planAttempt(dice, 'succeeds');
  if (kind === 'good') return [good];
  const trouble = (): WorkPlan['does'] => dice.weighted({ fails: 4, stalls: 2, ignores: 2 });
  const bad = dice.list(dice.between(1, 2), () => planAttempt(dice, trouble()));
  return dice.chance(0.5) ? [...bad, good] : bad;
}

function planAttempt(dice: Dice, does: WorkPlan['does']): AttemptPlan {
  const inSteps = does !== 'succeeds' && dice.chance(0.6);
  const steps = dice.list(dice.between(0, 4), () => planStep(dice, 0));
  const culprit = inSteps ? [{ ...planStep(dice, 0), work: planWork(dice, does), optional: false }] : [];
  return {
    steps: dice.chance(0.5) ? [...steps, ...culprit] : [...culprit, ...steps],
    parallel: dice.chance(0.4),
    work: planWork(dice, inSteps ? 'succeeds' : does),
    ...planStop(dice),
    detaches: dice.chance(0.1),
  };
}

/** A step that is there to succeed, though it may need retries, or be optional and fail. */
function planStep(dice: Dice, depth: number): StepPlan {
  const optional = dice.chance(0.3);
  const does = optional ? dice.weighted({ succeeds: 2, fails: 1, stalls: 1, ignores: 3 }) : 'succeeds';
  const attempts = dice.chance(0.3) ? dice.between(2, 3) : 1;
  const needsLimit = does === 'stalls' || does === 'ignores' || dice.chance(0.1);
  return {
    work: planWork(dice, does),
    failures: attempts === 1 ? 0 : dice.between(1, attempts - 1),
    attempts,
    ...(needsLimit && { timeoutMs: dice.between(5, 80) }),
    optional: optional || (needsLimit && dice.chance(0.7)),
    ...planStop(dice),
    steps: depth < 2 && dice.chance(0.25) ? dice.list(dice.between(1, 3), () => planStep(dice, depth + 1)) : [],
  };
}

function planWork(dice: Dice, does: WorkPlan['does']): WorkPlan {
  return {
    does,
    takesMs: does === 'ignores' ? dice.between(20, 250) : dice.weighted(durations) === 'none' ? 0 : dice.between(1, 60),
  };
}

const durations = { none: 1, some: 2 };

function planStop(dice: Dice): { stop?: StopPlan } {
  if (dice.chance(0.4)) return {};
  return { stop: dice.weighted({ 'at once': 4, slowly: 3, badly: 1 }) };
}

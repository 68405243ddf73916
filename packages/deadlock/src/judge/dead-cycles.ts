/** Finds the cycles among waits that nothing can end, and tells each as a verdict. */
import { adviceFor } from '../advice.js';
import { unknownPlace } from '../call-site.js';
import type { Party } from '../owner.js';
import type { Token } from '../token.js';
import type { Verdict, VerdictLink } from '../verdict.js';
import type { AnyWait } from '../wait.js';
import type { Dead } from './look.js';

export interface DeadCycle {
  readonly verdict: Verdict;
  /** Its waits; the newest is the last. */
  readonly waits: readonly AnyWait[];
  readonly parties: ReadonlySet<Party>;
  /** What each of them holds, and the one before it needs. */
  readonly tokens: readonly Token[];
}

/** A step of the search: `dead` holds `token`, which the wait of the step before needs. */
interface Step {
  readonly dead: Dead;
  readonly token: Token | undefined;
  readonly before: Step | undefined;
}

/** One cycle of those that hang together: rejecting the newest wait of it may free the others. */
export function deadCycles(dead: readonly Dead[]): DeadCycle[] {
  const holders = new Map<Token, Dead[]>();
  for (const one of dead)
    for (const token of one.holdsUp.keys()) holders.set(token, [...(holders.get(token) ?? []), one]);
  const taken = new Set<Dead>();
  const cycles: DeadCycle[] = [];
  for (const newest of [...dead].sort((a, b) => b.wait.number - a.wait.number)) {
    const steps = shortest(newest, holders, true) ?? shortest(newest, holders, false);
    if (!steps || taken.has(newest)) continue;
    cycles.push(cycleOf(steps));
    takeConnected(newest, dead, holders, taken);
  }
  return cycles;
}

/** Takes all that hold each other up, directly or not. */
function takeConnected(
  start: Dead,
  dead: readonly Dead[],
  holders: ReadonlyMap<Token, readonly Dead[]>,
  taken: Set<Dead>,
): void {
  const queue = [start];
  for (const one of queue) {
    if (taken.has(one)) continue;
    taken.add(one);
    for (const token of one.wait.on.until.tokens) queue.push(...(holders.get(token) ?? []));
    queue.push(...dead.filter(({ wait }) => wait.on.until.tokens.some((token) => one.holdsUp.has(token))));
  }
}

/** @param mainOnly whether to go by the first token of each alone: of a gate that is its bootstrap, rather than a step */
function shortest(start: Dead, holders: ReadonlyMap<Token, readonly Dead[]>, mainOnly: boolean): Step[] | undefined {
  const seen = new Set<Dead>();
  const queue: Step[] = [{ dead: start, token: undefined, before: undefined }];
  for (const step of queue) {
    const { tokens } = step.dead.wait.on.until;
    for (const token of mainOnly ? tokens.slice(0, 1) : tokens) {
      for (const dead of holders.get(token) ?? []) {
        const next = { dead, token, before: step };
        if (dead === start) return stepsTo(next);
        if (seen.has(dead)) continue;
        seen.add(dead);
        queue.push(next);
      }
    }
  }
  return undefined;
}

function stepsTo(end: Step): Step[] {
  const steps: Step[] = [];
  for (let step: Step | undefined = end; step?.token; step = step.before) steps.unshift(step);
  return steps;
}

function cycleOf(steps: readonly Step[]): DeadCycle {
  const edges = steps.map(({ dead, token }) => ({ owner: token!.label, wait: dead.wait }));
  return {
    verdict: { certainty: 'certain', cycle: steps.map(linkOf), advice: adviceFor(edges) },
    waits: steps.map(({ dead }) => dead.wait),
    tokens: steps.map(({ token }) => token!),
    parties: new Set(steps.flatMap(({ dead, token }) => partiesOf(dead.wait, token!))),
  };
}

const partiesOf = ({ on, owners }: AnyWait, { party }: Token): Party[] =>
  [on.party, party, ...owners.map((owner) => owner.party)].filter((party) => party !== undefined);

function linkOf({ dead, token }: Step): VerdictLink {
  const { wait, awaitedAt } = dead;
  const heldAt = known(token!.at?.(), dead.holdsUp.get(token!));
  const at = known(wait.at, awaitedAt) ?? wait.at;
  return {
    owner: token!.label,
    waitsFor: wait.on.label,
    since: wait.since,
    at,
    ...(heldAt !== undefined && { heldAt }),
  };
}

const known = (place: string | undefined, instead: string | undefined): string | undefined =>
  place === unknownPlace() ? (instead ?? place) : place;

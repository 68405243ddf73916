import type { GateReport } from '../kit/report-types.js';
import { headline, stepText } from './sentences.js';
import { duration } from './text.js';
import { readTimeline, type Span, type TimedAttempt, type TimedStep } from './timeline.js';

/**
 * The steps that the start waited for, one after another, as a tree with the last one on top: `@` is when a step began,
 * `+` how long it took. Modelled on `systemd-analyze critical-chain`. A step hangs on the one of its `needs` that ended
 * last; without `needs`, on the step whose end came last before it began, which is a guess. Steps that a step started
 * itself come right after it.
 *
 * @throws a TypeError for what is no report
 */
export function criticalChain(report: GateReport): string {
  const timeline = readTimeline('criticalChain', report);
  const attempts = [...timeline.attempts].reverse();
  const links = attempts.flatMap((attempt) => {
    const own = attempts.length > 1 ? [`attempt ${attempt.number} ${times(attempt)}`] : [];
    return [...own, ...chainOf(attempt).map(linkText)];
  });
  return [headline(timeline), ...links.map((link, depth) => `${'  '.repeat(depth)}└─${link}`), ''].join('\n');
}

/** From the step that held up the end back to the one that began it. After a step come those that it started and waited for. */
export function chainOf({ steps, error }: TimedAttempt): TimedStep[] {
  const family = new Family(steps);
  const chain: TimedStep[] = [];
  let next = lastOf(family.childrenOf(undefined), error);
  while (next) {
    chain.push(next);
    next = lastOf(family.childrenOf(next), next.error) ?? beforeOrAround(next, family);
  }
  return chain;
}

/** Who started whom. */
class Family {
  readonly #parents = new Map<TimedStep, TimedStep | undefined>();
  readonly #children = new Map<TimedStep | undefined, TimedStep[]>();

  /** Steps are in the order of their begin, so a parent stands before its children. */
  constructor(steps: readonly TimedStep[]) {
    const known = new Map<string, TimedStep>();
    for (const step of steps) {
      const parent = step.parent === undefined ? undefined : known.get(step.parent);
      known.set(step.name, step);
      this.#parents.set(step, parent);
      const siblings = this.#children.get(parent);
      if (siblings) siblings.push(step);
      else this.#children.set(parent, [step]);
    }
  }

  parentOf(step: TimedStep): TimedStep | undefined {
    return this.#parents.get(step);
  }

  childrenOf(parent: TimedStep | undefined): readonly TimedStep[] {
    return this.#children.get(parent) ?? [];
  }
}

/** What let a step begin; where it was the first one in its parent, what let that begin. */
function beforeOrAround(step: TimedStep, family: Family): TimedStep | undefined {
  for (let at: TimedStep | undefined = step; at; at = family.parentOf(at)) {
    const found = before(at, family.childrenOf(family.parentOf(at)));
    if (found) return found;
  }
  return undefined;
}

/** What runs and does not wait for another running step, and began first; else what failed; else what ended last. */
function lastOf(steps: readonly TimedStep[], error: string | undefined): TimedStep | undefined {
  const running = steps.filter(({ state }) => state === 'running');
  const names = new Set(running.map(({ name }) => name));
  const isHeldUp = ({ waitsFor }: TimedStep): boolean =>
    waitsFor.some(({ kind, name }) => kind === 'step' && names.has(name));
  const culprit = steps.findLast((step) => step.state === 'failed' && step.error === error);
  return running.find((step) => !isHeldUp(step)) ?? running[0] ?? culprit ?? endedLast(steps);
}

/** Steps are in the order of their begin, so what let a step begin stands before it. */
function before(step: TimedStep, steps: readonly TimedStep[]): TimedStep | undefined {
  const earlier = steps.slice(0, steps.indexOf(step));
  const needed = earlier.filter(({ name }) => step.needs.includes(name));
  return endedLast(
    needed.length > 0 ? needed : earlier.filter(({ state, to }) => state !== 'running' && to <= step.from),
  );
}

function endedLast(steps: readonly TimedStep[]): TimedStep | undefined {
  return steps.reduce<TimedStep | undefined>((last, step) => (last && last.to > step.to ? last : step), undefined);
}

const linkText = (step: TimedStep): string =>
  stepText(step.parent === undefined ? step : { ...step, name: `${step.name} (in ${step.parent})` }, times(step));

const times = ({ from, to }: Span): string => `@${duration(from)} +${duration(to - from)}`;

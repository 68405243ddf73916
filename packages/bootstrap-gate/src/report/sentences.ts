/** What tables, pictures and the terminal say in the same words. */
import type { TimedStep, Timeline } from './timeline.js';
import { duration } from './text.js';

/** A mark for each outcome; none of them is an emoji, which terminals disagree about. */
export const marks = { running: '▸', done: '✓', failed: '✗', aborted: '–' } as const;

/** Such as: shop: ready · its bootstrap took 4.21 s, in 2 attempts */
export const headline = (timeline: Timeline): string => `${timeline.gate}: ${outcomeOf(timeline)}`;

export function outcomeOf({ state, durationMs, attempts }: Timeline): string {
  const last = attempts.at(-1);
  if (!last) return `${state} · there was no flight yet`;
  const error = last.error === undefined ? '' : `: ${last.error}`;
  const verb = { running: 'has been running for', done: 'took', failed: 'failed after', aborted: 'was aborted after' };
  if (state === 'booting' && last.state !== 'running') {
    return `${state} · attempt ${last.number} ${verb[last.state]} ${duration(last.to - last.from)}${error}`;
  }
  const tries = last.number > 1 ? `, in ${last.number} attempts` : '';
  return `${state} · its bootstrap ${verb[last.state]} ${duration(durationMs)}${tries}${error}`;
}

/** Such as: ✓ migrations 3.90 s, 1.20 s of it waiting */
export const stepText = (step: TimedStep, times = duration(step.to - step.from)): string =>
  [`${marks[step.state]} ${step.name} ${times}${waitingText(step)}`, remark(step)].filter(Boolean).join(' · ');

/** Not beside what it waits for now, which says it better. */
const waitingText = ({ waitingMs, waitsFor }: TimedStep): string =>
  waitingMs > 0 && waitsFor.length === 0 ? `, ${duration(waitingMs)} of it waiting` : '';

/** What there is to say of a step beside its times, or nothing. */
export function remark(step: TimedStep): string | undefined {
  const { state, attempts } = step;
  const tries = attempts > 1 ? `${attempts} attempts` : undefined;
  if (state === 'failed') return `failed${tries ? ` after ${tries}` : ''}: ${step.error}`;
  if (state === 'aborted') return 'aborted';
  if (state === 'done') return tries;
  const waits = step.waitsFor.length > 0 ? waitsText(step) : undefined;
  // What it waits for outside tells how far that is, and its own progress says the same.
  const progress = step.waitsFor.some(({ text }) => text !== undefined) ? undefined : step.progress;
  return [tries && `attempt ${attempts}`, progress, waits].filter(Boolean).join(', ') || undefined;
}

/** Such as: waits for gate "stock" (9.80 s so far), or for replica "web-2" (9.80 s so far; attempt 2, 41 %: web-1 died) */
export function waitsText({ waitsFor, to }: TimedStep): string {
  if (waitsFor.length === 0) return 'waits for nothing that the gate knows of';
  const waits = waitsFor.map(
    ({ kind, name, since, text }) => `${kind} "${name}" (${duration(to - since)} so far${text ? `; ${text}` : ''})`,
  );
  return `waits for ${waits.join(' and ')}`;
}

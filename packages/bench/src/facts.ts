/** Facts in words. */
import type { Answer } from './herd.js';

const number = (value: number): string => value.toLocaleString('en');

export const runsOf = (runs: number): string => `${number(runs)} ${runs === 1 ? 'run' : 'runs'}`;

/** Such as `40 × 200, 9 × 503, 1 without an answer`. */
export function countByStatus(answers: readonly Answer[], expected: number): string {
  const statuses = [...new Set(answers.map(({ status }) => status))].sort();
  const counts = statuses.map(
    (status) => `${number(answers.filter((one) => one.status === status).length)} × ${status}`,
  );
  const missing = expected - answers.length;
  return [...counts, ...(missing > 0 ? [`${number(missing)} without an answer`] : [])].join(', ');
}

/** Status, and the code where the gate says one. */
export function answerOf({ status, text }: Answer): string {
  return [status, /ERR_GATE_\w+/.exec(text)?.[0]].filter(Boolean).join(' ');
}

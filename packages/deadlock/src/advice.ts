/** What to do about a cycle: one line, by what it goes through. */
import type { Wait } from './owner.js';

interface Edge {
  readonly owner: string;
  readonly wait: Wait;
}

export function adviceFor(edges: readonly Edge[]): string {
  const mutexes = new Set(edges.map(({ wait }) => wait.on).filter(({ kind }) => kind === 'mutex'));
  const labels = [...mutexes].map(({ label }) => label);
  const ofResource = [...edges].reverse().find(({ wait }) => wait.on.advice);
  if (ofResource?.wait.on.advice) return ofResource.wait.on.advice(ofResource.owner, labels);
  if (labels.length === 0)
    return 'Each needs the result of the next: let one of them go on without it, or make them one.';
  return labels.length === 1 ? nestedAdvice(labels.join()) : orderAdvice(labels);
}

const nestedAdvice = (label: string): string =>
  `Whoever holds ${label} cannot take it again. Take it once, outside, and call inside what expects it to be held; ` +
  `start work that nobody awaits with detach().`;

export const orderAdvice = (labels: readonly string[]): string =>
  `Take ${inWords(labels)} in the same order everywhere, or let go of one before taking the next.`;

/** Such as: a, b and c. */
export const inWords = (words: readonly string[]): string =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

import { warnOfCallback } from './callback-warning.js';
import type { Exemption } from './admission-options.js';
import type { RequestFacts } from './facts.js';

/** The request target up to its query, as received: nothing is decoded, joined or cut. */
export function pathOf(target: string): string {
  const query = target.indexOf('?');
  return query < 0 ? target : target.slice(0, query);
}

/** Makes the question "does this request pass without waiting?". */
export function exemptions(gate: string, exempt: readonly Exemption<never>[]): (facts: RequestFacts) => boolean {
  if (exempt.length === 0) return () => false;
  const paths = new Set<unknown>(exempt); // the predicates among them equal no path
  const predicates = exempt.filter((entry) => typeof entry === 'function');
  return ({ target, raw }) =>
    paths.has(pathOf(target)) || predicates.some((predicate) => accepts(gate, predicate, raw));
}

/** Only a plain answer exempts. A promise is true as a value, and would let everything pass. */
function accepts(gate: string, predicate: (request: never) => unknown, raw: unknown): boolean {
  try {
    const answer = predicate(raw as never);
    if (!isThenable(answer)) return Boolean(answer);
    answer.then(undefined, () => {}); // reported below
    warnOfCallback(predicate, `An exempt function of gate "${gate}" returned a promise; it must answer at once`);
  } catch (error) {
    warnOfCallback(predicate, `An exempt function of gate "${gate}" threw`, error);
  }
  return false;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === 'function';
}

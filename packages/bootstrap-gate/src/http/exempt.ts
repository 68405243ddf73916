import type { IncomingMessage } from 'node:http';
import { warnOfCallback } from './callback-warning.js';
import type { Exemption } from './admission-options.js';

/** The request target up to its query, as received: nothing is decoded, joined or cut. */
export function pathOf(target: string): string {
  const query = target.indexOf('?');
  return query < 0 ? target : target.slice(0, query);
}

/** Makes the question "does this request pass without waiting?". */
export function exemptions(
  gate: string,
  exempt: readonly Exemption[],
): (req: IncomingMessage, target: string) => boolean {
  const paths = new Set(exempt); // the predicates among them equal no path
  const predicates = exempt.filter((entry) => typeof entry === 'function');
  return (req, target) => paths.has(pathOf(target)) || predicates.some((predicate) => accepts(gate, predicate, req));
}

/** Only a plain answer exempts. A promise is true as a value, and would let everybody pass. */
function accepts(gate: string, predicate: (req: IncomingMessage) => unknown, req: IncomingMessage): boolean {
  try {
    const answer = predicate(req);
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

/** What is awaited, as findings: cycles, promises that nothing can settle, and what may still come. */
import type { AwaitFrame, PendingAwait } from '@bootstrap-gate/deadlock';
import type { Finding } from '../finding.js';
import type { Awaits, Place } from '../journal-entry.js';
import { placeText } from '../text.js';

const SHOWN = 3;

/** DEADLOCK and NEVER-SETTLES, where they are certain. */
export function certainCauses({ awaits, cycles }: Awaits): Finding[] {
  const certain = cycles.filter(({ isCertain }) => isCertain).map(({ frames }) => own(frames));
  const cycle = certain.find((places) => places.length > 1);
  if (cycle) {
    const title = `${cycle.length} functions wait for each other, each at its await.`;
    return [{ code: 'DEADLOCK', level: 'error', title, details: [], places: cycle }];
  }
  const base = { code: 'NEVER-SETTLES', level: 'error' } as const;
  const itself = certain.find((places) => places.length === 1);
  if (itself) {
    const title = 'The start awaits something that only the code behind that await could settle.';
    return [{ ...base, title, details: [], places: itself }];
  }
  const [dead, ...more] = awaits.filter((one) => isDead(one) && own(one.stack).length > 0);
  if (!dead) return [];
  const title =
    dead.kind === 'suspended'
      ? 'The start awaits a promise that only code could settle which is itself waiting.'
      : 'The start awaits a promise that nothing can settle any more.';
  const details = more
    .slice(0, SHOWN - 1)
    .map(({ stack }) => `likewise at ${own(stack).slice(0, 1).map(placeText).join('')}`);
  return [{ ...base, title, details, places: own(dead.stack) }];
}

/** What alive code could still settle, in words. */
export function hopes({ awaits }: Awaits): string[] {
  return awaits
    .filter((one) => !isDead(one) && own(one.stack).length > 0)
    .slice(0, SHOWN)
    .map(({ waitsFor }) => waitsFor.replace(/[^\s(]*node_modules[\\/]/g, ''));
}

/** The application's innermost await of each stack. */
export function awaitingPlaces({ awaits }: Awaits): Place[] {
  return awaits.flatMap(({ stack }) => own(stack).slice(0, 1)).slice(0, SHOWN);
}

function isDead({ kind, waitsFor }: PendingAwait): boolean {
  return kind === 'suspended' || (kind === 'unknown' && !waitsFor.endsWith('of Node.js'));
}

function own(frames: readonly AwaitFrame[]): Place[] {
  return frames.flatMap(({ at, fn, isLibrary }) => {
    const [, file, line, column] = /^(.*?):(\d+)(?::(\d+))?$/.exec(at) ?? [];
    return isLibrary || file === undefined ? [] : [{ file, line: Number(line), column: Number(column ?? 1), fn }];
  });
}

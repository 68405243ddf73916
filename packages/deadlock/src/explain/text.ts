/** An explanation for a terminal: the culprit first, at most about a screen. */
import type { AwaitCycle, AwaitFrame, Explanation, PendingAwait } from './explain.js';

export interface TextOptions {
  /** How many stacks are shown; default 6. */
  readonly maxStacks?: number;
  /** How many functions of a stack are shown; default 8. */
  readonly maxFrames?: number;
}

/** What there is to tell. */
export type Found = Omit<Explanation, 'text' | 'tookMs'>;

/** Text of what `explain()` found. Empty where nothing is awaited. */
export function explanationText(
  { unavailable, awaits, cycles }: Found,
  { maxStacks = 6, maxFrames = 8 }: TextOptions = {},
): string {
  if (unavailable !== undefined) return `What is awaited is not known: ${unavailable}.`;
  const outside = awaits.map((pending) => afterCycle(pending, cycles)).filter((pending) => pending !== undefined);
  const apps = outside.filter(({ of, stack }) => of !== undefined || stack.some(({ isLibrary }) => !isLibrary));
  const told = apps.length > 0 ? apps : outside;
  const shown = told.slice(0, maxStacks);
  const rest = outside.slice(shown.length).reduce((sum, { count }) => sum + count, 0);
  return [
    ...cycles.map(cycleText),
    ...shown.map((pending) => awaitText(pending, maxFrames)),
    ...(rest > 0 ? [`${rest} more ${rest === 1 ? 'wait is' : 'waits are'} not shown.`] : []),
  ].join('\n');
}

function cycleText({ frames, isCertain }: AwaitCycle): string {
  const lines = frames.map((frame, index) => `${index === 0 ? '┌→' : '├→'} ${frameText(frame)}`);
  const head = isCertain
    ? 'A cycle of awaits that cannot end; each waits for the next:'
    : 'A cycle of awaits; each waits for the next:';
  return [head, ...lines, '└─ which waits for the first'].join('\n');
}

/** What awaits a cycle from outside; the cycle itself is shown already. */
function afterCycle(pending: PendingAwait, cycles: readonly AwaitCycle[]): PendingAwait | undefined {
  if (pending.kind !== 'cycle') return pending;
  const members = new Set(cycles.flatMap(({ frames }) => frames.map(({ at }) => at)));
  const stack = pending.stack.filter(({ at }) => !members.has(at));
  return stack.length > 0 || pending.of !== undefined ? { ...pending, stack, waitsFor: 'that cycle' } : undefined;
}

function awaitText({ of, waitsFor, kind, stack, count }: PendingAwait, maxFrames: number): string {
  const times = count > 1 ? `${count} × ` : '';
  const [first, ...outer] = stack;
  if (!first) return `${times}${of} waits for ${reason(kind, waitsFor)}`;
  const lines = outer
    .slice(0, maxFrames - 1)
    .map((frame, index) => `    awaited ${via(stack[index])}by ${frameText(frame)}`);
  if (outer.length > lines.length) lines.push(`    and ${outer.length - lines.length} more`);
  if (of !== undefined) lines.push(`    awaited ${via(stack.at(-1))}by ${of}`);
  return [`${times}${frameText(first)} waits for ${reason(kind, waitsFor)}`, ...lines].join('\n');
}

const via = (frame: AwaitFrame | undefined): string => (frame?.via ? `in ${frame.via} ` : '');

const reason = (kind: PendingAwait['kind'], waitsFor: string): string =>
  kind === 'settler' ? `a promise whose resolve function is held by: ${waitsFor}` : waitsFor;

function frameText({ fn, at, kind, isExact }: AwaitFrame): string {
  const name = fn || (kind === 'then' ? 'then callback' : 'async function');
  return `${name} (${isExact ? '' : 'which begins at '}${at})`;
}

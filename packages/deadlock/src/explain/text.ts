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

function cycleText({ kind, frames, isCertain }: AwaitCycle): string {
  if (kind === 'group') {
    const those = counted(frames.map(frameText)).map((text) => `   ${text}`);
    return ['Only suspended functions could continue these, so none of them ever runs again:', ...those].join('\n');
  }
  const lines = frames.map((frame, index) => `${index === 0 ? '┌→' : '├→'} ${frameText(frame)}`);
  const head = isCertain ? 'A cycle of awaits that cannot end' : 'A cycle of awaits';
  return [`${head}; each waits for the next:`, ...lines, '└─ which waits for the first'].join('\n');
}

function counted(lines: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return [...counts].map(([line, count]) => (count > 1 ? `${count} × ${line}` : line));
}

/** What awaits a cycle from outside; the cycle itself is shown already. */
function afterCycle(pending: PendingAwait, cycles: readonly AwaitCycle[]): PendingAwait | undefined {
  if (pending.kind !== 'cycle') return pending;
  const members = new Set(cycles.flatMap(({ frames }) => frames.map(({ at }) => at)));
  const stack = pending.stack.filter(({ at }) => !members.has(at));
  return stack.length > 0 || pending.of !== undefined ? { ...pending, stack, waitsFor: 'that cycle' } : undefined;
}

function awaitText({ of, waitsFor, stack, count }: PendingAwait, maxFrames: number): string {
  const times = count > 1 ? `${count} × ` : '';
  const [first, ...outer] = stack;
  if (!first) return `${times}${of} waits for ${waitsFor}`;
  const lines = outer.map((frame, index) => `    awaited ${via(stack[index])}by ${frameText(frame)}`);
  const shown = short(outer, maxFrames).map((index) => (index === undefined ? '    …' : (lines[index] as string)));
  if (of !== undefined) shown.push(`    awaited ${via(stack.at(-1))}by ${of}`);
  return [`${times}${frameText(first)} waits for ${waitsFor}`, ...shown].join('\n');
}

/** The indexes of the functions to show, undefined for those left out: of libraries' functions the first ones. */
function short(frames: readonly AwaitFrame[], max: number): (number | undefined)[] {
  const shown: (number | undefined)[] = [];
  for (const [index, { isLibrary }] of frames.entries()) {
    const isWanted = shown.length < max && (!isLibrary || index < MAX_LIBRARY);
    if (isWanted) shown.push(index);
    else if (shown.at(-1) !== undefined || shown.length === 0) shown.push(undefined);
  }
  return shown;
}

/** Functions of libraries that are shown at the inner end of a stack. */
const MAX_LIBRARY = 2;

const via = (frame: AwaitFrame | undefined): string => (frame?.via ? `in ${frame.via} ` : '');

function frameText({ fn, at, kind, isExact }: AwaitFrame): string {
  const name = fn || (kind === 'then' ? 'then callback' : 'async function');
  return `${name} (${isExact ? '' : 'which begins at '}${at})`;
}

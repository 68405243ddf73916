/** What was found in a heap, as plain data for the caller. */
import type { Chain, Leaf, Step, World } from './chains.js';
import type { FrameCycle } from './cycles.js';
import type { AwaitCycle, AwaitFrame, PendingAwait } from './explain.js';
import type { Functions } from './functions.js';
import type { Labels } from './labels.js';

/** How many stacks are worth the time for exact lines. */
const MAX_LOCATED = 8;

/** The most telling ones first: cycles, the innermost line of the application in each stack, and then the rest. */
export function locate(cycles: readonly FrameCycle[], chains: readonly Chain[], { functions }: World): void {
  for (const { frames } of cycles) for (const frame of frames) functions.locate(frame);
  const stacks = chains
    .map(({ steps }) => steps.filter(({ kind, place }) => kind === 'await' && isShown(place)))
    .sort((one, other) => Number(isApp(other)) - Number(isApp(one)))
    .slice(0, MAX_LOCATED);
  for (const steps of stacks) {
    const innermost = steps.find(({ place }) => place.origin === 'app') ?? steps[0];
    if (innermost) functions.locate(innermost.node);
  }
  for (const steps of stacks) for (const { node } of steps) functions.locate(node);
}

const isApp = (steps: readonly Step[]): boolean => steps.some(({ place }) => place.origin === 'app');

export function merge(chains: readonly Chain[], { functions }: World, labels: Labels): PendingAwait[] {
  const merged = new Map<string, { pending: PendingAwait; via: Chain['via']; reasons: Set<string> }>();
  for (const chain of chains) {
    const stack = chain.steps
      .filter(({ place }) => isShown(place))
      .map(({ node, place, kind, via }) => frameOf(kind === 'await' ? functions.frame(node) : place, kind, via));
    const of = chain.outermost === undefined ? undefined : labels.nameOf(chain.outermost);
    if (stack.length === 0 && of === undefined) continue;
    const reason = leafText(chain, labels);
    // The arms of a race or of `Promise.all` have one stack, and are told together.
    const key = JSON.stringify([of, stack, chain.steps[0]?.node]);
    const known = merged.get(key);
    if (known) known.reasons.add(reason);
    else {
      const pending = { ...(of !== undefined && { of }), waitsFor: '', kind: kindOf(chain.leaf), stack, count: 1 };
      merged.set(key, { pending, via: chain.via, reasons: new Set([reason]) });
    }
  }
  const counted = new Map<string, PendingAwait>();
  for (const { pending, via, reasons } of merged.values()) {
    const waitsFor = `${via && reasons.size > 1 ? `${via} of ` : ''}${[...reasons].join('; and ')}`;
    const key = JSON.stringify([pending, waitsFor]);
    counted.set(key, { ...pending, waitsFor, count: (counted.get(key)?.count ?? 0) + 1 });
  }
  return [...counted.values()].sort((one, other) => rank(one) - rank(other));
}

/** Named ones first, then those of the application, those of libraries alone last. */
const rank = ({ of, stack }: PendingAwait): number =>
  of !== undefined ? 0 : stack.some(({ isLibrary }) => !isLibrary) ? 1 : 2;

const isShown = ({ origin }: Step['place']): boolean => origin === 'app' || origin === 'library';

function frameOf({ fn, at, origin, isExact }: Step['place'], kind: Step['kind'], via?: Step['via']): AwaitFrame {
  return { fn, at, isExact, kind, isLibrary: origin === 'library', ...(via && { via }) };
}

function kindOf(leaf: Leaf): PendingAwait['kind'] {
  if (leaf.kind === 'settler') return leaf.settler.isSuspended ? 'suspended' : 'settler';
  return leaf.kind === 'known' ? 'named' : leaf.kind;
}

function leafText({ leaf, steps }: Chain, labels: Labels): string {
  switch (leaf.kind) {
    case 'settler':
      return `a promise that can be resolved by ${leaf.settler.path.join(' ← ') || 'something outside JavaScript'}`;
    case 'cycle':
      return 'itself';
    case 'known':
      return labels.nameOf(leaf.promise) ?? '';
    case 'unknown': {
      const shown = steps.findIndex(({ place }) => isShown(place));
      const api = steps
        .slice(0, Math.max(shown, 0))
        .findLast(({ place }) => place.origin === 'node' && place.fn !== '');
      return api ? `${api.place.fn}() of Node.js` : 'a promise that no JavaScript can resolve any more';
    }
  }
}

export function cyclesShown(cycles: readonly FrameCycle[], functions: Functions): AwaitCycle[] {
  return cycles
    .map(({ kind, frames, isCertain }) => ({
      kind,
      frames: frames
        .map((node) => functions.frame(node))
        .filter(isShown)
        .map((place) => frameOf(place, 'await')),
      isCertain,
    }))
    .filter(({ frames }) => frames.length > 0);
}

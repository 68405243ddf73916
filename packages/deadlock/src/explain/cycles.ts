/** Suspended functions that wait for each other. */
import type { Chain, World } from './chains.js';
import type { Promises } from './promises.js';

export interface FrameCycle {
  /** `cycle`: each awaits the next. `group`: each waits for something that only suspended functions have. */
  readonly kind: 'cycle' | 'group';
  readonly frames: readonly number[];
  /** Whether nothing outside could continue any of them, such as another arm of a race. */
  readonly isCertain: boolean;
}

export function findCycles(world: World, chains: readonly Chain[]): FrameCycle[] {
  const { promises, reachable } = world;
  const cycles: FrameCycle[] = [];
  const done = new Set<number>();

  const search = (frame: number, path: readonly number[]): void => {
    const from = path.indexOf(frame);
    if (from >= 0) {
      const frames = path.slice(from);
      cycles.push({ kind: 'cycle', frames, isCertain: frames.every((member) => !reachable.has(member)) });
    }
    if (done.has(frame)) return;
    done.add(frame);
    for (const next of framesBefore(frame, world)) search(next, [...path, frame]);
  };
  for (const frame of promises.awaits.keys()) search(frame, []);

  const known = new Set(cycles.flatMap(({ frames }) => frames));
  const group = new Set(chains.flatMap((chain) => lockedUp(chain, known)));
  return group.size > 0 ? [...cycles, { kind: 'group', frames: [...group], isCertain: true }] : cycles;
}

/** The innermost shown function of a stack that waits for what only suspended functions have. */
function lockedUp({ leaf, steps }: Chain, known: ReadonlySet<number>): number[] {
  if (leaf.kind !== 'settler' || !leaf.settler.isSuspended) return [];
  const step = steps.find(
    ({ kind, place }) => kind === 'await' && (place.origin === 'app' || place.origin === 'library'),
  );
  return step && !known.has(step.node) ? [step.node] : [];
}

/** The suspended functions of which one at least has to run before this one can. */
function framesBefore(frame: number, { promises, holdings }: World): Set<number> {
  const frames = new Set<number>();
  const seen = new Set<number>();
  const queue = [...(promises.awaits.get(frame) ?? [])];
  for (const promise of queue) {
    if (seen.has(promise)) continue;
    seen.add(promise);
    const before = promises.frameOf.get(promise);
    if (before !== undefined) frames.add(before);
    else queue.push(...promisesBefore(promise, promises, holdings));
  }
  return frames;
}

function promisesBefore(promise: number, { sources }: Promises, holdings: World['holdings']): number[] {
  const those = sources.get(promise);
  if (those) return those.map((source) => source.promise);
  const behind = holdings(promise)?.behind;
  return behind === undefined ? [] : [behind];
}

/**
 * Finds promises that nothing can settle: still pending, and collected as garbage although something awaited them. Slow,
 * so only in a start that is known to hang or to end.
 */
import { executionAsyncId } from 'node:async_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { PendingPromise } from '../journal-entry.js';
import { captureStack, framesOf, placeOf } from './call-site.js';
import { currentContext } from './context.js';

export interface Promises {
  made(id: number, trigger: number): void;
  settled(id: number): void;
  collected(id: number): void;
  /** `collect`: collects garbage first; what that finds is known at the next call on some versions of Node. */
  pending(collect: boolean): PendingPromise[];
}

interface Made extends Omit<PendingPromise, 'collected'> {
  collected: boolean;
}

const MOST = 20_000;
const SHOWN = 400;

export function trackPromises(): Promises {
  const promises = new Map<number, Made>();
  const bodies = new Map<string, number>();
  const owners = new Map<number, number>();
  let collectGarbage: (() => void) | undefined;

  return {
    made(id, trigger) {
      if (promises.size >= MOST || currentContext() !== 0) return;
      const frames = framesOf(captureStack());
      const kind = kindOf(frames);
      const owner = kind === 'async' ? ownerOf(id, trigger, frames[0] ?? '') : undefined;
      const own = frames.filter((frame) => !frame.includes('node_modules')).map(placeOf);
      const places = own.filter((place) => place !== undefined).slice(0, 3);
      promises.set(id, { id, trigger, owner, kind, own: places, collected: false });
    },
    settled: (id) => void promises.delete(id),
    collected(id) {
      const promise = promises.get(id);
      if (promise) promise.collected = true;
    },
    pending(collect) {
      if (collect) collectNow();
      return [...promises.values()].slice(0, SHOWN).map((promise) => ({ ...promise }));
    },
  };

  /**
   * The promise of the async function that awaits. A function's own promise is made when its body begins, with the
   * running resource as trigger; the promises of its awaits are made in the same function, with what they wait for as
   * trigger, in the first stretch of the body or in a continuation that an earlier await's promise runs.
   */
  function ownerOf(id: number, trigger: number, frame: string): number | undefined {
    const running = executionAsyncId();
    const place = placeOf(frame);
    const body = `${running} ${place?.fn ?? ''} ${place?.file ?? ''}`;
    if (trigger === running) {
      bodies.set(body, id);
      forgetOldest(bodies);
      return undefined;
    }
    const owner = bodies.get(body) ?? owners.get(running);
    if (owner !== undefined) owners.set(id, owner);
    forgetOldest(owners);
    return owner;
  }

  function collectNow(): void {
    try {
      if (!collectGarbage) {
        setFlagsFromString('--expose-gc');
        collectGarbage = runInNewContext('gc') as () => void;
      }
      collectGarbage();
    } catch {
      // No proof then; what is pending is shown all the same.
    }
  }
}

function kindOf(frames: readonly string[]): PendingPromise['kind'] {
  const [first = '', second = ''] = frames;
  if (/^new Promise/.test(first)) return /^(?:Function|Promise)\.(?:race|any)/.test(second) ? 'race' : 'new';
  if (/^(?:async )?(?:Function|Promise)\.(?:race|any)/.test(first)) return 'race';
  return /^(?:async )?(?:Function|Promise)\./.test(first) ? 'combined' : 'async';
}

function forgetOldest(map: Map<unknown, unknown>): void {
  if (map.size > MOST) map.delete(map.keys().next().value);
}

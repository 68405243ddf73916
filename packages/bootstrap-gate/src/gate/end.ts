/** How a gate ends, for now by a reset or for good by a close. */
import {
  currentScope,
  ownersOf,
  type Place,
  type ProvableResource,
  ProvableWait,
  warn,
} from '@bootstrap-gate/deadlock/adapter';
import type { GateCore } from './gate-core.js';
import type { Phase } from './phase.js';
import { duration } from '../kit/check-options.js';
import { WatchedPromise } from '../kit/watched-promise.js';
import { warnAtExit } from '../observe/exit-warning.js';

/** Denies all who wait, aborts the flight and rolls it back; afterwards the gate is idle, and begins again if callers wait. */
export function resetGate<T>(core: GateCore<T>): Promise<void> {
  const { phase } = core;
  if (phase.state === 'closed') return phase.closing;
  if ('resetting' in phase) return phase.resetting;
  if (!core.hasBootstrap || phase.state === 'idle') {
    return core.leave({ state: 'idle' });
  }
  const toIdle = (): void => {
    core.become({ state: 'idle' });
    if (core.queue.size > 0) core.start();
  };
  return windDown(core, (resetting) => ({ state: 'failed', resetting }), toIdle);
}

/** The same for good. */
export function closeGate<T>(core: GateCore<T>): Promise<void> {
  const { phase } = core;
  return phase.state === 'closed' ? phase.closing : windDown(core, (closing) => ({ state: 'closed', closing }));
}

export const closeRules = { timeoutMs: duration(Infinity) };

/**
 * The end of a close, or of its time limit, whichever is first. What still runs then is named in a warning, and continues;
 * the gate is closed all the same.
 */
export function closedWithin(core: GateCore, closing: Promise<void>, timeoutMs: number): Promise<void> {
  if (timeoutMs === Infinity) return closing;
  return new Promise((resolve) => {
    const cancel = core.clock.after(timeoutMs, () => {
      const text = `Gate "${core.name}" has not finished closing within ${timeoutMs} ms. ${core.startup.pending}`;
      warn('GATE_UNFINISHED', text);
      resolve();
    });
    void closing.then(() => {
      cancel();
      resolve();
    });
  });
}

/** Denies all, and ends what opens the gate; `then` follows unless something else came. */
function windDown<T>(
  core: GateCore<T>,
  phaseUntil: (done: Promise<void>) => Phase<T>,
  then = (): void => {},
): Promise<void> {
  let finish!: () => void;
  const done = new Promise<void>((resolve) => (finish = resolve));
  const phase = phaseUntil(done);
  const denied = core.leave(phase);
  const isDone = warnAtExit(() => unfinishedText(core));
  void Promise.all([core.startup.end(core.leftError()), denied]).then(() => {
    isDone();
    if (core.phase === phase) then();
    finish();
  });
  return done;
}

function unfinishedText<T>({ name, state, startup }: GateCore<T>): string {
  return `The process ends before gate "${name}" is ${state === 'closed' ? 'closed' : 'reset'}. ${startup.pending}`;
}

/**
 * The end of a gate, for code that may await it or not. Code that awaits it holds up others until then, and is refused once it
 * is proven that the gate cannot end before that code does; code that does not await it, does not.
 *
 * @param at the place of the call in the user's code
 */
export function waitForEnd(
  { resource, verdicts }: Pick<GateCore, 'resource' | 'verdicts'>,
  done: Promise<void>,
  { at, isLimited = false }: { readonly at: Place; readonly isLimited?: boolean },
): Promise<void> {
  if (ownersOf(currentScope()).length === 0) return done;
  const on: ProvableResource = {
    ...resource,
    refuse: (wait, verdict) => wait.reject(verdicts.proof(`A wait for the end of ${resource.label}`, verdict)),
  };
  return WatchedPromise.of(done, () => {
    const wait = new ProvableWait<void>(on, { at, isLimited });
    const { promise } = wait;
    endWith(done, wait);
    return promise;
  });
}

// A scope of its own: the end of the gate is kept, and must not keep what awaits it.
const endWith = (done: Promise<void>, wait: ProvableWait<void>): void => void done.then(() => wait.resolve());

/** Callers of the gate's methods: a wait with its own signal and time limit, and its edge in the graph. */
import { callSite, currentScope, newWait, ownersOf, recordWait } from '@bootstrap-gate/deadlock/adapter';
import type { BootstrapGate } from './bootstrap-gate.js';
import { custom, duration, readOptions } from '../kit/check-options.js';

import type { Waiter } from './wait-queue.js';
import type { Pilot } from '../startup/first-request/pilot.js';
import type { WaitOptions } from '../kit/types.js';
import { WatchedPromise } from '../startup/bootstrap/watched-promise.js';

/** What one who was let in gets. `pilot`: it is alone, and the others wait for it. */
interface Admission<T> {
  readonly value: T;
  readonly pilot?: Pilot | undefined;
}

interface WaitSettings {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
}

const wrapRules = { timeoutMs: duration(Infinity) };
const waitRules = {
  ...wrapRules,
  signal: custom<AbortSignal | undefined>(undefined, (value) =>
    value instanceof AbortSignal ? undefined : 'must be an AbortSignal',
  ),
};

export const readWaitOptions = (given: WaitOptions | undefined): WaitSettings =>
  readOptions<WaitSettings>('ensureReady', given, waitRules);

/** The caller's place in line. */
class Caller implements Waiter {
  readonly canPilot: boolean;
  readonly hearsCause = true;
  readonly admit: (pilot?: Pilot) => void;
  readonly deny: (error: unknown) => void;
  readonly onLeave: (() => void)[] = [];

  constructor(canPilot: boolean, admit: (pilot?: Pilot) => void, deny: (error: unknown) => void) {
    this.canPilot = canPilot;
    this.admit = admit;
    this.deny = deny;
  }

  get key(): object {
    return this;
  }

  leave(): void {
    for (const call of this.onLeave) call();
  }
}

/** @param at finds the place of the call in the user's code; only asked for inside a bootstrap */
export function waitAtGate<T>(
  gate: BootstrapGate<T>,
  { signal, timeoutMs }: WaitSettings,
  { canPilot, at }: { readonly canPilot: boolean; readonly at: () => string },
): Promise<Admission<T>> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const caller = new Caller(canPilot, (pilot) => resolve({ value: gate.admittedValue, pilot }), reject);
    const scope = currentScope();
    const decision = gate.decide(canPilot, scope);
    if (decision.kind === 'deny') return reject(decision.error);
    if (decision.kind === 'admit') return caller.admit(decision.pilot);

    const owners = ownersOf(scope);
    if (owners.length > 0) {
      const wait = newWait(gate.resource, gate.clock.now(), at());
      const refusal = gate.verdicts.refusal(owners, wait);
      if (refusal) return reject(refusal);
      caller.onLeave.push(recordWait(owners, wait, () => gate.clock.now()));
    }
    const giveUp = (reason: () => unknown) => (): void => {
      if (gate.line.take(caller)) caller.deny(reason());
    };
    const onTimeout = giveUp(() => gate.error('ERR_GATE_WAIT_TIMEOUT', `did not open within ${timeoutMs} ms`));
    caller.onLeave.push(gate.clock.after(timeoutMs, onTimeout));
    if (signal) {
      const onAbort = giveUp(() => signal.reason);
      signal.addEventListener('abort', onAbort);
      caller.onLeave.push(() => signal.removeEventListener('abort', onAbort));
    }
    gate.line.join(caller);
    gate.start();
  });
}

export function wrapAtGate<T, This, Args extends unknown[], R>(
  gate: BootstrapGate<T>,
  fn: (this: This, ...args: Args) => R,
  options: { readonly timeoutMs?: number | undefined } | undefined,
): (this: This, ...args: Args) => Promise<Awaited<R>> {
  if (typeof fn !== 'function') throw new TypeError('wrap: the first argument must be a function');
  const settings = { ...readOptions('wrap', options, wrapRules), signal: undefined };

  async function afterWaiting(self: This, args: Args): Promise<Awaited<R>> {
    const { pilot } = await waitAtGate(gate, settings, { canPilot: true, at: () => callSite(wrapped) });
    const call = (): R => fn.apply(self, args);
    return pilot ? pilot.call(call) : await call();
  }

  function wrapped(this: This, ...args: Args): Promise<Awaited<R>> {
    if (!gate.ready) return afterWaiting(this, args);
    try {
      return Promise.resolve(fn.apply(this, args));
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }
  return wrapped;
}

/**
 * The end of a gate, for one who may await it or not. Who awaits it is refused where the gate cannot end before the
 * waiting code does, and holds up others until then; who does not, does not.
 */
export function waitForEnd(
  gate: Pick<BootstrapGate<unknown>, 'clock' | 'resource' | 'verdicts'>,
  done: Promise<void>,
  method: () => Promise<void>,
): Promise<void> {
  if (ownersOf(currentScope()).length === 0) return done;
  const at = callSite(method);
  return WatchedPromise.of(done, () => {
    const now = (): number => gate.clock.now();
    const owners = ownersOf(currentScope());
    const wait = newWait(gate.resource, now(), at);
    const refusal = gate.verdicts.refusal(owners, wait);
    if (refusal) return Promise.reject(refusal);
    return done.finally(recordWait(owners, wait, now));
  });
}

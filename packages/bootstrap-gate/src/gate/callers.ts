/** Callers of the gate's methods: a wait with its own signal and time limit, and its edge in the graph. */
import { currentScope, type Place, placeOf, ProvableWait } from '@bootstrap-gate/deadlock/adapter';
import type { GateCore } from './gate-core.js';
import type { Pilot } from './startup.js';
import type { Waiter } from './wait-queue.js';
import { custom, duration, readOptions } from '../kit/check-options.js';
import { waitLimit } from '../kit/clock.js';
import type { WaitOptions } from '../kit/types.js';

/** What a caller that was let in gets. `pilot`: it is alone, and the others wait for it. */
interface LetIn<T> {
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
    isSignal(value) ? undefined : 'must be an AbortSignal',
  ),
};

/** Also that of a DOM, or of another realm. */
function isSignal(value: unknown): value is AbortSignal {
  const { aborted, addEventListener } = Object(value) as Partial<AbortSignal>;
  return typeof aborted === 'boolean' && typeof addEventListener === 'function';
}

export const readWaitOptions = (given: WaitOptions | undefined): WaitSettings =>
  readOptions<WaitSettings>('ensureReady', given, waitRules);

/** @param at the place of the call in the user's code */
export function waitAtGate<T>(
  core: GateCore<T>,
  { signal, timeoutMs }: WaitSettings,
  { canPilot, at }: { readonly canPilot: boolean; readonly at: Place },
): Promise<LetIn<T>> {
  if (signal?.aborted) return Promise.reject(signal.reason as Error);
  const scope = currentScope();
  const passage = core.passage(canPilot, scope);
  if (passage.kind === 'deny') return Promise.reject(passage.error);
  if (passage.kind === 'admit') return Promise.resolve({ value: core.admittedValue, pilot: passage.pilot });

  const isLimited = signal !== undefined || timeoutMs < Infinity;
  const caller = new Caller(core, canPilot, new ProvableWait(core.resource, { at, isLimited }));
  caller.limit(timeoutMs);
  if (signal) caller.leaveOn(signal);
  const letIn = caller.key.promise;
  core.queue.join(caller);
  core.start();
  return letIn;
}

/** A caller's place in the queue. It has no promise: only whoever waits keeps that, or nothing could be proven of the wait. */
class Caller<T> implements Waiter {
  readonly canPilot: boolean;
  readonly hearsCause = true;
  readonly onLeave: (() => void)[] = [];
  readonly #core: GateCore<T>;
  readonly key: ProvableWait<LetIn<T>>;

  constructor(core: GateCore<T>, canPilot: boolean, wait: ProvableWait<LetIn<T>>) {
    this.#core = core;
    this.canPilot = canPilot;
    this.key = wait;
  }

  limit(timeoutMs: number): void {
    const { clock } = this.#core;
    const error = (): unknown => this.#core.error('ERR_GATE_WAIT_TIMEOUT', `did not open within ${timeoutMs} ms`);
    this.onLeave.push(waitLimit(clock, timeoutMs, () => this.#giveUp(error)));
  }

  leaveOn(signal: AbortSignal): void {
    const onAbort = (): void => this.#giveUp(() => signal.reason);
    signal.addEventListener('abort', onAbort);
    this.onLeave.push(() => signal.removeEventListener('abort', onAbort));
  }

  admit(pilot?: Pilot): void {
    this.key.resolve({ value: this.#core.admittedValue, pilot });
  }

  deny(error: unknown): void {
    this.key.reject(error);
  }

  leave(): void {
    for (const call of this.onLeave) call();
  }

  #giveUp(reason: () => unknown): void {
    if (this.#core.queue.take(this)) this.deny(reason());
  }
}

export function wrapAtGate<T, This, Args extends unknown[], R>(
  core: GateCore<T>,
  fn: (this: This, ...args: Args) => R,
  options: { readonly timeoutMs?: number | undefined } | undefined,
): (this: This, ...args: Args) => Promise<Awaited<R>> {
  if (typeof fn !== 'function') throw new TypeError('wrap: the first argument must be a function');
  const settings = { ...readOptions('wrap', options, wrapRules), signal: undefined };

  async function afterWaiting(self: This, args: Args): Promise<Awaited<R>> {
    const { pilot } = await waitAtGate(core, settings, { canPilot: true, at: placeOf(wrapped) });
    const call = (): R => fn.apply(self, args);
    return pilot ? pilot.call(call) : await call();
  }

  function wrapped(this: This, ...args: Args): Promise<Awaited<R>> {
    if (!core.ready) return afterWaiting(this, args);
    try {
      return Promise.resolve(fn.apply(this, args));
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }
  // Some hosts read them: Express tells error handlers by their length.
  for (const name of ['name', 'length'] as const)
    Object.defineProperty(wrapped, name, { value: fn[name], configurable: true });
  return wrapped;
}

/** The gate that applications get: frozen, and of its inside nothing can be seen or set. */
import { placeOf } from '@bootstrap-gate/deadlock/adapter';
import { readWaitOptions, waitAtGate, wrapAtGate } from './callers.js';
import { closedWithin, closeGate, closeRules, resetGate, waitForEnd } from './end.js';
import type { GateCore } from './gate-core.js';
import { readOptions } from '../kit/check-options.js';
import type { CloseOptions, Gate, GateState } from '../kit/types.js';

/** Where `util.inspect` and `console.log` look for what to print. */
const inspected = Symbol.for('nodejs.util.inspect.custom');

export function facadeOf<T>(core: GateCore<T>): Gate<T> {
  return new PublicGate(core);
}

/** Its methods are functions of their own, so that they can be taken off it: `process.on('SIGTERM', gate.close)`. */
class PublicGate<T> implements Gate<T> {
  readonly #core: GateCore<T>;
  readonly ensureReady: Gate<T>['ensureReady'];
  readonly wrap: Gate<T>['wrap'];
  readonly report: Gate<T>['report'];
  readonly onChange: Gate<T>['onChange'];
  readonly reset: Gate<T>['reset'];
  readonly drain: Gate<T>['drain'];
  readonly close: Gate<T>['close'];

  constructor(core: GateCore<T>) {
    this.#core = core;
    this.ensureReady = async (options) => {
      if (core.ready && options === undefined) return core.value;
      const at = placeOf(this.ensureReady);
      const { value } = await waitAtGate(core, readWaitOptions(options), { canPilot: false, at });
      return value;
    };
    this.wrap = (fn, options) => wrapAtGate(core, fn, options);
    this.report = () => core.report();
    this.onChange = (listener) => core.onChange(listener);
    this.reset = () => {
      const at = placeOf(this.reset);
      return waitForEnd(core, resetGate(core), { at });
    };
    this.drain = () => core.drain();
    this.close = (options) => this.#close(options);
    Object.freeze(this);
  }

  #close(options: CloseOptions | string | undefined): Promise<void> {
    try {
      // As a listener, of SIGTERM for instance, it gets the name of the signal.
      const { timeoutMs } = readOptions('close', typeof options === 'string' ? undefined : options, closeRules);
      const at = placeOf(this.close);
      const closed = closedWithin(this.#core as GateCore, closeGate(this.#core), timeoutMs);
      return waitForEnd(this.#core, closed, { at, isLimited: timeoutMs < Infinity });
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  get name(): string {
    return this.#core.name;
  }

  get ready(): boolean {
    return this.#core.ready;
  }

  get state(): GateState {
    return this.#core.state;
  }

  get value(): T {
    return this.#core.value;
  }

  get waiting(): number {
    return this.#core.queue.size;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [inspected](_depth: number, options: object, inspect?: (value: unknown, options: object) => string): unknown {
    const { name, state, waiting } = this;
    const shown = { name, state, waiting };
    return inspect ? `Gate ${inspect(shown, options)}` : shown;
  }
}

Object.freeze(PublicGate.prototype);

/** One attempt of a flight: the call of the bootstrap, the steps that it starts, and what has to be undone afterwards. */
import type { Clock } from './clock.js';
import { currentScope, runIn } from './context.js';
import { messageOf } from './errors.js';
import type { FlightBootstrap } from './options.js';
import { Rollback } from './rollback.js';
import { Step, type StepFunction, type StepHost } from './step.js';
import { type AttemptTrace, newTrace, noteProgress } from './trace.js';
import type { Boot, StepOptions } from './types.js';
import { callSite, type Owner, ownerOf } from './waits.js';
import { warn } from './warnings.js';

/** What an attempt takes from its flight. */
export interface AttemptHost {
  readonly gate: string;
  readonly flight: StepHost['flight'];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly owner: Owner;
}

/** The promise of a step, which knows whether anybody awaits it. Forgotten, it fails the flight, not the process. */
class StepPromise<T> extends Promise<T> {
  handled = false;
  settled!: Promise<unknown>;

  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  static of<T>(work: Promise<T>): StepPromise<T> {
    const promise = new StepPromise<T>((resolve) => resolve(work));
    promise.settled = Promise.prototype.then.call(promise, undefined, () => undefined);
    return promise;
  }

  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.handled = true;
    return super.then(onFulfilled, onRejected);
  }
}

export class Attempt<T> {
  readonly trace: AttemptTrace;
  readonly rollback = new Rollback();
  readonly #host: AttemptHost;
  readonly #abort = new AbortController();
  /** Aborted one by one: Node walks through all listeners of a signal for each one that comes or goes. */
  readonly #running = new Set<Pick<Step<unknown>, 'abort'>>();
  readonly #started: StepPromise<unknown>[] = [];
  readonly #byOwner = new Map<Owner, Pick<Step<unknown>, 'signal' | 'children' | 'trace'>>();
  readonly #timesUsed = new Map<string, number>();
  #over = false;

  constructor(host: AttemptHost, attempt: number) {
    this.#host = host;
    this.trace = { ...newTrace(host.clock.now()), attempt, steps: [] };
  }

  /**
   * Calls the bootstrap in this tick. Fulfils when all steps have settled as well; rejects at once, and then `ended`
   * tells when. A step that nobody awaited fails the attempt as if it had been awaited.
   */
  async run(bootstrap: FlightBootstrap<T>, onValue: (value: T) => void): Promise<T> {
    const { signal, gate } = this.#host;
    const passOn = (): void => this.#abortSteps(signal.reason);
    signal.addEventListener('abort', passOn);
    const { stop } = bootstrap;
    let undo: (() => unknown) | undefined;
    try {
      const value = await bootstrap.run(this.#boot());
      if (stop) undo = () => stop(value);
      await this.ended();
      await Promise.all(this.#started.filter((step) => !step.handled));
      signal.throwIfAborted();
      onValue(value);
      return value;
    } catch (error) {
      this.#abortSteps(error);
      throw error;
    } finally {
      this.#over = true;
      signal.removeEventListener('abort', passOn);
      if (undo) this.rollback.push(`the bootstrap of gate "${gate}"`, undo);
    }
  }

  get hasRunningSteps(): boolean {
    return this.trace.steps.some((step) => step.outcome === 'running');
  }

  #boot(): Boot {
    const step = <S>(name: string, fn: StepFunction<S>, options?: StepOptions<S>): Promise<S> => {
      const promise = StepPromise.of(this.#step(name, fn, options, callSite(step)));
      this.#started.push(promise);
      return promise as Promise<S>;
    };
    return {
      signal: this.#host.signal,
      attempt: this.trace.attempt,
      step,
      detach: (fn) => this.#detach(fn),
      progress: (fraction, text) => noteProgress(this.trace, fraction, text),
    };
  }

  async #step<S>(
    name: string,
    fn: StepFunction<S>,
    options: StepOptions<S> | undefined,
    at: string,
  ): Promise<S | undefined> {
    if (typeof name !== 'string' || name === '')
      throw new TypeError('boot.step: the name must be a string that is not empty');
    if (typeof fn !== 'function') throw new TypeError(`boot.step: step "${name}" needs a function`);
    const { gate, flight, clock, owner } = this.#host;
    const caller = ownerOf(currentScope());
    const parent = caller && this.#byOwner.get(caller);
    (parent?.signal ?? this.#abort.signal).throwIfAborted();
    if (this.#over)
      throw new Error(`boot.step: step "${name}" of gate "${gate}" was started after its bootstrap had ended`);

    const place = { gate, flight, attempt: this.trace.attempt, parent: parent?.trace.name };
    const host: StepHost = { ...place, clock, signal: this.#abort.signal, rollback: this.rollback };
    const step = new Step(host, this.#unusedName(name), fn, options, at);
    const { trace, label } = step;
    this.trace.steps.push(trace);
    this.#byOwner.set(trace.owner, step);
    this.#running.add(step);
    parent?.children.add(step);
    const dependent = caller && !caller.settled ? caller : owner;
    const resource = { kind: 'step', name: trace.name, label, holder: () => trace.owner } as const;
    const endWait = dependent.waitFor({ on: resource, since: trace.startedAt, at }, () => clock.now());
    try {
      return await step.run();
    } finally {
      endWait();
      this.#running.delete(step);
      parent?.children.delete(step);
    }
  }

  #abortSteps(reason: unknown): void {
    if (this.#abort.signal.aborted) return;
    this.#abort.abort(reason);
    for (const step of this.#running) step.abort(reason);
  }

  /** Resolves when no step runs any more, also none that was started meanwhile; what is to be undone is known then. */
  async ended(): Promise<void> {
    for (let seen = 0; seen < this.#started.length;) {
      seen = this.#started.length;
      await Promise.allSettled(this.#started.map((step) => step.settled));
    }
  }

  #unusedName(name: string): string {
    let times = (this.#timesUsed.get(name) ?? 0) + 1;
    const numbered = (): string => (times === 1 ? name : `${name} #${times}`);
    while (times > 1 && this.#timesUsed.has(numbered())) times++;
    this.#timesUsed.set(numbered(), 1).set(name, times);
    return numbered();
  }

  #detach(fn: () => unknown): void {
    const failed = (error: unknown): void =>
      warn('GATE_DETACHED_FAILED', `Detached work of gate "${this.#host.gate}" failed: ${messageOf(error)}`, error);
    if (typeof fn !== 'function') throw new TypeError('boot.detach: the argument must be a function');
    runIn(undefined, async () => fn()).catch(failed);
  }
}

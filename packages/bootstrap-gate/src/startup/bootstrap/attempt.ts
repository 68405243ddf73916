/** One attempt of a flight: the call of the bootstrap, the steps that it starts, and what has to be undone afterwards. */
import { callSite, currentScope, type Owner, ownerOf, type Until } from '@bootstrap-gate/deadlock/adapter';
import type { BootstrapFunctions } from './bootstrap-options.js';
import { detach } from './detach.js';
import { Rollback } from './rollback.js';
import { Step, type StepHost } from './step.js';
import { groupMaker, type StepFunction, type StepGroup } from './step-group.js';
import { StepNames } from './step-names.js';
import { readStepOptions } from './step-options.js';
import { UserWork } from './user-work.js';
import { AbortGroup } from '../../kit/abort.js';
import type { Clock } from '../../kit/clock.js';
import type { Boot, StepOptions } from '../../kit/types.js';
import { WatchedPromise } from '../../kit/watched-promise.js';
import { type AttemptRecord, newRecord, noteProgress } from '../../observe/record.js';
import type { Verdicts } from '../../observe/verdicts.js';

/** What an attempt takes from its flight. */
export interface AttemptHost {
  readonly gate: string;
  readonly flight: StepHost['flight'];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly owner: Owner;
  readonly verdicts: Verdicts;
  /** That of the gate: it opens when all of it has ended. */
  readonly until: Until;
}

/** Work that was started. If nothing awaits it, the attempt does: forgotten, it fails the flight, not the process. */
interface StartedWork {
  readonly work: Promise<unknown>;
  readonly isAwaited: boolean;
}

export class Attempt<T> {
  readonly record: AttemptRecord;
  readonly rollback: Rollback;
  readonly #host: AttemptHost;
  readonly #bootstrap: BootstrapFunctions<T>;
  readonly #steps = new AbortGroup();
  readonly #started: StartedWork[] = [];
  readonly #byOwner = new Map<Owner, Step<unknown>>();
  readonly #names = new StepNames();
  #over = false;
  #call: UserWork<T> | undefined;

  constructor(host: AttemptHost, bootstrap: BootstrapFunctions<T>, attempt: number) {
    this.#host = host;
    this.#bootstrap = bootstrap;
    this.record = { ...newRecord(host.clock.now()), attempt, steps: [], stops: [] };
    this.rollback = new Rollback({ ...host, stops: this.record.stops });
  }

  /** Calls the bootstrap in this tick. */
  call(): Promise<T> {
    const { owner, verdicts, signal, until } = this.#host;
    const { startedAt } = this.record;
    signal.addEventListener('abort', this.#passOn); // the bootstrap itself may close its gate, in this very tick
    const facts = { owner, verdicts, startedAt, at: 'the bootstrap', isMain: true, untils: [until] };
    this.#call = new UserWork(() => this.#bootstrap.run(this.#boot()), facts);
    return this.#call.result;
  }

  /** Fails the bootstrap: it was proven that it never ends. */
  fail(error: unknown): void {
    this.#call?.fail(error);
  }

  /**
   * Fulfils when all steps have settled as well; rejects at once, and then `ended` tells when. A step that nothing awaited
   * fails the attempt as if it had been awaited.
   *
   * @param onValue sees the value before it counts; what it throws fails the attempt
   */
  async finish(called: Promise<T>, onValue: (value: T) => void): Promise<T> {
    const { signal } = this.#host;
    const { stop } = this.#bootstrap;
    let undo: (() => unknown) | undefined;
    try {
      const value = await called;
      if (stop) undo = () => stop(value);
      await this.ended();
      await Promise.all(this.#started.filter(({ isAwaited }) => !isAwaited).map(({ work }) => work));
      signal.throwIfAborted();
      onValue(value);
      return value;
    } catch (error) {
      this.#steps.abort(error);
      throw error;
    } finally {
      this.#over = true;
      signal.removeEventListener('abort', this.#passOn);
      if (undo) this.rollback.push(null, undo);
    }
  }

  get hasRunningSteps(): boolean {
    return this.record.steps.some((step) => step.outcome === 'running');
  }

  /** Resolves when no step runs any more, also none that was started meanwhile; what is to be undone is known then. */
  async ended(): Promise<void> {
    for (let seen = 0; seen < this.#started.length;) {
      seen = this.#started.length;
      await Promise.allSettled(this.#started.map(({ work }) => work));
    }
  }

  /** Waits for all steps, and undoes what has to be undone. Never rejects. */
  async undo(): Promise<void> {
    await this.ended();
    await this.rollback.run();
  }

  readonly #passOn = (): void => this.#steps.abort(this.#host.signal.reason);

  #boot(): Boot {
    const step = <S>(name: string, fn: StepFunction<S>, options?: StepOptions<S>): Promise<S> =>
      this.#begin(() => this.#newStep(undefined, name, fn, options, callSite(step)));
    const boot = {
      signal: this.#host.signal,
      attempt: this.record.attempt,
      step,
      detach: (fn: () => unknown) => detach(this.#host.gate, fn),
      progress: (fraction: number, text?: string) => noteProgress(this.record, fraction, text),
    };
    return Object.defineProperty(boot, groupMaker, { value: () => this.#openGroup() });
  }

  #openGroup(): StepGroup {
    const caller = ownerOf(currentScope());
    const outer = (caller && this.#byOwner.get(caller)?.group) ?? this.#steps;
    const group = new AbortGroup();
    outer.add(group);
    const step: StepGroup['step'] = (name, fn, options, at = callSite(step)) =>
      this.#begin(() => this.#newStep(group, name, fn, options, at));
    return { step, adopt: (work) => this.#adopt(work), abort: (reason) => group.abort(reason) };
  }

  #begin<S>(make: () => Step<S>): Promise<S> {
    let step: Step<S>;
    try {
      step = make();
    } catch (error) {
      return this.#adopt(Promise.reject(error as Error));
    }
    const wait = step.run();
    this.#started.push(step);
    return wait as Promise<S>; // undefined where it is optional, says the type of `boot.step`
  }

  /** Forgotten, it fails the attempt. */
  #adopt<S>(work: Promise<S>): Promise<S> {
    const end = work.then(() => {}); // a promise of its own: kept here, `work` would keep whoever awaits it
    end.catch(() => {});
    const started = { work: end, isAwaited: false };
    this.#started.push(started);
    return WatchedPromise.of(work, () => {
      started.isAwaited = true;
      return work;
    });
  }

  /** Without a group of its own a step ends with the step that started it, or with the attempt. */
  #newStep<S>(
    group: AbortGroup | undefined,
    name: string,
    fn: StepFunction<S>,
    options: StepOptions<S> | undefined,
    at: string,
  ): Step<S> {
    if (typeof name !== 'string' || name === '')
      throw new TypeError('boot.step: the name must be a string that is not empty');
    if (typeof fn !== 'function') throw new TypeError(`boot.step: step "${name}" needs a function`);
    const caller = ownerOf(currentScope());
    const parent = caller && this.#byOwner.get(caller);
    const endsWith = group ?? parent?.group ?? this.#steps;
    parent?.signal.throwIfAborted();
    endsWith.signal.throwIfAborted();
    if (this.#over)
      throw new Error(
        `boot.step: step "${name}" of gate "${this.#host.gate}" was started after its bootstrap had ended`,
      );
    const settings = readStepOptions(name, fn, options);
    const host = { ...this.#host, attempt: this.record.attempt, rollback: this.rollback };
    const step = new Step(host, { ...settings, name: this.#names.unused(name), fn, at, parent, group: endsWith });
    this.record.steps.push(step.record);
    this.#byOwner.set(step.record.owner, step as Step<unknown>);
    return step;
  }
}

/** One attempt of a flight: the call of the bootstrap, the steps that it starts, and what has to be undone afterwards. */
import {
  callSite,
  currentScope,
  newWait,
  type Owner,
  ownerOf,
  ownersOf,
  recordWait,
  type Resource,
} from '@bootstrap-gate/deadlock/adapter';
import type { BootstrapFunctions } from './bootstrap-options.js';
import { detach } from './detach.js';
import { Rollback } from './rollback.js';
import { Step, type StepHost } from './step.js';
import { groupMaker, type StepFunction, type StepGroup } from './step-group.js';
import { StepNames } from './step-names.js';
import { readStepOptions } from './step-options.js';
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
}

/** Work that was started. If nothing awaits it, the attempt does: forgotten, it fails the flight, not the process. */
interface StartedWork {
  readonly work: Promise<unknown>;
  isAwaited: boolean;
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

  constructor(host: AttemptHost, bootstrap: BootstrapFunctions<T>, attempt: number) {
    this.#host = host;
    this.#bootstrap = bootstrap;
    this.record = { ...newRecord(host.clock.now()), attempt, steps: [], stops: [] };
    this.rollback = new Rollback({ ...host, stops: this.record.stops });
  }

  /** Calls the bootstrap in this tick. Not async, like the call of a step: it must not keep the bootstrap's promise. */
  call(): Promise<T> {
    const { owner, verdicts, signal } = this.#host;
    const { startedAt } = this.record;
    signal.addEventListener('abort', this.#passOn); // the bootstrap itself may close its gate, in this very tick
    try {
      const work = this.#bootstrap.run(this.#boot());
      return verdicts.orProof(work, () => verdicts.unreachable(owner, startedAt, 'the bootstrap'));
    } catch (error) {
      return Promise.reject(error as Error);
    }
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
      this.#adopt(this.#newStep(undefined, name, fn, options, callSite(step)).run());
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
      this.#adopt(this.#newStep(group, name, fn, options, at).run());
    return { step, adopt: (work) => this.#adopt(work), abort: (reason) => group.abort(reason) };
  }

  /** Forgotten, it fails the attempt. */
  #adopt<S>(work: Promise<S>): Promise<S> {
    const started: StartedWork = { work, isAwaited: false };
    this.#started.push(started);
    return WatchedPromise.of(work, () => {
      started.isAwaited = true;
      return work;
    });
  }

  /** Without a group of its own a step ends with the step that started it, or with the attempt. Never throws: `run` does. */
  #newStep<S>(
    group: AbortGroup | undefined,
    name: string,
    fn: StepFunction<S>,
    options: StepOptions<S> | undefined,
    at: string,
  ): { run(): Promise<S> } {
    try {
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
      this.#note(step as Step<unknown>);
      return step as { run(): Promise<S> }; // undefined where it is optional, says the type of `boot.step`
    } catch (error) {
      return { run: () => Promise.reject(error as Error) };
    }
  }

  /** For the report, and as a wait of the code that started it. */
  #note(step: Step<unknown>): void {
    const { owner, verdicts, clock } = this.#host;
    const { record, label } = step;
    this.record.steps.push(record);
    this.#byOwner.set(record.owner, step);
    const waiting = ownersOf(currentScope());
    const holder = { owner: record.owner };
    const resource: Resource = { kind: 'step', name: record.name, label, party: verdicts, holder: () => holder };
    const wait = newWait(resource, record.startedAt, record.at);
    step.onSettled.push(recordWait(waiting.length > 0 ? waiting : [owner], wait, () => clock.now()));
  }
}

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
  runIn,
  warn,
} from '@bootstrap-gate/deadlock/adapter';
import type { Clock } from '../../kit/clock.js';
import { messageOf } from '../../kit/errors.js';
import type { FlightBootstrap } from '../../gate-options.js';
import { Rollback } from './rollback.js';
import { Step, type StepFunction, type StepHost } from './step.js';
import { partMaker, type PartOfBoot, StepGroup } from './step-group.js';
import { type AttemptTrace, newTrace, noteProgress } from '../../observe/record.js';
import type { Boot, StepOptions } from '../../kit/types.js';
import type { Verdicts } from '../../observe/verdicts.js';
import { WatchedPromise } from './watched-promise.js';

/** What an attempt takes from its flight. */
export interface AttemptHost {
  readonly gate: string;
  readonly flight: StepHost['flight'];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly owner: Owner;
  readonly verdicts: Verdicts;
}

/** A step that was started. If nobody awaits it, the attempt does: forgotten, it fails the flight, not the process. */
interface StartedStep {
  readonly work: Promise<unknown>;
  isAwaited: boolean;
}

export class Attempt<T> {
  readonly trace: AttemptTrace;
  readonly rollback: Rollback;
  readonly #host: AttemptHost;
  readonly #steps = new StepGroup();
  readonly #started: StartedStep[] = [];
  readonly #byOwner = new Map<Owner, Pick<Step<unknown>, 'signal' | 'children' | 'group' | 'trace'>>();
  readonly #timesUsed = new Map<string, number>();
  #over = false;

  constructor(host: AttemptHost, attempt: number) {
    this.#host = host;
    this.trace = { ...newTrace(host.clock.now()), attempt, steps: [], stops: [] };
    this.rollback = new Rollback({ ...host, stops: this.trace.stops });
  }

  /**
   * Calls the bootstrap in this tick. Fulfils when all steps have settled as well; rejects at once, and then `ended`
   * tells when. A step that nobody awaited fails the attempt as if it had been awaited.
   */
  async run(bootstrap: FlightBootstrap<T>, onValue: (value: T) => void): Promise<T> {
    const { signal } = this.#host;
    const passOn = (): void => this.#steps.abort(signal.reason);
    signal.addEventListener('abort', passOn);
    const { stop } = bootstrap;
    let undo: (() => unknown) | undefined;
    try {
      const value = await this.#call(bootstrap);
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
      signal.removeEventListener('abort', passOn);
      if (undo) this.rollback.push(null, undo);
    }
  }

  /** Not async, like `Step.#call`: it must not keep the promise. */
  #call({ run }: FlightBootstrap<T>): Promise<T> {
    const { owner, verdicts } = this.#host;
    const { startedAt } = this.trace;
    return verdicts.orProof(run(this.#boot()), () => verdicts.unreachable(owner, startedAt, 'the bootstrap'));
  }

  get hasRunningSteps(): boolean {
    return this.trace.steps.some((step) => step.outcome === 'running');
  }

  #boot(): Boot {
    const step = <S>(name: string, fn: StepFunction<S>, options?: StepOptions<S>): Promise<S> =>
      this.#counted(this.#step(undefined, name, fn, options, callSite(step)));
    const boot = {
      signal: this.#host.signal,
      attempt: this.trace.attempt,
      step,
      detach: (fn: () => unknown) => this.#detach(fn),
      progress: (fraction: number, text?: string) => noteProgress(this.trace, fraction, text),
    };
    return Object.defineProperty(boot, partMaker, { value: () => this.#part() });
  }

  #part(): PartOfBoot {
    const caller = ownerOf(currentScope());
    const outer = (caller && this.#byOwner.get(caller)?.group) ?? this.#steps;
    const group = new StepGroup();
    outer.add(group);
    const step: PartOfBoot['step'] = (name, fn, options, at = callSite(step)) =>
      this.#counted(this.#step(group, name, fn, options, at));
    return { step, counted: (work) => this.#counted(work), abort: (reason) => group.abort(reason) };
  }

  /** Forgotten, it fails the attempt. */
  #counted<S>(work: Promise<S>): Promise<S> {
    const started: StartedStep = { work, isAwaited: false };
    this.#started.push(started);
    return WatchedPromise.of(work, () => {
      started.isAwaited = true;
      return work;
    });
  }

  /** Without a group of its own a step ends with the step that started it, or with the attempt. */
  async #step<S>(
    given: StepGroup | undefined,
    name: string,
    fn: StepFunction<S>,
    options: StepOptions<S> | undefined,
    at: string,
  ): Promise<S> {
    if (typeof name !== 'string' || name === '')
      throw new TypeError('boot.step: the name must be a string that is not empty');
    if (typeof fn !== 'function') throw new TypeError(`boot.step: step "${name}" needs a function`);
    const { gate, flight, clock, owner, verdicts } = this.#host;
    const scope = currentScope();
    const caller = ownerOf(scope);
    const parent = caller && this.#byOwner.get(caller);
    const group = given ?? parent?.group ?? this.#steps;
    parent?.signal.throwIfAborted();
    group.signal.throwIfAborted();
    if (this.#over)
      throw new Error(`boot.step: step "${name}" of gate "${gate}" was started after its bootstrap had ended`);

    const place = { gate, flight, attempt: this.trace.attempt, parent: parent?.trace.name };
    const host: StepHost = { ...place, clock, verdicts, group, rollback: this.rollback };
    const step = new Step(host, this.#unusedName(name), fn, options, at);
    const { trace, label } = step;
    this.trace.steps.push(trace);
    this.#byOwner.set(trace.owner, step);
    const leave = group.add(step);
    parent?.children.add(step);
    const waiting = ownersOf(scope);
    const holder = { owner: trace.owner };
    const resource: Resource = { kind: 'step', name: trace.name, label, party: verdicts, holder: () => holder };
    const endWait = recordWait(waiting.length > 0 ? waiting : [owner], newWait(resource, trace.startedAt, at), () =>
      clock.now(),
    );
    try {
      return (await step.run()) as S; // undefined where it is optional, says the type of `boot.step`
    } finally {
      endWait();
      leave();
      parent?.children.delete(step);
    }
  }

  /** Resolves when no step runs any more, also none that was started meanwhile; what is to be undone is known then. */
  async ended(): Promise<void> {
    for (let seen = 0; seen < this.#started.length;) {
      seen = this.#started.length;
      await Promise.allSettled(this.#started.map(({ work }) => work));
    }
  }

  #unusedName(name: string): string {
    let times = (this.#timesUsed.get(name) ?? 0) + 1;
    const numbered = (): string => (times === 1 ? name : `${name} #${times}`);
    while (this.#timesUsed.has(numbered())) times++;
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

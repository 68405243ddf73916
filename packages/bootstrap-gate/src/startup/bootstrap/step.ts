/** One step: its attempts, its time limit, and where its value goes when nobody wants it any more. */
import { Owner, runIn } from '@bootstrap-gate/deadlock/adapter';
import { callback, custom, duration, flag, readOptions } from '../../kit/check-options.js';
import { channels } from '../../observe/channels.js';
import type { Clock } from '../../kit/clock.js';
import { failureOf, GateError } from '../../kit/errors.js';
import { readRetry, retryDelay, wantsRetry, type RetryPolicy } from './retry.js';
import type { Rollback } from './rollback.js';
import { endTrace, newTrace, noteProgress, type StepTrace } from '../../observe/record.js';
import type { StepGroup } from './step-group.js';
import type { RetryOptions, StepContext, StepOptions } from '../../kit/types.js';
import type { Verdicts } from '../../observe/verdicts.js';

export type StepFunction<T> = (context: StepContext) => T | PromiseLike<T>;

/** What a step takes from its attempt. */
export interface StepHost {
  readonly gate: string;
  readonly flight: { readonly number: number; readonly startedAt: number };
  /** Which attempt of the flight. */
  readonly attempt: number;
  /** The step whose function starts this one. */
  readonly parent: string | undefined;
  readonly clock: Clock;
  readonly verdicts: Verdicts;
  /** What it ends with. */
  readonly group: StepGroup;
  readonly rollback: Rollback;
}

const stepRules = {
  timeoutMs: duration(Infinity),
  retry: custom<RetryOptions | undefined>(undefined, () => undefined),
  optional: flag(false),
  stop: callback<(value: never) => unknown>(),
  needs: custom<readonly string[]>([], (value) =>
    Array.isArray(value) && value.every((need) => typeof need === 'string') ? undefined : 'must be an array of names',
  ),
};

/** @throws TypeError for a wrong option, naming the step, the option and the rule */
export function readStepOptions<T>(name: string, given: StepOptions<T> | undefined) {
  const options = readOptions(`step "${name}"`, given, stepRules);
  const stop = options.stop as StepOptions<T>['stop'];
  return { ...options, stop, retry: readRetry(`step "${name}"`, options.retry) };
}

export class Step<T> {
  readonly trace: StepTrace;
  readonly label: string;
  readonly #host: StepHost;
  readonly #fn: StepFunction<T>;
  readonly #stop: ((value: T) => unknown) | undefined;
  readonly #retry: RetryPolicy;
  readonly #timeoutMs: number;
  readonly #optional: boolean;
  readonly #abort = new AbortController();
  /** Steps that its function started: given up with it. */
  readonly children = new Set<{ giveUp(error: unknown): void }>();
  /** Ends the step with this error although its function runs on. */
  giveUp: (error: unknown) => void = () => {};

  constructor(host: StepHost, name: string, fn: StepFunction<T>, given: StepOptions<T> | undefined, at: string) {
    const options = readStepOptions(name, given);
    this.label = `step "${name}" of gate "${host.gate}"`;
    this.#host = host;
    this.#fn = fn;
    this.#stop = options.stop;
    this.#retry = options.retry;
    this.#timeoutMs = options.timeoutMs;
    this.#optional = options.optional;
    this.trace = {
      ...newTrace(host.clock.now()),
      name,
      parent: host.parent ?? null,
      attempts: 0,
      at,
      needs: [...options.needs],
      owner: new Owner(this.label, { party: host.verdicts }),
    };
  }

  /** Fires its signal; it goes on until its function has settled. */
  abort(reason: unknown): void {
    this.#abort.abort(reason);
  }

  get group(): StepGroup {
    return this.#host.group;
  }

  /** What its function gets, and what the steps that its function starts depend on. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /**
   * Settles when the function has settled, also after an abort: only then is it safe to undo it. The time limit alone
   * gives up on it, and on the steps that it started; a value that one of them still delivers is undone at once.
   */
  async run(): Promise<T | undefined> {
    const { clock } = this.#host;
    const { signal: groupSignal } = this.group;
    this.#tell('start');
    try {
      const value = await this.#withinLimit(runIn(this.trace.owner, () => this.#attempts()));
      groupSignal.throwIfAborted();
      endTrace(this.trace, clock.now(), 'done');
      return value;
    } catch (error) {
      endTrace(this.trace, clock.now(), groupSignal.aborted ? 'aborted' : 'failed', error);
      groupSignal.throwIfAborted();
      if (!this.#optional) throw error;
      return undefined;
    } finally {
      this.trace.owner.settled = true;
      this.#tell('end');
    }
  }

  async #attempts(): Promise<T> {
    const { clock } = this.#host;
    const { signal } = this.#abort;
    const progress = (fraction: number, text?: string): void => {
      noteProgress(this.trace, fraction, text);
      this.#tell('progress');
    };
    for (let attempt = 1; ; attempt++) {
      this.trace.attempts = attempt;
      try {
        return await this.#call({ signal, attempt, progress });
      } catch (error) {
        if (signal.aborted || !wantsRetry(this.#retry, error, attempt)) throw error;
        this.#tell('retry', error);
      }
      await retryDelay(this.#retry, attempt, clock, signal);
      signal.throwIfAborted();
    }
  }

  /** Not async: the frame of a suspended function would keep the promise, and nothing could be proven of it. */
  #call(context: StepContext): Promise<T> {
    const { verdicts } = this.#host;
    const { owner, startedAt, at } = this.trace;
    const fn = this.#fn; // not called as a method: a user's function has no business with the step
    return verdicts.orProof(fn(context), () => verdicts.unreachable(owner, startedAt, at));
  }

  /** The one place that decides whether the value came in time: it is kept for the rollback, or undone at once. */
  #withinLimit(work: Promise<T>): Promise<T> {
    const { clock, rollback } = this.#host;
    return new Promise((resolve, reject) => {
      let givenUp = false;
      const cancel = clock.after(this.#timeoutMs, () => this.giveUp(this.#timeoutError()));
      this.giveUp = (error) => {
        cancel();
        givenUp = true;
        for (const child of this.children) child.giveUp(error);
        this.#abort.abort(error);
        reject(error as Error);
      };
      work.then(
        (value) => {
          cancel();
          const stop = this.#stop; // not called as a method either
          const undo = stop && (() => stop(value));
          if (undo && givenUp) void rollback.call(this.trace.name, undo);
          else if (undo) rollback.push(this.trace.name, undo);
          resolve(value);
        },
        (error: unknown) => {
          cancel();
          reject(error);
        },
      );
    });
  }

  #timeoutError(): GateError {
    const message = `${capitalised(this.label)} did not finish within ${this.#timeoutMs} ms.`;
    return new GateError('ERR_GATE_STEP_TIMEOUT', message);
  }

  #tell(type: 'start' | 'progress' | 'retry' | 'end', ...thrown: [] | [unknown]): void {
    if (!channels.step.hasSubscribers) return;
    const { error, errorType } = thrown.length ? failureOf(thrown[0]) : this.trace;
    const { gate, flight, attempt, parent = null } = this.#host;
    const { name: step, outcome, progress, startedAt, endedAt } = this.trace;
    const of = { flight: flight.number, flightStartedAt: flight.startedAt, attempt, parent, step };
    channels.step.publish({ gate, type, ...of, outcome, progress, error, errorType, startedAt, endedAt });
  }
}

const capitalised = (label: string): string => label.charAt(0).toUpperCase() + label.slice(1);

/** One step: its attempts, its time limit, and where its value goes when nothing wants it any more. */
import { currentScope, NativePromise, Owner, ownersOf, ProvableWait, Until } from '@bootstrap-gate/deadlock/adapter';
import { retryDelay, wantsRetry } from './retry.js';
import type { Rollback } from './rollback.js';
import { isShared } from './shared-step.js';
import type { StepFunction } from './step-group.js';
import type { StepSettings } from './step-options.js';
import { stepResource } from './step-resource.js';
import { UserWork } from './user-work.js';
import type { AbortGroup } from '../../kit/abort.js';
import type { Clock } from '../../kit/clock.js';
import { GateError, verdictOf } from '../../kit/errors.js';
import type { ExternalWait } from '../../kit/types.js';
import { publishStep, type StepPlace } from '../../observe/messages.js';
import { endRecord, newRecord, noteProgress, type StepRecord } from '../../observe/record.js';
import type { Verdicts } from '../../observe/verdicts.js';

/** What a step takes from its attempt. */
export interface StepHost extends StepPlace {
  readonly clock: Clock;
  readonly verdicts: Verdicts;
  readonly rollback: Rollback;
  /** Who waits for the step where nobody is known to have started it: the flight. */
  readonly owner: Owner;
  /** That of the gate. */
  readonly until: Until;
}

export interface StepFacts<T> extends StepSettings<T> {
  readonly name: string;
  readonly fn: StepFunction<T>;
  /** The place in the user's code that started it. */
  readonly at: string;
  /** The step whose function started it. */
  readonly parent: Step<unknown> | undefined;
  /** What it ends with. */
  readonly group: AbortGroup;
}

export class Step<T> {
  readonly record: StepRecord;
  readonly label: string;
  readonly group: AbortGroup;
  /** What it comes to. Not what the user awaits: the attempt keeps this, and would keep whoever awaits it. */
  work!: Promise<T | undefined>;
  /** Whether it is given up at a limit, its own or that of a step around it. */
  readonly isLimited: boolean;
  /** Called when it has settled, whatever with. */
  readonly #onSettled: (() => void)[] = [];
  readonly #host: StepHost;
  readonly #facts: StepFacts<T>;
  readonly #abort = new AbortController();
  /** Steps that its function started: given up with it. */
  readonly #children = new Set<Step<unknown>>();
  /** What others wait for: its function. */
  readonly #until = new Until('all');
  readonly #wait: ProvableWait<T | undefined>;
  #call: UserWork<T> | undefined;
  #giveUp = (_error: unknown): void => {};

  constructor(host: StepHost, facts: StepFacts<T>) {
    const { name, parent, at, needs, group } = facts;
    this.#host = host;
    this.#facts = facts;
    this.group = group;
    this.label = `step "${name}" of gate "${host.gate}"`;
    const owner = new Owner(this.label, { party: host.verdicts });
    const place = { name, parent: parent?.record.name ?? null, at, needs: [...needs], owner };
    this.record = { ...newRecord(host.clock.now()), ...place, attempts: 0, waitsOutside: null };
    this.isLimited = facts.timeoutMs < Infinity || parent?.isLimited === true;
    this.#onSettled.push(group.add(this));
    this.#wait = this.#newWait();
    if (!parent) return;
    parent.#children.add(this as Step<unknown>);
    this.#onSettled.push(() => parent.#children.delete(this as Step<unknown>));
  }

  /** What its function gets, and what the steps that its function starts depend on. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Fires its signal; it continues until its function has settled. */
  abort(reason: unknown): void {
    this.#abort.abort(reason);
  }

  /** Whether somebody awaits it. If nobody does, the attempt does. */
  get isAwaited(): boolean {
    return this.#wait.isAwaited;
  }

  /** Calls its function in this tick. Gives what the user awaits. */
  run(): Promise<T | undefined> {
    const wait = this.#wait;
    const { promise } = wait;
    this.work = this.#run();
    this.work.then(
      (value) => wait.resolve(value),
      (error: unknown) => wait.reject(error),
    );
    return promise;
  }

  /**
   * Settles when the function has settled, also after an abort: only then is it safe to undo it. The time limit alone
   * gives up on it, and on the steps that it started; a value that one of them still delivers is undone at once.
   */
  async #run(): Promise<T | undefined> {
    const { clock } = this.#host;
    const { signal: groupSignal } = this.group;
    publishStep('start', this.#host, this.record);
    try {
      const value = await this.#withinLimit(this.#attempts());
      groupSignal.throwIfAborted();
      endRecord(this.record, clock.now(), 'done');
      return value;
    } catch (error) {
      endRecord(this.record, clock.now(), groupSignal.aborted ? 'aborted' : 'failed', error);
      this.#noteVerdict(error);
      groupSignal.throwIfAborted();
      if (!this.#facts.optional) throw error;
      return undefined;
    } finally {
      this.record.owner.settled = true;
      publishStep('end', this.#host, this.record);
      for (const call of this.#onSettled) call();
    }
  }

  /** Other processes judge what they share; the gate only tells it. */
  #noteVerdict(error: unknown): void {
    const verdict = isShared(this.#facts.fn) ? verdictOf(error) : undefined;
    if (verdict) this.#host.verdicts.note(verdict);
  }

  async #attempts(): Promise<T> {
    const { gate, clock, verdicts, until } = this.#host;
    const { name, fn, retry } = this.#facts; // `fn` is not called as a method: a user's function has no business with the step
    const { record, signal } = this;
    const { owner, startedAt, at } = record;
    const progress = (fraction: number, text?: string): void => {
      noteProgress(record, fraction, text);
      publishStep('progress', this.#host, record);
    };
    const waitsFor = (what: ExternalWait | null): void => void (record.waitsOutside = what && { ...what });
    const call = (): T | PromiseLike<T> => fn({ name, gate, signal, attempt: record.attempts, progress, waitsFor });
    const facts = { owner, verdicts, startedAt, at, untils: this.isLimited ? [this.#until] : [this.#until, until] };
    for (record.attempts = 1; ; record.attempts++) {
      try {
        this.#call = new UserWork(call, facts);
        return await this.#call.result;
      } catch (error) {
        if (signal.aborted || !wantsRetry(retry, error, record.attempts)) throw error;
        publishStep('retry', this.#host, record, error);
      }
      await retryDelay(retry, record.attempts, clock, signal);
      signal.throwIfAborted();
    }
  }

  /** The one place that decides whether the value came in time: it is kept for the rollback, or undone at once. */
  #withinLimit(work: Promise<T>): Promise<T> {
    const { clock, rollback } = this.#host;
    const { timeoutMs, stop } = this.#facts;
    return new Promise((resolve, reject) => {
      let givenUp = false;
      const cancel = clock.after(timeoutMs, () => this.#giveUp(this.#timeoutError()));
      this.#giveUp = (error) => {
        cancel();
        givenUp = true;
        for (const child of this.#children) child.#giveUp(error);
        this.#abort.abort(error);
        reject(error as Error);
      };
      work.then(
        (value) => {
          cancel();
          const undo = stop && (() => stop(value));
          if (undo && givenUp) void rollback.call(this.record.name, undo);
          else if (undo) rollback.push(this.record.name, undo);
          resolve(value);
        },
        (error: unknown) => {
          cancel();
          reject(error as Error);
        },
      );
    });
  }

  #newWait(): ProvableWait<T | undefined> {
    const { record, label, isLimited } = this;
    const { verdicts, owner } = this.#host;
    const fail = (error: GateError): void => {
      this.#giveUp(error); // and so without another attempt
      this.#call?.fail(error);
    };
    const resource = stepResource({ record, label, party: verdicts, until: this.#until, fail });
    const owners = ownersOf(currentScope());
    const wait = new ProvableWait<T | undefined>(resource, {
      at: () => record.at,
      owners: owners.length > 0 ? owners : [owner],
      isShared: true,
      isLimited,
    });
    // Forgotten, it does not fail the process; and this does not count as awaiting it.
    void NativePromise.prototype.then.call(wait.promise, undefined, () => {});
    return wait;
  }

  #timeoutError(): GateError {
    const label = this.label.charAt(0).toUpperCase() + this.label.slice(1);
    return new GateError('ERR_GATE_STEP_TIMEOUT', `${label} did not finish within ${this.#facts.timeoutMs} ms.`);
  }
}

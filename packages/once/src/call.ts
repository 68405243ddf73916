/** One call of a shared step on one replica: look, decide, wait or work, until the step has a result or a failure. */
import { randomUUID } from 'node:crypto';
import { CycleWatch } from './cycle-watch.js';
import { decide, type Decision } from './decide.js';
import { abortable, delay, spread } from './delay.js';
import { OnceFailedError } from './errors.js';
import { execute, type Claim, type Outcome, type Work } from './execute.js';
import { fromFailure, toDeath } from './failure.js';
import { refuseSelfWait } from './nesting.js';
import type { StepSettings } from './options.js';
import type { Replica } from './replica.js';
import { fromResult } from './result.js';
import type { Session } from './session.js';
import type { View } from './store.js';
import { Task } from './task.js';
import type { StepContext } from './types.js';
import { describeOwner, describeRetry, FIRST_POLL_MS, nextPoll } from './waiting.js';

/** What a step function was made of. */
export interface Shared {
  readonly settings: StepSettings;
  readonly work: Work;
  /** Where it was declared. */
  readonly at: string;
}

export class Call {
  readonly #task: Task;
  readonly #work: Work;
  readonly #watch: CycleWatch | undefined;
  #session: Session | undefined;
  #pollMs = FIRST_POLL_MS;
  #last: Outcome = { kind: 'none' };

  constructor(replica: Replica, { settings, work, at }: Shared, context: StepContext) {
    this.#task = new Task(replica, settings, context);
    this.#work = work;
    const { outer } = this.#task;
    this.#watch =
      outer && new CycleWatch(this.#task, { id: randomUUID(), from: outer, to: context.name, since: Date.now(), at });
  }

  /** Resolves with the step's result, on whatever replica it ran. */
  async run(): Promise<unknown> {
    refuseSelfWait(this.#task, this.#watch?.edge.at ?? '');
    const forget = this.#watch?.begin();
    try {
      const end = await this.#turn();
      try {
        await abortable(this.#task.replica.open(this.#task.signal, this.#task.onTrouble), this.#task.signal);
        return await this.#toTheEnd();
      } finally {
        end();
      }
    } finally {
      forget?.();
      await this.#session?.leave();
    }
  }

  async #toTheEnd(): Promise<unknown> {
    for (;;) {
      const view = await this.#task.look();
      const repeats = this.#last.kind === 'repeat';
      const decision = decide(view, this.#task.settings, this.#task.replica.session?.id, repeats);
      if (decision.kind === 'done') return this.#result(decision);
      if (decision.kind === 'failed') throw this.#failure(decision);
      this.#task.signal.throwIfAborted();
      await this.#act(decision, view);
    }
  }

  async #act(decision: Exclude<Decision, { kind: 'done' | 'failed' }>, view: View): Promise<void> {
    const { store } = this.#task.replica;
    switch (decision.kind) {
      case 'wait-owner':
        return this.#waitForOwner(decision, view);
      case 'wait-retry':
        this.#task.waiting.show(describeRetry(decision.failure));
        return this.#pause(Math.min(decision.ms, this.#nextPoll()));
      case 'bury': {
        const { owner } = decision;
        const isEnded = await this.#task.steady(() => store.end(owner.session, true));
        // Its transaction still holds the row: it is alive, whatever its beats say.
        return isEnded ? undefined : this.#pause(this.#nextPoll());
      }
      case 'exhausted': {
        const { attempts, owner } = decision;
        const run = { ...this.#task.blankRun(attempts), state: 'failed' as const, error: toDeath(owner, attempts) };
        const next = { fence: view.fence, owner: null, key: this.#task.settings.key, run };
        await this.#task.steady(() => store.write(this.#task.step, view.revision, next));
        return;
      }
      case 'claim':
        return this.#claim(decision, view);
    }
  }

  async #waitForOwner(decision: Extract<Decision, { kind: 'wait-owner' }>, view: View): Promise<void> {
    const { text, fraction, wait } = describeOwner(this.#task.step.name, decision, view, this.#task.settings.key);
    if (this.#task.waiting.show(text, fraction, wait)) this.#task.tell('wait', { text });
    await this.#pause(this.#nextPoll());
    await this.#watch?.check();
  }

  async #claim({ attempts, from }: Extract<Decision, { kind: 'claim' }>, view: View): Promise<void> {
    const { replica, step, settings } = this.#task;
    const fence = view.fence + 1;
    const claimedAt = performance.now();
    try {
      const session = await this.#join();
      const error =
        from && view.run?.state === 'running' ? toDeath(from, view.run.attempts) : (view.run?.error ?? null);
      const run = { ...this.#task.blankRun(attempts), state: 'running' as const, error };
      const next = { fence, owner: session.id, key: settings.key, run, ttlMs: replica.settings.leaseMs };
      const revision = await replica.store.write(step, view.revision, next);
      if (revision === 'ended') return await session.end();
      if (revision === 'conflict') return await this.#pause(20);
      this.#task.waiting.clear();
      this.#pollMs = FIRST_POLL_MS;
      const claim: Claim = { step, fence, attempt: attempts, revision, session, claimedAt };
      this.#task.tell(from ? 'take-over' : 'claim', {
        fence,
        attempt: attempts,
        ...(from && { text: `${from.host} died` }),
      });
      this.#last = await execute(this.#task, claim, this.#work, this.#last);
    } catch (error) {
      if (!replica.store.isTransient(error)) throw error;
      // The claim may have taken effect: then the next look shows it as this session's own, and nothing has run yet.
      this.#last = { kind: 'repeat', frees: this.#last.kind === 'repeat' ? this.#last.frees : 0 };
      this.#task.onTrouble(error);
      await this.#pause(this.#nextPoll());
    }
  }

  /** The session stays until the call ends: a claim whose answer was lost is still its own. */
  async #join(): Promise<Session> {
    if (this.#session?.isEnded) {
      const ended = this.#session;
      this.#session = undefined;
      await ended.leave();
    }
    return (this.#session ??= await this.#task.replica.join());
  }

  #result({ run, ahead }: Extract<Decision, { kind: 'done' }>): unknown {
    if (!ahead) {
      this.#task.waiting.clear();
      return fromResult(run.result);
    }
    const text = `a newer version (order ${ahead.order}) is done: there is nothing to run`;
    this.#task.waiting.show(text, 1);
    this.#task.tell('ahead', { text });
    return undefined;
  }

  #failure({ failure, fence }: Extract<Decision, { kind: 'failed' }>): Error {
    // Where it was thrown, the very object: callers look at its class.
    const isOwn = this.#last.kind === 'failed' && this.#last.fence === fence;
    const cause = isOwn && this.#last.kind === 'failed' ? this.#last.error : fromFailure(failure);
    return new OnceFailedError(this.#task.step.name, this.#task.settings.key, failure, cause);
  }

  async #turn(): Promise<() => void> {
    const turn = this.#task.replica.turn(this.#task.step.name);
    let end: (() => void) | undefined;
    void turn.then((given) => (end = given));
    try {
      for (let ms = 0; !end; ms = FIRST_POLL_MS) {
        await Promise.race([turn, delay(ms, this.#task.signal)]);
        if (!end && ms > 0) await this.#watch?.check();
      }
      return end;
    } catch (error) {
      void turn.then((given) => given()); // the place in the queue
      throw error;
    }
  }

  #nextPoll(): number {
    const ms = this.#pollMs;
    this.#pollMs = nextPoll(ms, this.#task.replica.settings.leaseMs, this.#task.outer !== undefined);
    return Math.min(ms, this.#task.replica.settings.leaseMs / 4);
  }

  #pause(ms: number): Promise<void> {
    return delay(spread(ms), this.#task.signal);
  }
}

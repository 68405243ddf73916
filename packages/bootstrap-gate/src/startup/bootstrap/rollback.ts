import { Owner, type Until, warn } from '@bootstrap-gate/deadlock/adapter';
import { UserWork } from './user-work.js';
import type { Clock } from '../../kit/clock.js';
import { messageOf } from '../../kit/errors.js';
import { endRecord, newRecord, type StopRecord } from '../../observe/record.js';
import type { Verdicts } from '../../observe/verdicts.js';

/** What a rollback takes from its attempt. */
export interface RollbackHost {
  readonly gate: string;
  readonly clock: Clock;
  readonly verdicts: Verdicts;
  /** Where it is remembered what was stopped. */
  readonly stops: StopRecord[];
  /** That of the gate: it neither opens nor ends before the rollback has. */
  readonly until: Until;
}

/** What has to be undone: pushed as work completes, undone from the end. */
export class Rollback {
  readonly #host: RollbackHost;
  readonly #due: { readonly step: string | null; readonly stop: () => unknown }[] = [];

  constructor(host: RollbackHost) {
    this.#host = host;
  }

  /** @param step null for the bootstrap itself */
  push(step: string | null, stop: () => unknown): void {
    this.#due.push({ step, stop });
  }

  /** Undoes all that is there, also what is pushed meanwhile, one after another. */
  async run(): Promise<void> {
    for (let last = this.#due.pop(); last; last = this.#due.pop())
      await this.#call(last.step, last.stop, [this.#host.until]);
  }

  /** Calls one `stop` at once, for which nothing waits. */
  call(step: string | null, stop: () => unknown): Promise<void> {
    return this.#call(step, stop, []);
  }

  /** An error in it is reported and keeps nothing else from running. */
  async #call(step: string | null, stop: () => unknown, untils: readonly Until[]): Promise<void> {
    const { gate, clock, verdicts, stops } = this.#host;
    const label = `stop of ${step === null ? 'the bootstrap' : `step "${step}"`} of gate "${gate}"`;
    const record = { ...newRecord(clock.now()), step, owner: new Owner(label, { isPart: true, party: verdicts }) };
    stops.push(record);
    try {
      const { owner, startedAt } = record;
      await new UserWork(stop, { owner, verdicts, startedAt, at: 'the rollback', untils }).result;
      endRecord(record, clock.now(), 'done');
    } catch (error) {
      endRecord(record, clock.now(), 'failed', error);
      warn('GATE_STOP_FAILED', `The ${label} failed: ${messageOf(error)}`, error);
    } finally {
      record.owner.settled = true;
    }
  }
}

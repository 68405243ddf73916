import type { FailureRecord, WaitEdge } from './store.js';

export type OnceErrorCode =
  | 'ERR_ONCE_FAILED'
  | 'ERR_ONCE_FENCED'
  | 'ERR_ONCE_DEADLOCK'
  | 'ERR_ONCE_STORE'
  | 'ERR_ONCE_RESULT'
  | 'ERR_ONCE_TRANSACTION'
  | 'ERR_ONCE_CLOSED';

/** Everything that this package throws on purpose, but for wrong arguments, which are a `TypeError`. */
export class OnceError extends Error {
  override readonly name: string = 'OnceError';
  readonly code: OnceErrorCode;

  constructor(code: OnceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The step has failed, on whatever replica. `cause` is the error; on the replica where it was thrown, the very object. */
export class OnceFailedError extends OnceError {
  override readonly name = 'OnceFailedError';
  readonly step: string;
  readonly key: string;
  /** The replica on which the last attempt failed. */
  readonly host: string;
  readonly pid: number;
  readonly attempt: number;

  constructor(step: string, key: string, failure: FailureRecord, cause: unknown) {
    super(
      'ERR_ONCE_FAILED',
      `step ${JSON.stringify(step)} (key ${JSON.stringify(key)}) failed on replica ${failure.host} (pid ${failure.pid}), ` +
        `attempt ${failure.attempt}: ${failure.message}. It runs again with a new key, or after forget().`,
      { cause },
    );
    this.step = step;
    this.key = key;
    this.host = failure.host;
    this.pid = failure.pid;
    this.attempt = failure.attempt;
  }
}

/** This execution was succeeded by another one, or has lost its lease: whatever it does now must not count. */
export class OnceFencedError extends OnceError {
  override readonly name = 'OnceFencedError';

  constructor(message: string, options?: ErrorOptions) {
    super('ERR_ONCE_FENCED', message, options);
  }
}

/** One wait in a cycle across replicas. */
export interface OnceWait extends Omit<WaitEdge, 'id' | 'from' | 'to'> {
  readonly step: string;
  readonly host: string;
  readonly pid: number;
  readonly waitsFor: string;
}

/** The same for the gate: its report, its error and its channels show it as they show verdicts of their own. */
export interface OnceVerdict {
  readonly certainty: 'certain';
  readonly cycle: readonly {
    readonly owner: string;
    readonly waitsFor: string;
    readonly since: number;
    readonly at: string;
  }[];
  readonly advice: string;
}

const ADVICE = 'Take the steps in the same order everywhere, or start the inner one after the outer one has ended.';

/** Steps of several replicas wait for each other. The youngest wait is refused; `cycle` has all of them. */
export class OnceDeadlockError extends OnceError {
  override readonly name = 'OnceDeadlockError';
  readonly cycle: readonly OnceWait[];
  readonly verdict: OnceVerdict;

  constructor(cycle: readonly OnceWait[]) {
    super(
      'ERR_ONCE_DEADLOCK',
      `step ${JSON.stringify(cycle[0]?.waitsFor)} is never free, because its holder waits for this one:\n` +
        cycle.map(describeWait).join('\n') +
        `\n${ADVICE}`,
    );
    this.cycle = cycle;
    this.verdict = { certainty: 'certain', cycle: cycle.map(toLink), advice: ADVICE };
  }
}

const toLink = ({ step, host, pid, waitsFor, since, at }: OnceWait) => ({
  owner: `step "${step}" on replica ${host} (pid ${pid})`,
  waitsFor: `step "${waitsFor}"`,
  since,
  at,
});

function describeWait({ step, host, pid, waitsFor, since, at }: OnceWait): string {
  const when = new Date(since).toISOString();
  return `  ${JSON.stringify(step)} on ${host} (pid ${pid}) waits for ${JSON.stringify(waitsFor)} since ${when} (${at})`;
}

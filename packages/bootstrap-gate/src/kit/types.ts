/**
 * Floor `kit`: the ground: types, errors, clock, contexts, option checks. Not here: anything that knows a gate, a request or
 * a process-wide channel.
 *
 * The public types of the gate. Defaults are those of the rules that gate-options.ts puts together.
 */
import type { DeadlockMode } from '@bootstrap-gate/deadlock';
import type { GateReport, GateState } from './report-types.js';

export type { GateState } from './report-types.js';

/** Repeats a failed call, with exponentially growing delays and jitter. */
export interface RetryOptions {
  /** How many times in all, the first included. Default 1: no repetition. */
  readonly attempts?: number | undefined;
  /** The delay before the second attempt, in ms; it doubles from then on. Half of each delay is random. Default 500. */
  readonly delayMs?: number | undefined;
  /** The longest delay, in ms. Default 30,000. */
  readonly maxDelayMs?: number | undefined;
  /** Says whether this error is worth another attempt. Default: every error is. */
  readonly when?: ((error: unknown, attempt: number) => boolean) | undefined;
}

/** What a step waits for outside this process, such as another replica. */
export interface ExternalWait {
  /** Such as `replica`. */
  readonly kind: string;
  readonly name: string;
  /** Epoch ms. */
  readonly since: number;
  /** More about it, for people. */
  readonly text?: string | undefined;
}

/** What the function of a step gets. */
export interface StepContext {
  /** The step's name. */
  readonly name: string;
  /** The gate's name. */
  readonly gate: string;
  /** Fires when the flight ends early, when its attempt fails, and at the step's `timeoutMs`. */
  readonly signal: AbortSignal;
  /** This step's own attempts, counted from 1. */
  readonly attempt: number;
  /** Tells how far this step is, from 0 to 1; beyond that it is cut off. Throws a TypeError for NaN. */
  progress(fraction: number, text?: string): void;
  /** Tells the report and the stall warning what this step waits for outside this process; null: for nothing any more. */
  waitsFor(what: ExternalWait | null): void;
}

export interface StepOptions<T> {
  /**
   * How long the step may take, in ms, its retries and delays included. Then it fails with `ERR_GATE_STEP_TIMEOUT`; a
   * value that still arrives is handed to `stop`. Default: no limit but the flight's.
   */
  readonly timeoutMs?: number | undefined;
  /** Repeats this step alone. Default: one attempt. */
  readonly retry?: RetryOptions | undefined;
  /** Its failure is reported, gives `undefined`, and does not fail the flight. Default false. */
  readonly optional?: boolean | undefined;
  /** Undoes the step: on failure of a later one, on reset and on close, in reverse order of completion. */
  readonly stop?: ((value: T) => unknown) | undefined;
  /** Names of steps that this one needs; for the report only. */
  readonly needs?: readonly string[] | undefined;
}

/** What the bootstrap gets. */
export interface Boot {
  /** Fires when the flight ends early: time limit, reset or close. One per flight. */
  readonly signal: AbortSignal;
  /** 1 for the first attempt of this flight, 2 for the second, … */
  readonly attempt: number;
  /**
   * Runs a named part of the bootstrap; calls `fn` in the same tick. A step that nobody awaits counts as awaited: the
   * flight waits for it, and its failure fails the flight.
   *
   * @throws what `fn` throws; `ERR_GATE_STEP_TIMEOUT`; the signal's reason once it has fired, without calling `fn`; a
   * TypeError for a wrong option. All of them reject the promise.
   */
  step<T>(
    name: string,
    fn: (context: StepContext) => T | PromiseLike<T>,
    options: StepOptions<T> & { readonly optional: true },
  ): Promise<T | undefined>;
  step<T>(name: string, fn: (context: StepContext) => T | PromiseLike<T>, options?: StepOptions<T>): Promise<T>;
  /**
   * Starts work that the flight does not wait for, and that may itself wait for the gate. Its failure is the process
   * warning `GATE_DETACHED_FAILED`.
   */
  detach(fn: () => unknown): void;
  /** Tells how far the whole bootstrap is, from 0 to 1; beyond that it is cut off. Throws a TypeError for NaN. */
  progress(fraction: number, text?: string): void;
}

/** A bootstrap as an object, such as a plan. */
export interface BootstrapObject<T> {
  run(boot: Boot): T | PromiseLike<T>;
  /** Undoes the bootstrap, before the `stop` of its steps. */
  stop?(value: T): unknown;
  /** Called when the gate is created; may throw. */
  check?(): void;
}

export type Bootstrap<T> = ((boot: Boot) => T | PromiseLike<T>) | BootstrapObject<T>;

export interface GateOptions<T = unknown> {
  /** Names the gate in errors, reports and warnings. Default `'bootstrap'`. */
  readonly name?: string | undefined;
  /**
   * What must complete once before work may pass. Without it the gate is in first-request mode: it lets one request
   * through alone and opens when that one has succeeded.
   */
  readonly bootstrap?: Bootstrap<T> | undefined;
  /** First-request mode only: how many pilots must succeed, one after another. Default 1. */
  readonly firstRequests?: number | undefined;
  /**
   * First-request mode only: after this many ms a pilot no longer holds up the others and no longer counts. It is not
   * interrupted. Default 10,000.
   */
  readonly pilotTimeoutMs?: number | undefined;
  /** Calls the bootstrap before `createGate` returns, instead of at the first caller. Default false. */
  readonly eager?: boolean | undefined;
  /** How long one flight may take, in ms, its retries and delays included. Default `Infinity`. */
  readonly bootTimeoutMs?: number | undefined;
  /** Repeats a failed bootstrap within its flight; completed steps are rolled back in between. Default: one attempt. */
  readonly retry?: RetryOptions | undefined;
  /** For this many ms after a failed flight callers are denied at once; the next one starts a new flight. Default 1,000. */
  readonly cooldownMs?: number | undefined;
  /** A flight older than this many ms is reported, once per pending step. It is not interrupted. Default 10,000. */
  readonly stallAfterMs?: number | undefined;
  /**
   * When the event loop is blocked for more than this many ms while a flight runs, a thread of its own says so on stderr,
   * with the stack; afterwards it is the process warning `GATE_LOOP_BLOCKED` and in the report. The thread costs the start
   * some 5 ms and 10 MB, and ends with the flight; `Infinity` does without it. Not in tests, in a worker, under a debugger,
   * or on Bun and Deno. At least 300. Default 5,000.
   */
  readonly blockedAfterMs?: number | undefined;
  /**
   * For processes that something restarts: after a failed flight the report goes to stderr, what has started is rolled back
   * within 10 s, and the process exits with code 1. Default false.
   */
  readonly exitOnFailure?: boolean | undefined;
  /**
   * Where the durations of the last ten boots are kept: the path of a file, or a store. With it, `report()` has an
   * estimate of what is left and the steps that became slower, and `Retry-After` follows it. A history that cannot be
   * read or saved is the process warning `GATE_CALLBACK_FAILED`, and never breaks a boot. Default: none.
   */
  readonly history?: string | HistoryStore | undefined;
  /** What to do with a wait that can never end: reject it, warn, or leave it. Default `'throw'`. */
  readonly deadlock?: DeadlockMode | undefined;
}

/** `GateOptions` with a bootstrap. */
export type BootstrapOptions<T> = GateOptions<T> & { readonly bootstrap: Bootstrap<T> };

/** `GateOptions` without one: first-request mode. */
export type FirstRequestOptions = Pick<GateOptions, 'name' | 'deadlock' | 'firstRequests' | 'pilotTimeoutMs'> & {
  readonly [Name in Exclude<keyof GateOptions, 'name' | 'deadlock' | 'firstRequests' | 'pilotTimeoutMs'>]?: undefined;
};

/** Keeps one text from one process to the next, such as a row of a table. Both may return a promise, and may fail. */
export interface HistoryStore {
  /** What was saved last; undefined when nothing was. */
  load(): string | undefined | PromiseLike<string | undefined>;
  save(text: string): unknown;
}

export interface WaitOptions {
  /** Stops waiting; the promise rejects with the signal's reason. The flight goes on. */
  readonly signal?: AbortSignal | undefined;
  /** How long to wait, in ms. Default: as long as the flight. */
  readonly timeoutMs?: number | undefined;
}

export interface CloseOptions {
  /** How long to wait for the bootstrap and the stops, in ms; they are not interrupted. Default `Infinity`. */
  readonly timeoutMs?: number | undefined;
}

/** The object that answers "may work pass yet?". */
export interface Gate<T = unknown> {
  readonly name: string;
  /** Whether requests pass: true in `ready` and in `draining`. A plain property, for the hot path. */
  readonly ready: boolean;
  readonly state: GateState;
  /** What the bootstrap produced. @throws `ERR_GATE_NOT_READY` while the gate is not open, `ERR_GATE_CLOSED` after close. */
  readonly value: T;
  /** How many callers and requests wait right now. */
  readonly waiting: number;
  /**
   * Waits until the gate is open and gives the bootstrap's value; starts the flight if none runs, joins it otherwise.
   * In first-request mode it waits for the pilots.
   *
   * @throws (rejects with) a fresh `GateError` whose `cause` is the bootstrap's error; `ERR_GATE_WAIT_TIMEOUT`;
   * `ERR_GATE_DEADLOCK` when this wait can never end; the reason of `signal`; a TypeError for a wrong option.
   */
  ensureReady(options?: WaitOptions): Promise<T>;
  /**
   * Makes a function wait for the gate. In first-request mode its first call is a pilot.
   *
   * @throws (rejects with) what `ensureReady` or the function rejects with. A wrong option is a TypeError at once.
   */
  wrap<This, Args extends unknown[], R>(
    fn: (this: This, ...args: Args) => R,
    options?: { readonly timeoutMs?: number | undefined },
  ): (this: This, ...args: Args) => Promise<Awaited<R>>;
  report(): GateReport;
  /** Calls back synchronously at each change of state, in order. Returns the unsubscription. */
  onChange(listener: (state: GateState, previous: GateState) => void): () => void;
  /**
   * Forgets the bootstrap: denies who waits, aborts a running flight, rolls back. Resolves when that is done and the
   * gate is `idle`. Who calls meanwhile waits for the next flight. A closed gate stays closed.
   */
  reset(): Promise<void>;
  /** Makes readiness false while requests still pass. Does nothing in any state but `ready`. */
  drain(): void;
  /**
   * Denies everybody from now on, aborts a running flight, rolls back; resolves when that is done. With `timeoutMs` it
   * resolves then at the latest, and the warning `GATE_UNFINISHED` names what still runs. May be a listener of a signal,
   * whose name is ignored.
   *
   * @throws (rejects with) `ERR_GATE_DEADLOCK` when the bootstrap awaits it; a TypeError for a wrong option
   */
  close(options?: CloseOptions | string): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

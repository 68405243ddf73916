/** For whom a step waits. */
export interface ReplicaWait {
  readonly kind: 'replica';
  readonly name: string;
  /** Epoch ms, by the store's clock. */
  readonly since: number;
  /** Attempt, progress, and what came before. */
  readonly text: string;
}

/** What a step gets from the gate. Also enough to call a step function without one: `run({ name: 'migrate' })`. */
export interface StepContext {
  readonly name: string;
  readonly gate?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  progress?(fraction: number, text?: string): void;
  /** Where the gate offers it: for whom the step waits, or null when it no longer does. */
  waitsFor?(what: ReplicaWait | null): void;
}

export type StepFunction<T> = (context: StepContext) => Promise<T>;

/** What `fn` of both kinds gets. */
export interface Execution {
  /** Fires when the gate gives the step up, when the lease or the connection is lost, and when `close()` is called. */
  readonly signal: AbortSignal;
  /** Which attempt, counted across replicas and take-overs. */
  readonly attempt: number;
  /** Rises with every execution of the step, on whatever replica. */
  readonly fence: number;
  /** Shown in the reports of all replicas. */
  progress(fraction: number, text?: string): void;
}

export interface StepOptions {
  /**
   * The version of the work, such as a hash of the schema; any string of 1 to 512 bytes. A key runs once, ever: a changed
   * key runs, a key that is changed back does not.
   */
  readonly key?: string | undefined;
  /**
   * The version of the work as an integer. A finished run of the same or a higher order satisfies a lower one, so a
   * deployment that is rolled back runs nothing. Without `key` it is the key, too.
   */
  readonly order?: number | undefined;
  /** How often the work is tried, counted across replicas and take-overs. Default 5. */
  readonly attempts?: number | undefined;
  /** Delay before the second attempt in milliseconds; doubled for each further one, at most 30 s. Default 500. */
  readonly retryMs?: number | undefined;
  /**
   * `true`: refuse a store that can forget, because then the work would run again. `false`: it may run again. Default
   * true.
   */
  readonly durable?: boolean | undefined;
}

/** Options that every store takes. */
export interface OnceOptions {
  /** Separates applications that share a store; 1 to 128 bytes. */
  readonly namespace: string;
  /**
   * How long a replica that tells nothing is taken for alive, in milliseconds; it beats six times as often. At least 300.
   * Default 30,000.
   */
  readonly leaseMs?: number | undefined;
  /** What the other replicas call this one. Default: the host's name. */
  readonly replica?: string | undefined;
}

/**
 * What a store must be able to do. Safety rests on two things only: `write` is a compare-and-set, and an end is terminal.
 * Clocks decide when to look for a successor, never who may write.
 */

/** A step, across all replicas that share a store. */
export interface StepId {
  readonly namespace: string;
  readonly name: string;
}

/** What a store guarantees. */
export interface StoreTraits {
  /** Whose clock says that a lease has expired: the store's own, or each observer's monotonic one. */
  readonly clock: 'store' | 'observer';
  /** Whether an acknowledged write survives a failover, a restart and memory pressure. */
  readonly durable: boolean;
  /** Whether the effect of a step and its record can commit together. */
  readonly transactions: boolean;
}

/** An error as it travels between processes: stack and causes are capped. */
export interface FailureRecord {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: FailureRecord;
  /** The replica on which the attempt failed, or which died during it. */
  readonly host: string;
  readonly pid: number;
  readonly attempt: number;
  /** Whether the replica died, so that another one wrote this record. */
  readonly died?: boolean;
  /** Whether no further attempt is made, because it could not end otherwise. */
  readonly final?: boolean;
}

/** What has become of one key of a step. */
export interface Run {
  readonly key: string;
  readonly order: number | null;
  readonly state: 'running' | 'done' | 'failed';
  /** Of the execution that wrote this. */
  readonly fence: number;
  readonly attempts: number;
  /** JSON. */
  readonly result: string | null;
  /** Why the last attempt failed, also while the next one runs. */
  readonly error: FailureRecord | null;
  /** How long the next attempt has to wait, by the store's clock. */
  readonly retryInMs: number;
}

/** A wait of a step that is held for another one. */
export interface WaitEdge {
  readonly id: string;
  readonly from: { readonly step: string; readonly fence: number };
  readonly to: string;
  /** Epoch ms on the clock of the waiting replica. */
  readonly since: number;
  /** Where the waiting step was declared. */
  readonly at: string;
}

/** What a replica tells the others with each beat. */
export interface Status {
  readonly progress: Readonly<Record<string, { readonly fraction: number; readonly text: string | null }>>;
  readonly waits: readonly WaitEdge[];
}

export interface Owner {
  readonly session: string;
  readonly host: string;
  readonly pid: number;
  /** Terminal: it will never beat, claim or hold again. */
  readonly ended: boolean;
  /** Its lease is over; whoever needs the step may end it. */
  readonly expired: boolean;
  readonly status: Status | null;
}

/** A step and one of its keys, in one consistent snapshot. */
export interface View {
  /** Rises with every write; 0 where the step was never written. */
  readonly revision: number;
  /** Of the last execution, of whatever key. */
  readonly fence: number;
  /** `since` in epoch ms on the store's clock. */
  readonly running: { readonly key: string; readonly since: number; readonly owner: Owner } | null;
  readonly run: Run | null;
  /** The newest done run whose order is at least the one asked for. */
  readonly ahead: Run | null;
}

/** The next state of a step and of one of its runs. */
export interface Change {
  readonly fence: number;
  /** The session that holds the step from now on; null frees it. */
  readonly owner: string | null;
  readonly key: string;
  /** null deletes the run. */
  readonly run: Omit<Run, 'key' | 'fence'> | null;
  /** Renews the owner's lease in the same write, and refuses it where the owner has ended. */
  readonly ttlMs?: number;
}

export interface SessionInfo {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
}

/** A replica that holds steps. */
export interface Peer extends Omit<Owner, 'expired'> {
  readonly holds: readonly { readonly step: string; readonly fence: number }[];
}

/** Beats that do not depend on the main thread's event loop. */
export interface Beats {
  /** When the last successful beat was sent, by `process.hrtime.bigint()`; 0n before the first one. */
  sentAt(): bigint;
  /** The session was ended by someone else. */
  isEnded(): boolean;
  publish(status: Status): void;
  /** It has died; the main thread has to beat. */
  isBroken(): boolean;
  stop(): void;
}

export interface Store {
  /** For messages, such as `Postgres`. */
  readonly name: string;
  readonly traits: StoreTraits;
  /** Creates what is missing; called before anything else, again after a transient error. */
  open(): Promise<void>;
  look(step: StepId, key: string, order: number | null): Promise<View>;
  /**
   * Compare-and-set: only where the revision is still `seen`. Gives the new revision. When it throws, nobody knows
   * whether it took effect: look again.
   */
  write(step: StepId, seen: number, next: Change): Promise<number | 'conflict' | 'ended'>;
  join(session: SessionInfo, ttlMs: number): Promise<void>;
  /** Renews the lease; never brings an ended session back. */
  beat(session: string, ttlMs: number, status: Status): Promise<'ok' | 'ended'>;
  /** Ends a session, for good; with `ifExpired` only where its lease is over. Says whether it has ended, by whomever. */
  end(session: string, ifExpired: boolean): Promise<boolean>;
  /** The replicas that hold steps of a namespace, in one snapshot. */
  peers(namespace: string): Promise<readonly Peer[]>;
  /** Whether the same call may succeed a moment later. */
  isTransient(error: unknown): boolean;
  /** Starts beats in a worker thread, where the store can. */
  beatInWorker?(session: string, ttlMs: number, everyMs: number): Beats | undefined;
  /** Steps whose statements wait for a row or table that another step has locked. */
  lockWaits?(peers: readonly Peer[]): Promise<readonly { readonly from: string; readonly to: string }[]>;
  /** Gives back what `open` took. */
  close?(): Promise<void>;
}

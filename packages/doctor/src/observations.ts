/** What the starts of an examination have shown, before it is judged. */
import type { Awaits, Pending } from './journal-entry.js';
import type { Answer } from './probe/answer.js';
import type { Quiet } from './start/activity.js';
import type { Door } from './start/door.js';
import type { JournalReader } from './start/journal-reader.js';
import type { Ending, Exit } from './start/start.js';

export interface Run {
  readonly startedAt: number;
  readonly journal: JournalReader;
  /** Undefined when no HTTP port was opened. */
  readonly door: Door | undefined;
  /** It ended by itself. */
  readonly exit: Exit | undefined;
  readonly output: string;
  readonly ending: Ending;
}

/** An undisturbed start, and then each request alone. */
export interface AloneRun extends Run {
  readonly quiet: Quiet | undefined;
  readonly paths: readonly string[];
  readonly health: readonly string[];
  readonly first: readonly Answer[];
  readonly warm: readonly Answer[];
  /** One request at a time again, after a burst as large as the herd's first. */
  readonly afterBurst: readonly Answer[];
}

/** A start with requests from the moment the port is open. */
export interface HerdRun extends Run {
  readonly early: readonly Answer[];
  readonly late: readonly Answer[];
  readonly quiet: Quiet | undefined;
}

/** A start that gets SIGTERM half-way. */
export interface InterruptedRun {
  readonly afterMs: number;
  readonly portWasOpen: boolean;
  readonly ending: Ending;
}

export type DownMode = 'refuse' | 'silent';

/** A start while a service is down. */
export interface DownRun extends Run {
  readonly target: string;
  readonly mode: DownMode;
  readonly afterMs: number;
  readonly answers: readonly Answer[];
}

/** A start that is asked what it awaits, because one before it hung or ended. */
export interface HangRun {
  readonly exit: Exit | undefined;
  readonly awaits: Awaits | undefined;
  /** The event loop did not turn, so nothing could be asked. */
  readonly isBlocked: boolean;
  readonly pending: readonly Pending[];
}

export interface Observations {
  readonly alone: AloneRun;
  readonly herd: HerdRun | undefined;
  readonly interrupted: InterruptedRun | undefined;
  readonly down: readonly DownRun[];
  readonly hang: HangRun | undefined;
  readonly limitMs: number;
}

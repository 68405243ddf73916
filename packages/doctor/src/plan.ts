/** What an examination is asked to do. */
import type { Code } from './finding.js';
import type { DownMode } from './observations.js';

export interface Plan {
  readonly command: readonly string[];
  /** The doctor's own arguments, to repeat the examination with. */
  readonly options: readonly string[];
  readonly paths: readonly string[];
  readonly health: readonly string[];
  /** Where the server is expected; needed without the preload only. */
  readonly port: number | undefined;
  readonly preload: boolean;
  readonly down: readonly { readonly target: string; readonly mode: DownMode }[];
  /** Start once more and send SIGTERM half-way. */
  readonly interrupt: boolean;
  readonly ignore: ReadonlySet<Code>;
  /** How long a start may take to open its port, and to become quiet after that. */
  readonly limitMs: number;
  /** How long nothing of the start must happen for it to be over. */
  readonly quietMs: number;
  /** How long a process has to obey SIGTERM. */
  readonly graceMs: number;
  readonly allowProduction: boolean;
}

export interface Output {
  readonly strict: boolean;
  /** `-` is stdout. */
  readonly json: string | undefined;
  readonly html: string | undefined;
}

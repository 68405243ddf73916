/** What the preload in the application's process writes, one JSON line each, and what the examiner reads. */

import type { Explanation } from '@bootstrap-gate/deadlock';

/** A line of source code. `file` is a path, `line` and `column` count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly fn?: string | undefined;
}

/** Where something was called from: the application's own lines, innermost first, or the package that did it. */
export interface CallSite {
  readonly own: readonly Place[];
  readonly package?: string | undefined;
}

/** The start (0) or the number of the request in whose async context something happened. */
export type Context = number;

/** An asynchronous operation that belongs to the start and has not ended yet. */
export interface Pending {
  readonly kind: string;
  readonly since: number;
  readonly delayMs?: number | undefined;
  readonly site?: CallSite | undefined;
}

/** What the process awaits, as `explain()` of `@bootstrap-gate/deadlock` says it. */
export type Awaits = Pick<Explanation, 'awaits' | 'cycles' | 'unavailable'>;

export type Address = string | { readonly address: string; readonly family: string; readonly port: number };

export type Entry = { readonly at: number } & (
  | { readonly type: 'start'; readonly argv: readonly string[]; readonly node: string; readonly nodeEnv?: string }
  | { readonly type: 'listen'; readonly server: number; readonly site: CallSite }
  | {
      readonly type: 'open';
      readonly server: number;
      readonly address: Address;
      readonly protocol: 'http' | 'https' | 'h2c' | 'h2' | 'other';
      /** Requests that an HTTP/1 client may send although the server speaks HTTP/2. */
      readonly allowsHttp1: boolean;
    }
  | { readonly type: 'request'; readonly id: number; readonly target: string; readonly probe: boolean }
  | { readonly type: 'self-request'; readonly target: string; readonly site: CallSite }
  | { readonly type: 'routes'; readonly paths: readonly string[] }
  | {
      readonly type: 'connect';
      readonly connection: number;
      readonly to: string;
      readonly context: Context;
      readonly site: CallSite;
    }
  | { readonly type: 'connect-failed'; readonly connection: number; readonly to: string; readonly code: string }
  | {
      readonly type: 'statement';
      readonly to: string;
      readonly context: Context;
      readonly hash: string;
      readonly text: string;
    }
  | {
      readonly type: 'operation';
      readonly kind: string;
      readonly from: number;
      readonly delayMs?: number | undefined;
      readonly site?: CallSite | undefined;
    }
  | {
      readonly type: 'beat';
      readonly pending: readonly Pending[];
      /** How long the event loop has been active and idle altogether. */
      readonly activeMs: number;
      readonly idleMs: number;
    }
  | ({ readonly type: 'awaits' } & Awaits)
  | {
      readonly type: 'crash';
      readonly message: string;
      readonly code?: string | undefined;
      readonly own: readonly Place[];
    }
  | {
      readonly type: 'exit';
      readonly code: number;
      /** Where `process.exit` was called, if it was. */
      readonly site: CallSite;
      readonly pending: readonly Pending[];
      readonly cpuMs: number;
    }
);

export type EntryOf<T extends Entry['type']> = Extract<Entry, { readonly type: T }>;

/** What the examiner tells the preload, as JSON in the environment variable `BOOTSTRAP_GATE_DOCTOR`. */
export interface Orders {
  /** The folder of the journals, one file per process. */
  readonly folder: string;
  /** The examiner's process: when it is gone, the application ends. */
  readonly examiner: number;
  /** `host:port` → the loopback port that plays the part of a service that is down. */
  readonly down: Readonly<Record<string, number>>;
}

/** The examiner makes this file in the folder when it wants to know what a process awaits. */
export const ASK_AWAITS = 'awaits.wanted';

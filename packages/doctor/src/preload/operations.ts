/** Watches the asynchronous operations of the start: while one is under way, the start is not over. */
import { createHook } from 'node:async_hooks';
import type { Pending } from '../journal-entry.js';
import { captureStack, siteOf, type Stack } from './call-site.js';
import { currentContext } from './context.js';
import { now, type Journal } from './journal.js';

interface Operation {
  readonly kind: string;
  readonly from: number;
  readonly stack: Stack;
  readonly timer?: Timer | undefined;
}

type Timer = { readonly _idleTimeout: number; readonly _repeat: number | null; hasRef?(): boolean };

/** What ends by itself and means work. Sockets, servers and watchers live on and say nothing. */
const WORK = new Set([
  'Timeout',
  'FSREQCALLBACK',
  'FSREQPROMISE',
  'GETADDRINFOREQWRAP',
  'GETNAMEINFOREQWRAP',
  'QUERYWRAP',
  'TCPCONNECTWRAP',
  'PIPECONNECTWRAP',
  'PROCESSWRAP',
  'PBKDF2REQUEST',
  'SCRYPTREQUEST',
  'KEYPAIRGENREQUEST',
]);
const MOST = 20_000;
const WORTH_TELLING_MS = 3;
/** What waits longer than this is no part of a start: a daily job, a session's end. */
const LONG_MS = 5_000;

export interface Operations {
  pending(): Pending[];
  /** Runs something of the preload's own, unseen. */
  unseen<T>(work: () => T): T;
}

export function watchOperations(journal: Journal): Operations {
  const operations = new Map<number, Operation>();
  let muted = false;

  function init(id: number, kind: string, _trigger: number, resource: object): void {
    if (muted) return;
    if (!WORK.has(kind) || operations.size >= MOST || currentContext() !== 0) return;
    const timer = kind === 'Timeout' ? (resource as Timer) : undefined;
    if (timer && (timer._idleTimeout <= 1 || timer._repeat !== null || timer._idleTimeout > LONG_MS)) return;
    operations.set(id, { kind, from: now(), stack: captureStack(), timer });
  }

  function ended(id: number): void {
    const operation = operations.get(id);
    if (!operation) return;
    operations.delete(id);
    if (operation.timer?.hasRef?.() === false || now() - operation.from < WORTH_TELLING_MS) return;
    journal.write({ type: 'operation', kind: operation.kind, from: operation.from, ...detailsOf(operation) });
  }

  const hook = createHook({
    init,
    before: ended,
    destroy: ended,
    // Node 24 and later can leave promises alone, which is most of the cost.
    ...{ trackPromises: false },
  });
  hook.enable();

  return {
    pending: () =>
      [...operations.values()]
        .filter(({ timer }) => timer?.hasRef?.() !== false)
        .slice(0, 30)
        .map((operation) => ({ kind: operation.kind, since: operation.from, ...detailsOf(operation) })),
    unseen(work) {
      muted = true;
      try {
        return work();
      } finally {
        muted = false;
      }
    },
  };
}

function detailsOf({ timer, stack }: Operation): Pick<Pending, 'delayMs' | 'site'> {
  return { site: siteOf(stack), ...(timer && { delayMs: Math.round(timer._idleTimeout) }) };
}

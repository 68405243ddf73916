/** What is found out of the whole process while a bootstrap runs: what it awaits and has open, and where its loop is blocked. */
import type { BlockedLoop, Stall } from '@bootstrap-gate/deadlock';
import { isTest, type Owner, startWatchdog } from '@bootstrap-gate/deadlock/adapter';

export interface Insight {
  /** Looks once. Undefined where nothing can be found out. Never rejects. */
  explain(pending: readonly Owner[]): Promise<Stall | undefined>;
  /** Tells when the event loop was blocked for longer, until the returned function is called. */
  watchLoop(blockedAfterMs: number, onBlocked: (blocked: BlockedLoop) => void): () => void;
}

/** For tests that say what they see: nothing. */
export const noInsight: Insight = {
  explain: () => Promise.resolve(undefined),
  watchLoop: () => () => {},
};

export const processInsight: Insight = {
  /** The heap is read by code that is loaded only now. */
  async explain(pending) {
    try {
      const { describeStall } = await import('@bootstrap-gate/deadlock');
      const steps = Object.fromEntries(pending.map(({ label, result }) => [label, result?.deref()]));
      const stall = await describeStall({ steps });
      const { text, unavailable, locks, pools, open } = stall;
      const tells =
        unavailable === undefined || locks.length + pools.length > 0 || open.some(({ isSuspect }) => isSuspect);
      return tells && text ? stall : undefined;
    } catch {
      return undefined; // a bundle without the package, a runtime without heap snapshots
    }
  },
  /** A thread for each gate of a test suite would slow it down, and tests stop the clock. */
  watchLoop: (afterMs, onBlocked) =>
    afterMs === Infinity || isTest() ? () => {} : startWatchdog({ afterMs, onBlocked }),
};

/** What the process awaits and has open, read from its heap when a flight stalls or the process runs dry. Loaded only then. */
import type { Owner } from '@bootstrap-gate/deadlock/adapter';

/** Gives the text; empty where there is nothing to say. Never rejects. */
export type Explain = (pending: readonly Owner[]) => Promise<string>;

/** For tests that say what they see: nothing. */
export const noExplanation: Explain = () => Promise.resolve('');

export const explainProcess: Explain = async (pending) => {
  try {
    const { describeStall } = await import('@bootstrap-gate/deadlock');
    const steps = Object.fromEntries(pending.map(({ label, result }) => [label, result?.deref()]));
    const { text, unavailable, locks, pools, open } = await describeStall({ steps });
    const tells =
      unavailable === undefined || locks.length + pools.length > 0 || open.some(({ isSuspect }) => isSuspect);
    return tells ? text : '';
  } catch {
    return ''; // a bundle without the package, a runtime without heap snapshots
  }
};

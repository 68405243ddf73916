import { processWide } from '../process-wide.js';
import { collectGarbage } from './collect-garbage.js';

const MB = 2 ** 20;

/**
 * Sets up to which heap, in megabytes, waits are proven hopeless by a heap snapshot, which stops the process for 0.2 s at a
 * small heap and about 1 s at 24 MB, the default. Above it gates are proven by one garbage collection, and locks not at all.
 *
 * @param megabytes `0`: never by a snapshot
 * @throws TypeError for anything but a number that is not negative
 */
export function setProofHeapLimit(megabytes: number): void {
  if (typeof megabytes !== 'number' || !(megabytes >= 0)) {
    throw new TypeError(`setProofHeapLimit: the limit must be a number of megabytes, not ${String(megabytes)}`);
  }
  processWide.proofHeapMb = megabytes;
}

/** What was left after the last collection. */
let leftMb = 0;

/** Whether the heap is small enough for a snapshot. What is used counts garbage too: a collection decides the doubt. */
export function isHeapSmall(): boolean {
  const limit = processWide.proofHeapMb;
  const used = usedMb();
  if (used <= limit) return true;
  if (limit === 0 || used > limit * 8 || (leftMb > limit && used > leftMb * 0.9) || !collectGarbage()) return false;
  leftMb = usedMb();
  return leftMb <= limit;
}

function usedMb(): number {
  try {
    return process.memoryUsage().heapUsed / MB;
  } catch {
    return Infinity;
  }
}

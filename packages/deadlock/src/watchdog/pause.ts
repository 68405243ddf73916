import { BEAT, PAUSES } from './thread.js';

/** Watchdogs look away while this package itself stands still, as when it reads the heap. */
const watched = new Set<Int32Array>();

/** A watchdog's shared numbers; the third says whether to look away. */
export function addWatchdog(numbers: Int32Array): () => void {
  watched.add(numbers);
  return () => void watched.delete(numbers);
}

export function unwatched<T>(work: () => T): T {
  for (const numbers of watched) Atomics.add(numbers, PAUSES, 1);
  try {
    return work();
  } finally {
    for (const numbers of watched) {
      Atomics.sub(numbers, PAUSES, 1);
      Atomics.add(numbers, BEAT, 1);
    }
  }
}

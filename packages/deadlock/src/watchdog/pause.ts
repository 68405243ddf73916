/** Watchdogs look away while this package itself stands still, as when it reads the heap. */
const watched = new Set<Int32Array>();

/** A watchdog's shared numbers; the third says whether to look away. */
export function addWatchdog(beat: Int32Array): () => void {
  watched.add(beat);
  return () => void watched.delete(beat);
}

export function unwatched<T>(work: () => T): T {
  for (const beat of watched) Atomics.add(beat, 2, 1);
  try {
    return work();
  } finally {
    for (const beat of watched) {
      Atomics.sub(beat, 2, 1);
      Atomics.add(beat, 0, 1);
    }
  }
}

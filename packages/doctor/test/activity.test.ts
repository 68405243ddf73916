import { isBusy, quietSince } from '../src/start/activity.js';
import type { JournalReader, Recorded } from '../src/start/journal-reader.js';
import type { Entry } from '../src/journal-entry.js';

type Beat = Extract<Recorded, { type: 'beat' }>;

/** Ten beats a second until `until`, of an event loop that is active for a share of the time. */
function beats(share: number, until: number, process = '1-0'): Beat[] {
  return Array.from({ length: 20 }, (_, at) => {
    const when = until - (19 - at) * 100;
    return { type: 'beat', at: when, pending: [], activeMs: share * when, idleMs: (1 - share) * when, process };
  });
}

function quiet(entries: readonly Recorded[], at: number): boolean {
  const journal = {
    of: (type: Entry['type']) => entries.filter((entry) => entry.type === type),
  } as unknown as JournalReader;
  return quietSince(journal, new Set(), at, 1_000).quiet;
}

test('an event loop that turns and computes is busy', () => {
  expect(isBusy(beats(0.9, 5_000), 5_050)).toBe(true);
  expect(isBusy(beats(0.1, 5_000), 5_050)).toBe(false);
});

test('an event loop that has stopped turning is not busy, and a start with it is not quiet either', () => {
  expect(isBusy(beats(0.9, 5_000), 9_000)).toBe(false);
  expect(quiet(beats(0.1, 5_000), 5_050)).toBe(true);
  expect(quiet(beats(0.1, 5_000), 9_000)).toBe(false);
});

test('each process of a cluster counts by itself', () => {
  const both = [...beats(0.1, 5_000, '1-0'), ...beats(0.15, 5_010, '2-0'), ...beats(0.12, 5_020, '3-0')];
  expect(quiet(both, 5_050)).toBe(true);
  expect(quiet([...both, ...beats(0.9, 5_030, '4-0')], 5_050)).toBe(false);
});

/** The requests of the demo, each with what its answer must be. */
import { isDeepStrictEqual } from 'node:util';
import type { City } from '../dataset.js';
import { sha256, type Receipt } from '../notes.js';
import { PAGE, type Found } from '../search.js';

export interface Call {
  readonly path: string;
  /** The text to post; a search has none. */
  readonly note?: string;
  /** Why this is not the right answer; undefined if it is. */
  flaw(status: number, body: unknown): string | undefined;
}

/** Two searches, one note, two searches, …, for prefixes that are spread over the data set. */
export function planCalls(count: number, cities: readonly City[]): Call[] {
  return Array.from({ length: count }, (_, index) => {
    const city = cities[Math.floor((index * cities.length) / count)]!;
    return index % 3 === 2 ? note(`${index}: ${city.name} `.repeat(100)) : search(city.name.slice(0, 3), cities);
  });
}

function search(prefix: string, cities: readonly City[]): Call {
  const matching = cities.filter(({ name }) => name.startsWith(prefix));
  const largest = matching.sort((a, b) => b.population - a.population || a.id - b.id).slice(0, PAGE);
  const expected: Found = { total: matching.length, cities: largest };
  return {
    path: `/cities?prefix=${encodeURIComponent(prefix)}`,
    flaw(status, body) {
      if (status !== 200) return `status ${status}`;
      if ((body as Found).total < expected.total) return 'too few cities';
      return isDeepStrictEqual(body, expected) ? undefined : 'wrong cities';
    },
  };
}

function note(text: string): Call {
  const checksum = sha256(text);
  return {
    path: '/notes',
    note: text,
    flaw(status, body) {
      if (status !== 201) return `status ${status}`;
      return (body as Receipt).sha256 === checksum ? undefined : 'wrong checksum';
    },
  };
}

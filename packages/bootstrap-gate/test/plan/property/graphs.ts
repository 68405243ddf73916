/** Graphs as data. */
import fc from 'fast-check';

export interface GraphStep {
  readonly name: string;
  readonly needs: readonly string[];
}

const nameOf = (at: number): string => `s${at}`;

/** Steps without a cycle, in any order. */
export const acyclic: fc.Arbitrary<GraphStep[]> = fc
  .array(fc.array(fc.nat({ max: 11 }), { maxLength: 4 }), { minLength: 1, maxLength: 12 })
  .map((rows) => rows.map((row, at) => ({ name: nameOf(at), needs: earlier(row, at) })))
  .chain((steps) => fc.shuffledSubarray(steps, { minLength: steps.length }));

const earlier = (row: readonly number[], at: number): string[] =>
  at === 0 ? [] : [...new Set(row.map((one) => nameOf(one % at)))];

/** Steps with any needs at all, and sometimes with a name twice or a need that nobody defines. */
export const anyGraph: fc.Arbitrary<GraphStep[]> = fc.array(
  fc.record({
    name: fc.nat({ max: 7 }).map(nameOf),
    needs: fc.uniqueArray(fc.nat({ max: 8 }).map(nameOf), { maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 8 },
);

/** The names that can be reached along the needs, one step at least. */
export function reachable(steps: readonly GraphStep[], from: string): Set<string> {
  const found = new Set<string>();
  const visit = (name: string): void => {
    for (const need of steps.find((step) => step.name === name)?.needs ?? []) {
      if (found.has(need)) continue;
      found.add(need);
      visit(need);
    }
  };
  visit(from);
  return found;
}

/** How many runs a property makes; `PROPERTY_RUNS` multiplies them, say 100 for a long night. */
export const runs = (usual: number): number => Math.ceil(usual * Number(process.env['PROPERTY_RUNS'] ?? 1));

/** Of jest, with a property; a run takes a few ms. */
export const patienceMs = 60_000 * Math.max(1, runs(1));

/** The three names that are most like this one, for a hint at a misspelt one. */
export function nearest(name: string, names: Iterable<string>): string[] {
  const byDistance = [...names].map((other) => [distance(name, other), other] as const).sort(([a], [b]) => a - b);
  return byDistance.slice(0, 3).map(([, other]) => other);
}

/** Levenshtein's: how many letters have to be added, left out or replaced to make one of the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let y = 0; y < from.length; y++) {
    const next = [y + 1];
    for (let x = 0; x < to.length; x++) {
      const replaced = row[x]! + (from[y] === to[x] ? 0 : 1);
      next.push(Math.min(replaced, row[x + 1]! + 1, next[x]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}

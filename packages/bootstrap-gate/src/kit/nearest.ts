/** The three names that are most like this one, for a hint at a misspelt one. */
export function nearest(name: string, names: Iterable<string>): string[] {
  const byDistance = [...names].map((other) => [distance(name, other), other] as const).sort(([a], [b]) => a - b);
  return byDistance.slice(0, 3).map(([, other]) => other);
}

/** The name that was probably meant; undefined where none is close enough. */
export function probable(name: string, names: Iterable<string>): string | undefined {
  const [closest] = nearest(name, names);
  const isClose = closest !== undefined && distance(name.toLowerCase(), closest.toLowerCase()) <= name.length / 3;
  return isClose ? closest : undefined;
}

/** Levenshtein's: how many letters have to be added, left out or replaced to make one of the other. */
function distance(from: string, to: string): number {
  const wanted = [...to];
  let row = [0, ...wanted.map((_, at) => at + 1)];
  for (const [y, given] of [...from].entries()) {
    const next = [y + 1];
    for (const [x, letter] of wanted.entries()) {
      const replaced = row[x]! + (given === letter ? 0 : 1);
      next.push(Math.min(replaced, row[x + 1]! + 1, next[x]! + 1));
    }
    row = next;
  }
  return row.at(-1)!;
}
